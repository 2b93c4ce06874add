"""What a SKU takes from stock: its components, each with the item that is counted and its unit."""

from __future__ import annotations

from shared.model.mappings import MappingRow
from shared.model.offers import StockComponent
from shared.model.stock import StockItem, StockUnit
from shared.rules.items import Component, components
from shared.rules.mapping_lookup import OrderMappings, factor, text


def stock_components(
    mappings: OrderMappings, *, marketplace: str, sku: str, company: str
) -> tuple[StockComponent, ...]:
    """In the components' order, as they are ordered. Raises Refused, or Rejected (`mapping_missing`, `_invalid`)."""
    rows = mappings.components(marketplace, sku)
    ordered = components(mappings, marketplace=marketplace, sku=sku, company=company)
    return tuple(_component(row, part, company) for row, part in zip(rows, ordered, strict=True))


def _component(row: MappingRow, ordered: Component, company: str) -> StockComponent:
    unit = StockUnit(
        unit=text(row, "stock_unit") or ordered.unit.unit,
        numerator=factor(row, "stock_numerator"),
        denominator=factor(row, "stock_denominator"),
    )
    return StockComponent(ordered.number, StockItem(company, ordered.item), unit)
