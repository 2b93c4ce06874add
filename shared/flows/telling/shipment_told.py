"""What Mirakl's answers make of an order's shipments: created, followed by tracking, or found there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.flows.telling.shipment_cases import Case, Follow
from shared.model.order import Order
from shared.model.shipment import Carrier, NewShipment, Shipment, ShownShipment
from shared.rules.order_states import kept_lines
from shared.rules.telling import as_told, units


def created(case: Case, new: NewShipment, id_: str, now: datetime) -> Case:
    one = replace(case.found(new.package), told=now, marketplace_id=id_)
    if not new.shipped:
        return case.told(one, f"{new.package} created in Mirakl, not shipped yet")
    one = replace(one, told_lines=as_told(new.lines), told_tracking=new.tracking)
    return case.told(one, f"{new.package} told, carried by {_name(new.carrier)}")


def followed(case: Case, follow: Follow, now: datetime) -> Case:
    one = case.found(follow.document)
    tracked = replace(one, told=one.told or now, told_tracking=follow.number)
    if not follow.ship:
        return case.told(tracked, f"{follow.document}: its new tracking told")
    lines = as_told(units(case.order, one, case.shipments))
    return case.told(
        replace(tracked, told_lines=lines), f"{follow.document} told shipped, carried by {_name(follow.carrier)}"
    )


def adopted(case: Case, shown: Iterable[ShownShipment], now: datetime) -> Case:
    """What Mirakl shows under our package references was told, whatever became of the answers."""
    standing = [one for one in shown if one.order_id == case.key.order and one.state != "cancelled"]
    for one in case.shipments:
        there = next((it for it in standing if _is(one, it)), None)
        if there is not None:
            case = _adopt(case, one, there, now)
    return replace(case, unsettled=False)


def _is(one: Shipment, there: ShownShipment) -> bool:
    return one.marketplace_id == there.id if one.marketplace_id else one.erp.document in there.packages


def _adopt(case: Case, one: Shipment, there: ShownShipment, now: datetime) -> Case:
    lines = one.told_lines or as_told(units(_before_it_left(case.order), one, case.shipments))
    lines = lines if there.state == "shipped" else ()
    known = replace(one, told=one.told or now, told_lines=lines, marketplace_id=there.id)
    known = replace(known, told_tracking=there.tracking if lines else "")
    return case if known == one else case.told(known, f"{one.erp.document} found in Mirakl, {there.state}")


def _before_it_left(order: Order) -> Order:
    """OR11 may show lines shipped by now, by the very call whose answer was lost: they were to ship then."""
    kept = {line.id for line in kept_lines(order.lines)}
    lines = (replace(line, state="SHIPPING") if line.id in kept else line for line in order.lines)
    return replace(order, lines=tuple(lines))


def _name(carrier: Carrier | None) -> str:
    return "" if carrier is None else carrier.code or carrier.name
