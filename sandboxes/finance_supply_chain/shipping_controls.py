"""What people do in the warehouse: pick and ship now, put tracking on a slip, correct one, and change its ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandboxes.finance_supply_chain import worlds
from sandboxes.finance_supply_chain.cancelling import referenced
from sandboxes.finance_supply_chain.edm import written
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.order_status import (
    delivered,
    goods,
    number,
    open_goods,
    refresh,
    remaining,
    slips_of,
)
from sandboxes.finance_supply_chain.packing_slips import Shipping, correct, lines_on, post, track, untrack
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.world import find
from sandboxes.server import Control
from sandboxes.warehouse.plan import Quantities
from sandboxes.warehouse.settings import WarehouseSettings


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

    def pick(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: the open goods are taken from their place; they cannot be deleted any more."""
        header = self._header(content)
        with self.installation.transaction(now):
            for line, _ in open_goods(self.installation, header):
                self.installation.pick(line)
            refresh(self.installation, header, now)
        return {}

    def ship(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "lines"?, "carrier"?, "service"?, "delivery_mode"?, "tracking"?, "company"?}`: `{"slip", "id"}`.

        `lines` maps references to quantities: all open goods without it; `tracking` is a number or a list of them.
        """
        header = self._header(content)
        wanted = self._wanted(header, content.get("lines"))
        way = Shipping(*(content.get(name, "") for name in ("carrier", "service", "delivery_mode")))
        self._check(header, way)
        with self.installation.transaction(now):
            slip = post(self.installation, header, wanted, way, now)
            for one in _listed(content.get("tracking", [])):
                track(self.installation, slip, one, now)
        return _named(slip)

    def track(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "tracking", "slip"?, "anew"?, "company"?}`: on the order's last slip where none is named.

        `tracking` is a number or a list of them; with `anew` they replace those that are there.
        """
        header = self._header(content)
        slips = slips_of(self.installation, header)
        slip = _last([one for one in slips if content.get("slip") in (None, one.text("PackingSlipId"))])
        with self.installation.transaction(now):
            if content.get("anew"):
                untrack(self.installation, slip, now)
            for one in _listed(content["tracking"]):
                track(self.installation, slip, one, now)
        return _named(slip)

    def correct_slip(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"slip", "lines" {reference: quantity that should have been}, "company"?}`: `{"slip", "id"}` of the version.

        A version is told from the one before by its CreatedOn, so it comes a second later at the earliest.
        """
        slip = self._slip(content)
        header = self.installation.header(slip.text("dataAreaId"), slip.text("SalesId"))
        assert header is not None, "an order that has left stays"
        if now.replace(microsecond=0) <= slip.created:
            raise ValueError("a correction comes at least a second after what it corrects")
        quantities = self._corrected(header, slip, content["lines"])
        with self.installation.transaction(now):
            return _named(correct(self.installation, header, slip, quantities, now))

    def warehouse(self, content: Mapping[str, Any], _: datetime) -> Any:
        """Settings of `WarehouseSettings` by name; `{"ships_after_seconds": 0}` turns the warehouse off."""
        known = {one.name for one in fields(WarehouseSettings)}
        if set(content) - known:
            raise ValueError(f"{sorted(set(content) - known)} is none of {', '.join(sorted(known))}")
        worlds.overridden(self.installation.world, content)
        return {}

    def _company(self, content: Mapping[str, Any]) -> str:
        return str(content.get("company", self.installation.world.default_company))

    def _header(self, content: Mapping[str, Any]) -> Row:
        header = self.installation.header(self._company(content), content["number"])
        if header is None:
            raise ValueError(f"there is no sales order {content['number']}")
        return header

    def _slip(self, content: Mapping[str, Any]) -> Row:
        rows = self.installation.tables["slips"].found([("PackingSlipId", content["slip"])])
        return _last([one for one in rows if one.text("dataAreaId") == self._company(content)])

    def _wanted(self, header: Row, named: Mapping[str, Any] | None) -> Quantities[Row]:
        order, available = header.text("SalesOrderNumber"), open_goods(self.installation, header)
        if header.values["IsSalesProcessingStopped"] == "Yes":
            raise ValueError(f"sales order {order} is stopped")
        if named is None and not available:
            raise ValueError(f"nothing of sales order {order} is open")
        if named is None:
            return available
        return [self._part(available, reference, Decimal(str(wanted))) for reference, wanted in named.items()]

    def _part(self, available: Quantities[Row], reference: str, wanted: Decimal) -> tuple[Row, Decimal]:
        line = referenced([line for line, _ in available], reference)
        rest = remaining(self.installation, line)
        if not 0 < wanted <= rest:
            raise ValueError(f"of {reference} {written(rest)} is open, not {written(wanted)}")
        return line, wanted

    def _check(self, header: Row, way: Shipping) -> None:
        company = self.installation.world.company(header.text("dataAreaId"))
        assert company is not None, "orders are only taken for companies that exist"
        if way.carrier and find(company.carriers, way.carrier) is None:
            raise ValueError(f"there is no carrier {way.carrier}")
        if way.delivery_mode and find(company.delivery_modes, way.delivery_mode) is None:
            raise ValueError(f"there is no mode of delivery {way.delivery_mode}")

    def _corrected(self, header: Row, slip: Row, named: Mapping[str, Any]) -> dict[str, Decimal]:
        lots = {row.text("InventTransId") for row in lines_on(self.installation, slip)}
        lines = [line for line in goods(self.installation, header) if line.text("InventoryLotId") in lots]
        quantities = {}
        for reference, content in named.items():
            line, quantity = referenced(lines, reference), Decimal(str(content))
            elsewhere = delivered(self.installation, line, but=slip.text("PackingSlipId"))
            least = max(Decimal(0), self.installation.invoiced_of(line) - elsewhere)
            if not least <= quantity <= number(line, "OrderedSalesQuantity") - elsewhere:
                raise ValueError(f"{written(quantity)} of {reference} cannot have left")
            quantities[line.text("InventoryLotId")] = quantity
        return quantities


def _last(slips: list[Row]) -> Row:
    if not slips:
        raise ValueError("there is no such packing slip")
    return slips[-1]


def _named(slip: Row) -> dict[str, Any]:
    return {"slip": slip.text("PackingSlipId"), "id": slip.values["SourceDocumentHeader"]}


def _listed(tracking: Any) -> list[str]:
    return [tracking] if isinstance(tracking, str) else list(tracking)
