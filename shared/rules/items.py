"""The ERP items that a SKU stands for: nearly always one, several for a set."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shared.model.mappings import MappingRow
from shared.model.sales_order import ItemCode
from shared.rules.mapping_lookup import OrderMappings, decimal, factor, integer, invalid, text
from shared.rules.reasons import all_of, ask
from shared.rules.units import OrderUnit


@dataclass(frozen=True, slots=True)
class Component:
    """`number` tells the components of a set apart; `share` is its part of the set's price, relative to the others."""

    number: str
    item: ItemCode
    unit: OrderUnit
    share: Decimal
    item_tax_group: str


def components(mappings: OrderMappings, *, marketplace: str, sku: str, company: str) -> tuple[Component, ...]:
    """What one SKU orders. Raises Refused, or Rejected (`mapping_missing`, `mapping_invalid`)."""
    rows = mappings.components(marketplace, sku)
    found = all_of(ask(_component, row, company) for row in rows)
    if not any(component.share for component in found):
        raise invalid(rows[0], "share", "is 0, as it is for every component of the set; share out the price")
    return found


def _component(row: MappingRow, company: str) -> Component:
    if text(row, "company") not in ("", company):
        raise invalid(row, "company", f"is not {company}, the company that this shop sells for")
    return Component(
        number=row.key[2],
        item=ItemCode(
            item=text(row, "item"),
            configuration=text(row, "configuration"),
            size=text(row, "size"),
            colour=text(row, "colour"),
            style=text(row, "style"),
            version=text(row, "version"),
        ),
        unit=_order_unit(row),
        share=decimal(row, "share"),
        item_tax_group=text(row, "item_tax_group"),
    )


def _order_unit(row: MappingRow) -> OrderUnit:
    return OrderUnit(
        unit=text(row, "order_unit"),
        numerator=factor(row, "order_numerator"),
        denominator=factor(row, "order_denominator"),
        decimals=integer(row, "unit_decimals"),
    )
