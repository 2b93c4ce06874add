"""Shared pauses: what is down or throttled is left alone by every instance, and asked by one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.errors import Conflict
from shared.ports.own import Clock, Pause
from shared.store.columns import columns, needed_time, number, read, short, text
from shared.store.keys import join
from shared.store.tables import Delete, Insert, Operation, Replace, Row, Tables

TABLE = "control"
PARTITION = "pause"
FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)


@dataclass
class _Seen:
    """What this process saw last, and which scopes it is the probe of."""

    at: datetime | None = None
    pauses: dict[str, Pause] = field(default_factory=dict)
    probing: set[str] = field(default_factory=set)


class TablePauses:
    """The port `Pauses`. `held_for` is how old what it says may be, in the bridge's (accelerated) time.

    `until` and `probe_at` are the same moment: then the pause lets one unit of work through, which takes the probe
    by moving both on; a probe that dies is followed by the next one at that time.
    """

    def __init__(
        self, tables: Tables, clock: Clock, *, held_for: timedelta = timedelta(seconds=5), first: timedelta = FIRST
    ) -> None:
        self._tables = tables
        self._clock = clock
        self._held_for = held_for
        self._first = first
        self._seen = _Seen()
        self._reading = asyncio.Lock()

    async def standing(self, scopes: Sequence[str]) -> Pause | None:
        while True:
            pauses = await self._pauses()
            asked = [pauses[scope] for scope in scopes if scope in pauses]
            now = self._clock.now()
            if stands := next((pause for pause in asked if now < pause.probe_at), None):
                return stands
            try:
                for pause in asked:
                    await self._take_probe(pause)
            except Conflict:
                # Another instance took the probe first, or ended the pause: look again.
                self._seen.at = None
            else:
                return None

    async def begin(self, scope: str, *, cause: str, reason: str, retry_after: timedelta | None) -> Pause:
        """Many units of work may fail at once; only the probe, or one that meets a pause run out, lengthens it."""
        at_least = retry_after or timedelta(0)
        while True:
            row = await self._tables.get(TABLE, PARTITION, join(scope))
            if row is None:
                until = self._clock.now() + max(self._first, at_least)
                pause = Pause(scope, until, until, reason, cause)
            else:
                pause = self._next(_pause(row), at_least)
            try:
                written = await self._write(pause)
            except Conflict:
                continue
            self._seen.probing.discard(scope)
            return written

    def known(self, scope: str) -> bool:
        return scope in self._seen.pauses

    async def end(self, scope: str) -> bool:
        """A pause that changed since it was seen is left: it is about a later failure, and its own probe ends it."""
        pause = self._seen.pauses.pop(scope, None)
        self._seen.probing.discard(scope)
        if pause is None:
            return False
        try:
            await self._tables.commit(TABLE, PARTITION, [Delete(join(scope), pause.version)])
        except Conflict:
            return False
        return True

    async def _pauses(self) -> Mapping[str, Pause]:
        async with self._reading:
            now = self._clock.now()
            if self._seen.at is None or now - self._seen.at >= self._held_for:
                rows = await self._tables.query(TABLE, PARTITION)
                self._seen.pauses = {pause.scope: pause for pause in map(_pause, rows)}
                self._seen.probing.intersection_update(self._seen.pauses)
                self._seen.at = now
            return self._seen.pauses

    async def _take_probe(self, pause: Pause) -> None:
        until = self._clock.now() + self._wait(pause.doublings)
        await self._write(replace(pause, until=until, probe_at=until))
        self._seen.probing.add(pause.scope)

    def _next(self, before: Pause, at_least: timedelta) -> Pause:
        """A failure that met a standing pause was on its way before it began, and says nothing new."""
        now = self._clock.now()
        if now < before.probe_at and before.scope not in self._seen.probing:
            until = max(before.until, now + at_least)
            return replace(before, until=until, probe_at=until)
        doublings = before.doublings + 1
        until = now + max(self._wait(doublings), at_least)
        return replace(before, until=until, probe_at=until, doublings=doublings)

    def _wait(self, doublings: int) -> timedelta:
        return min(LONGEST, self._first * (1 << min(doublings, 20)))

    async def _write(self, pause: Pause) -> Pause:
        [version] = await self._tables.commit(TABLE, PARTITION, [_operation(pause)])
        written = replace(pause, version=version)
        self._seen.pauses[pause.scope] = written
        return written


def _operation(pause: Pause) -> Operation:
    values = columns(
        scope=pause.scope,
        until=pause.until,
        probe_at=pause.probe_at,
        reason=short(pause.reason),
        cause=pause.cause,
        doublings=pause.doublings,
    )
    row = join(pause.scope)
    return Insert(row, values) if pause.version is None else Replace(row, values, pause.version)


def _pause(row: Row) -> Pause:
    values = read(row)
    return Pause(
        scope=text(values, "scope"),
        until=needed_time(values, "until"),
        probe_at=needed_time(values, "probe_at"),
        reason=text(values, "reason"),
        cause=text(values, "cause"),
        doublings=number(values, "doublings"),
        version=row.version,
    )
