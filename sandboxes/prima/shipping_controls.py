"""What people do in the warehouse: pick and ship now, put tracking on a consignment, correct one, change its ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandboxes.prima import worlds
from sandboxes.prima.cancelling import referenced
from sandboxes.prima.despatch_settings import DespatchSettings
from sandboxes.prima.despatching import Way, correct, despatch, track, untrack
from sandboxes.prima.installation import Installation
from sandboxes.prima.orders import NOTHING, Despatch, Line, Order
from sandboxes.prima.world import known
from sandboxes.server import Control
from sandboxes.warehouse.plan import Quantities


def shipping_controls(installation: Installation) -> Mapping[str, Control]:
    """Each raises ValueError for what the installation would refuse."""
    hands = ShippingHands(installation)
    return {
        "pick": hands.pick,
        "ship": hands.ship,
        "track": hands.track,
        "correct_slip": hands.correct_slip,
        "warehouse": hands.warehouse,
    }


class ShippingHands:
    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    def pick(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"number", "company"?}`: the open goods are taken from their place; the order cannot be deleted any more."""
        for line, _quantity in self._order(content).open_goods():
            line.picked = True
        return {}

    def ship(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "lines"?, "carrier"?, "service"?, "tracking"?, "company"?}`: `{"slip" (consignment), "id"}`.

        `lines` maps references to quantities: all open goods without it; `tracking` is a number or a list of them.
        """
        order = self._order(content)
        wanted = self._wanted(order, content.get("lines"))
        way = Way(content.get("carrier", ""), content.get("service", ""))
        self._check(order, way)
        numbers = _listed(content.get("tracking", []))
        return _named(despatch(self.installation, order, wanted, way, now, numbers=numbers))

    def track(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "tracking", "slip"?, "anew"?, "company"?}`: on the order's last consignment where none is named.

        `tracking` is a number or a list of them; with `anew` they replace those that are there.
        """
        order = self._order(content)
        sent = _last([one for one in order.despatches if content.get("slip") in (None, one.consignment)])
        if content.get("anew"):
            untrack(sent, now)
        track(self.installation, order, sent, _listed(content["tracking"]), now)
        return _named(sent)

    def correct_slip(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"slip", "lines" {reference: what should have been}, "company"?}`: of the version `{"slip", "id"}`."""
        order, sent = self._sent(content)
        if now <= sent.created:
            raise ValueError("a correction comes after what it corrects")
        quantities = _corrected(order, sent, content["lines"])
        return _named(correct(self.installation, order, sent, quantities, now))

    def warehouse(self, content: Mapping[str, Any], _: datetime) -> Any:
        """Settings of `DespatchSettings` by name; `{"ships_after_seconds": 0}` turns the warehouse off."""
        names = {one.name for one in fields(DespatchSettings)}
        if set(content) - names:
            raise ValueError(f"{sorted(set(content) - names)} is none of {', '.join(sorted(names))}")
        worlds.overridden(self.installation.world, content)
        return {}

    def _company(self, content: Mapping[str, Any]) -> str:
        return str(content.get("company", self.installation.world.default_company))

    def _order(self, content: Mapping[str, Any]) -> Order:
        order = self.installation.order(self._company(content), content["number"])
        if order is None:
            raise ValueError(f"there is no order {content['number']}")
        return order

    def _sent(self, content: Mapping[str, Any]) -> tuple[Order, Despatch]:
        company, consignment = self._company(content), content["slip"]
        for order in self.installation.ever:
            if order.company == company and order.versions(consignment):
                return order, order.versions(consignment)[-1]
        raise ValueError("there is no such consignment")

    def _wanted(self, order: Order, named: Mapping[str, Any] | None) -> Quantities[Line]:
        available = order.open_goods()
        if order.held:
            raise ValueError(f"order {order.number} is held")
        if named is None and not available:
            raise ValueError(f"nothing of order {order.number} is open")
        if named is None:
            return available
        return [_part(order, reference, Decimal(str(wanted))) for reference, wanted in named.items()]

    def _check(self, order: Order, way: Way) -> None:
        company = self.installation.world.company(order.company)
        assert company is not None, "orders are only taken for companies that exist"
        if way.carrier and not known(company.carriers, way.carrier):
            raise ValueError(f"there is no carrier {way.carrier}")


def _part(order: Order, reference: str, wanted: Decimal) -> tuple[Line, Decimal]:
    line = referenced(order, reference)
    if not line.stocked or not 0 < wanted <= line.remaining:
        raise ValueError(f"of {reference} {line.remaining} is open, not {wanted}")
    return line, wanted


def _corrected(order: Order, sent: Despatch, named: Mapping[str, Any]) -> dict[Line, Decimal]:
    quantities = {}
    for reference, content in named.items():
        line, quantity = referenced(order, reference), Decimal(str(content))
        elsewhere = line.despatched - sent.quantity(line)
        least = max(NOTHING, line.invoiced - elsewhere)
        if not least <= quantity <= line.quantity - line.cancelled - elsewhere:
            raise ValueError(f"{quantity} of {reference} cannot have left")
        quantities[line] = quantity
    return quantities


def _last(sent: list[Despatch]) -> Despatch:
    if not sent:
        raise ValueError("there is no such consignment")
    return sent[-1]


def _named(sent: Despatch) -> dict[str, Any]:
    return {"slip": sent.consignment, "id": sent.id}


def _listed(tracking: Any) -> list[str]:
    return [tracking] if isinstance(tracking, str) else list(tracking)
