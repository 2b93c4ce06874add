"""What a person types in: an order, another quantity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandboxes.prima.attributes import CONSENTS
from sandboxes.prima.catalogue import sku_of
from sandboxes.prima.installation import Installation
from sandboxes.prima.new_order import HEADER
from sandboxes.prima.orders import Line, Order
from sandboxes.prima.world import Company

_CENT = Decimal("0.01")


def enter(installation: Installation, company: Company, content: Mapping[str, Any], now: datetime) -> Order:
    """See `controls.Hands.enter_order`; lines are of products without matrix codes, at no price."""
    if installation.order(company.id, content["number"]) is not None:
        raise ValueError(f"there is an order {content['number']} already")
    wanted = enumerate(content.get("lines", {"ITEM-001": 1}).items(), 1)
    order = Order(
        company=company.id,
        number=content["number"],
        tpguid=content.get("reference", ""),
        customer_ref=content.get("reference", ""),
        customer=content.get("customer", ""),
        unique_id="",
        currency=content.get("currency", next(iter(company.price_books))),
        vat_inclusive=True,
        held=False,
        country="",
        label={},
        header=dict.fromkeys(("OrderChannel", *HEADER), ""),
        consents=dict.fromkeys(CONSENTS, ""),
        lines=[_line(company, position, item, quantity, now) for position, (item, quantity) in wanted],
        charges=(),
        payments=(),
        created=now,
    )
    installation.enter(order)
    return order


def change_line(line: Line, quantity: Decimal, now: datetime) -> None:
    """The amount goes with it. Raises ValueError below what has left or was cancelled."""
    if quantity <= 0 or quantity < line.despatched + line.cancelled:
        raise ValueError(f"line {line.number} cannot be {quantity}: some of it has left or was cancelled")
    line.amount = (line.amount * quantity / line.quantity).quantize(_CENT, ROUND_HALF_UP)
    line.quantity = quantity
    line.changed = now


def _line(company: Company, position: int, item: str, quantity: Any, now: datetime) -> Line:
    found = sku_of(company, {"Product": item})
    if found is None:
        raise ValueError(f"there is no product {item} without matrix codes")
    number, nothing = Decimal(str(quantity)), Decimal(0)
    stocked = found.product.stocked
    return Line(
        position,
        found.product.code,
        found.codes,
        number,
        nothing,
        nothing,
        "",
        "",
        "",
        stocked=stocked,
        created=now,
        changed=now,
    )
