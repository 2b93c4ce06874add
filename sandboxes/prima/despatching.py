"""Despatching: consignments and their corrections, tracking numbers, and the rows that the warehouse writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sandboxes.prima.despatch_rows import DespatchRow
from sandboxes.prima.installation import Installation
from sandboxes.prima.orders import Despatch, Line, Order, Tracking
from sandboxes.prima.world import find
from sandboxes.warehouse.plan import Quantities


@dataclass(frozen=True, slots=True)
class Way:
    """Empty parts are filled in from the order, then from the warehouse and the carrier's first service."""

    carrier: str = ""
    service: str = ""


def despatch(
    installation: Installation,
    order: Order,
    wanted: Quantities[Line],
    way: Way,
    now: datetime,
    *,
    numbers: Sequence[str] = (),
) -> Despatch:
    """The new consignment, with the tracking numbers that are known. `wanted` is no more than is open of the order."""
    tracking = [Tracking(one, now) for one in dict.fromkeys(numbers)]
    consignment = f"CN{installation.next_number('consignment'):06}"
    for line, quantity in wanted:
        line.despatched += quantity
        line.changed = now
    return _version(installation, order, consignment, wanted, _completed(installation, order, way), tracking, now)


def correct(
    installation: Installation, order: Order, before: Despatch, quantities: Mapping[Line, Decimal], now: datetime
) -> Despatch:
    """The consignment's next version; `quantities` is what should have been, other lines stay as they are."""
    wanted = [(line, quantities.get(line, quantity)) for line, quantity in before.lines]
    for line, quantity in wanted:
        line.despatched += quantity - before.quantity(line)
        line.changed = now
    way = Way(before.carrier, before.service)
    return _version(installation, order, before.consignment, wanted, way, before.tracking, now)


def track(installation: Installation, order: Order, sent: Despatch, numbers: Sequence[str], now: datetime) -> None:
    """Put tracking numbers on a consignment; one that is there already stays as it is."""
    there = sent.numbers(now)
    sent.tracking.extend(Tracking(one, now) for one in numbers if one not in there)
    _write(installation, order, sent, now)


def untrack(sent: Despatch, now: datetime) -> None:
    for one in sent.tracking:
        one.until = one.until or now


def _completed(installation: Installation, order: Order, way: Way) -> Way:
    own = order.header.get("Carrier", "")
    carrier = way.carrier or own or installation.world.carrier
    company = installation.world.company(order.company)
    services = find(company.carriers, carrier) if company is not None else None
    service = order.header.get("CarrServ", "") if carrier == own else ""
    return Way(carrier, way.service or service or (services[0] if services else ""))


def _version(
    installation: Installation,
    order: Order,
    consignment: str,
    wanted: Quantities[Line],
    way: Way,
    tracking: list[Tracking],
    now: datetime,
) -> Despatch:
    made = Despatch(
        id=installation.next_number("despatch"),
        consignment=consignment,
        carrier=way.carrier,
        service=way.service,
        lines=list(wanted),
        created=now,
        visible_from=now + timedelta(seconds=installation.world.visible_after_seconds),
        tracking=tracking,
    )
    order.despatches.append(made)
    _write(installation, order, made, now)
    return made


def _write(installation: Installation, order: Order, sent: Despatch, now: datetime) -> None:
    """One row per line, with what is true now."""
    for line, quantity in sent.lines:
        installation.rows.append(
            DespatchRow(
                position=len(installation.rows) + 1,
                company=order.company,
                visible_from=max(now, sent.visible_from),
                number=order.number,
                consignment=sent.consignment,
                product=line.product,
                codes=line.codes,
                reference=line.reference,
                quantity=quantity,
                carrier=sent.carrier,
                service=sent.service,
                tracking=tuple(sent.numbers(now)),
                despatched=sent.created,
            )
        )
