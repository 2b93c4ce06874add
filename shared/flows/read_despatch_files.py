"""Despatch files that a warehouse drops: each row in effect once, each file moved only after its rows are stored.

Two instances at once, and a file that is read twice, change nothing: an order's consignment is on record once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Conflict, Rejected, Transient
from shared.exceptions import opened
from shared.flows.despatching.put_on_record import put_on_record
from shared.flows.despatching.sorted_rows import Owner, by_owner
from shared.flows.despatching.whose_row import whose
from shared.flows.leaving.record_shipments import Ports
from shared.model.despatch import DespatchSetting
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.shop import Shop
from shared.ports.own import Change, DespatchFile, DespatchFiles
from shared.rules import despatch_rows
from shared.rules.despatch_rows import Refused, Rows, Unreadable
from shared.telemetry import event

MOST = 50
"""Files of one run; what follows is the next run's."""
IN_DOUBT = timedelta(hours=24)
"""How long after its last change a file waits for orders of which nobody knows yet whether they stand in the ERP."""
_NAMED = 20
_ATTEMPTS = 3
_STEP = "poll_shipments"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run works with."""

    shops: Mapping[str, Shop]
    setting: DespatchSetting
    policy: ShippingPolicy
    files: DespatchFiles
    ports: Ports


async def run(reading: Reading) -> int:
    """How many files were dealt with. One that cannot be is read again, and hides no other.

    Raises Transient where the files cannot be reached.
    """
    waiting = await reading.files.waiting(MOST)
    settled = [one for one in waiting if one.changed + reading.setting.settled_after <= reading.ports.clock.now()]
    return sum([await _dealt_with(one, reading) for one in settled])


async def _dealt_with(file: DespatchFile, reading: Reading) -> bool:
    try:
        rows = despatch_rows.read(file.content, reading.setting, name=file.name, changed=file.changed)
    except Unreadable as problem:
        reason = Rejected("despatch_row_refused", subject=file.name, reason=f"{file.name} cannot be read: {problem}")
        if await _tell(OrderKey(BRIDGE_SHOP, ""), [reason], reading.ports):
            await reading.files.rejected(file)
            return True
        return False
    try:
        stored = await _stored(file, rows, reading)
    except Transient as problem:
        event("despatch_file_postponed", reason=type(problem).__name__)
        return False
    if stored:
        await reading.files.done(file)
    return stored


async def _stored(file: DespatchFile, rows: Rows, reading: Reading) -> bool:
    """Whether every row is on record, or a person knows of it. Raises Transient."""
    ports, setting = reading.ports, reading.setting
    owners = await _owners({row.order for row in rows.good} | {one.order for one in rows.refused}, reading)
    patient = ports.clock.now() < file.changed + IN_DOUBT
    found = by_owner(rows, owners, patient=patient, tells_of_unknown=setting.unknown_orders == "refuse")
    taken = await put_on_record(found.ours, reading.shops, policy=reading.policy, ports=ports)
    refused = {key: list(told) for key, told in taken.refused.items()}
    for key, told in found.refused.items():
        refused.setdefault(key, []).extend(told)
    known = [await _tell(key, [_reason(*one) for one in told], ports) for key, told in refused.items()]
    if found.nobodys:
        known.append(await _tell(OrderKey(BRIDGE_SHOP, ""), [_of_file(file, found.nobodys)], ports))
    return all(known) and taken.stored >= found.ours.keys() and not found.waits


async def _owners(orders: Iterable[str], reading: Reading) -> Mapping[str, Owner]:
    ports = reading.ports
    return {
        order: await whose(order, reading.shops, lookup=ports.lookup, progress=ports.progress) if order else "unknown"
        for order in orders
    }


def _reason(place: str, why: str) -> Rejected:
    return Rejected("despatch_row_refused", subject=place, reason=f"{place} {why}")


def _of_file(file: DespatchFile, refused: Sequence[Refused]) -> Rejected:
    """One exception a file: a warehouse may ship for others, too."""
    named = "; ".join(f"{one.place.removeprefix(file.name).strip()} {one.reason}" for one in refused[:_NAMED])
    more = f"; and {len(refused) - _NAMED} more" if len(refused) > _NAMED else ""
    return Rejected("despatch_row_refused", subject=file.name, reason=f"{file.name}: {named}{more}")


async def _tell(key: OrderKey, reasons: Sequence[Rejected], ports: Ports) -> bool:
    """Each once, as long as it stands. False: our store failed, or somebody wrote at every look."""
    try:
        for _ in range(_ATTEMPTS):
            stand = (await ports.progress.load(key)).exceptions
            known = {(one.kind, one.subject) for one in stand}
            new = [one for one in reasons if (one.kind, one.subject) not in known]
            told = tuple(opened(key, one, step=_STEP, now=ports.clock.now()) for one in new)
            try:
                if told:
                    await ports.progress.commit(key, Change(opened=told))
            except Conflict:
                continue
            return True
    except Transient as problem:
        event("despatch_row_not_told", reason=type(problem).__name__)
    return False
