"""What an OR11 answer shows is put on record, chunk by chunk; acceptance never depends on a store of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from shared.errors import Conflict, Rejected, Transient
from shared.exceptions import opened
from shared.flows.at_once import at_once
from shared.flows.sighting.seen_order import Seen, decide, ids
from shared.model.keys import OrderKey
from shared.model.order import Sighting
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.model.steps import StepMessage
from shared.ports.marketplace import Page
from shared.ports.own import Change, Clock, Outbox, Progress, WorkList
from shared.rules import order_states as states
from shared.telemetry import event

_CHUNK = 25
_ATTEMPTS = 3

AcceptNow = Callable[[StepMessage, tuple[str, ...]], Awaitable[object]]
"""Runs acknowledge_order here and now, with the lines that wait."""


@dataclass(frozen=True, slots=True)
class Ports:
    progress: Progress
    work: WorkList
    outbox: Outbox
    accept_now: AcceptNow
    clock: Clock


async def run(shop: Shop, page: Page, *, policy: CreationPolicy, ports: Ports) -> bool:
    """Put every sighting on record and send what it calls for; False when something could not be stored."""
    # What waits for acceptance goes first, so that a slow page delays no acceptance.
    shown = [replace(one, seen=page.asked) for one in page.sightings]
    first = sorted(shown, key=lambda one: not states.waiting_lines(one.lines))
    desk = _Desk(shop, policy, ports)
    whole = True
    for start in range(0, len(first), _CHUNK):
        whole &= await desk.store(first[start : start + _CHUNK])
    for reason in page.skipped:
        whole &= await _record_skipped(shop, reason, ports)
    return whole


@dataclass(frozen=True, slots=True)
class _Desk:
    """One shop's orders on their way to our records."""

    shop: Shop
    policy: CreationPolicy
    ports: Ports

    async def store(self, sightings: Sequence[Sighting]) -> bool:
        """Rows of open work before the truth that they point to, all in one request, and removals after it."""
        seen = await at_once(sightings, self._look)
        placed = await self._put(seen)
        stored = await at_once(zip(sightings, placed, strict=True), lambda pair: self._commit(*pair))
        await self._remove(sightings, stored)
        messages = [message for each in stored if each is not None for message in each.messages]
        for one, each in zip(sightings, stored, strict=True):
            if each is None:
                messages += self._acceptance_anyway(one)
        await _send(messages, sightings, self.ports)
        return None not in stored

    async def _look(self, sighting: Sighting, refused: Rejected | None = None) -> Seen | None:
        """None: our store failed."""
        try:
            record = await self.ports.progress.load(self._key(sighting))
        except Transient:
            return None
        return decide(sighting, record, shop=self.shop, policy=self.policy, now=self.ports.clock.now(), refused=refused)

    async def _put(self, seen: Sequence[Seen | None]) -> Sequence[Seen | None]:
        """Where the rows cannot be put, what needs one is not stored either."""
        works = [each.work for each in seen if each is not None and each.work is not None]
        if not works:
            return seen
        try:
            await self.ports.work.put(works)
        except Transient:
            return [None if each is None or each.work is not None else each for each in seen]
        return seen

    async def _commit(self, sighting: Sighting, seen: Seen | None) -> Seen | None:
        """None: our store failed. A conflict means that someone wrote meanwhile: read again, decide again."""
        refused = None
        for _ in range(_ATTEMPTS):
            if seen is None:
                return None
            try:
                if seen.change is not None:
                    await self.ports.progress.commit(self._key(sighting), seen.change)
            except Conflict:
                pass
            except Transient:
                return None
            except Rejected as reason:
                sighting, refused = replace(sighting, snapshot=None), reason
            else:
                return seen
            [seen] = await self._put([await self._look(sighting, refused)])
        return None

    async def _remove(self, sightings: Sequence[Sighting], stored: Sequence[Seen | None]) -> None:
        """A row too many is harmless: `watch` finds nothing open behind it."""
        over = [self._key(one) for one, each in zip(sightings, stored, strict=True) if each is not None and each.over]
        if not over:
            return
        try:
            await self.ports.work.remove(over)
        except Transient:
            event("open_work_not_removed", shop=self.shop.id, orders=len(over))

    def _acceptance_anyway(self, sighting: Sighting) -> list[StepMessage]:
        """No store of ours may stop an acceptance: its message goes out although nothing could be recorded."""
        due = sighting.created >= self.shop.orders_from and bool(states.waiting_lines(sighting.lines))
        return [StepMessage("acknowledge_order", self.shop.id, sighting.order_id, 1, sighting.seen)] if due else []

    def _key(self, sighting: Sighting) -> OrderKey:
        return OrderKey(self.shop.id, sighting.order_id)


async def _send(messages: Sequence[StepMessage], sightings: Sequence[Sighting], ports: Ports) -> None:
    """If the bus fails, acceptance happens here; every other step is sent again by `watch`."""
    if not messages:
        return
    try:
        await ports.outbox.send(messages)
    except Transient:
        event("send_failed", messages=len(messages))
        lines = {one.order_id: ids(states.waiting_lines(one.lines)) for one in sightings}
        for message in messages:
            if message.step == "acknowledge_order":
                await ports.accept_now(message, lines.get(message.order, ()))


async def _record_skipped(shop: Shop, reason: str, ports: Ports) -> bool:
    """A record without an order id: it hides nothing else, and integration hears of it. False: our store failed."""
    key, now = OrderKey(shop.id, ""), ports.clock.now()
    rejected = Rejected("order_unreadable", subject="order_id", reason=reason)
    try:
        record = await ports.progress.load(key)
        if not any(one.identity == (rejected.kind, rejected.subject) for one in record.exceptions):
            await ports.progress.commit(key, Change(opened=(opened(key, rejected, step="poll_orders", now=now),)))
    except Conflict:
        return True  # another instance told of it
    except Transient:
        return False
    return True
