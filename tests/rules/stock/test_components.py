"""What a SKU takes from stock, and what its sold lines do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.errors import Rejected
from shared.model.sales_order import ItemCode
from shared.model.stock import StockItem, StockUnit
from shared.rules.stock.components import stock_components
from shared.rules.stock.order_lines import line_parts, remaining
from tests.builders import item_row, mappings, order
from tests.builders import line as order_line
from tests.rules.stock.builders import in_erp

D = Decimal
ROWS = mappings(
    add=(
        item_row("PAIR", item="ITEM-101", component="1", colour="RED"),
        item_row("PAIR", item="ITEM-102", component="2", stock_unit="BOX", stock_numerator="12"),
    )
)


def test_components_with_their_stock_units() -> None:
    first, second = stock_components(ROWS, marketplace="north", sku="PAIR", company="usmf")
    assert (first.number, first.item) == ("1", StockItem("usmf", ItemCode("ITEM-101", colour="RED")))
    assert (first.unit, second.unit) == (StockUnit("PCS"), StockUnit("BOX", D(12), D(1)))


def test_a_sku_that_nobody_mapped() -> None:
    with pytest.raises(Rejected) as raised:
        stock_components(ROWS, marketplace="north", sku="NOBODY", company="usmf")
    assert raised.value.kind == "mapping_missing"


@pytest.mark.parametrize(
    ("state", "cancelled", "units"),
    [
        ("STAGING", 0, 3),
        ("WAITING_ACCEPTANCE", 0, 3),
        ("WAITING_DEBIT_PAYMENT", 0, 3),
        ("SHIPPING", 0, 3),
        ("SHIPPING", 1, 2),
        ("SHIPPING", 4, 0),
        ("SOMETHING_NEW", 0, 3),
        ("RECEIVED", 0, 3),
        ("REFUSED", 0, 0),
        ("CANCELED", 0, 0),
    ],
)
def test_what_remains_of_a_line(state: str, cancelled: int, units: int) -> None:
    assert remaining(replace(order_line(state=state, quantity=3), cancelled_quantity=D(cancelled))) == units


def test_a_sold_set_takes_of_each_component_in_its_own_unit() -> None:
    parts = stock_components(ROWS, marketplace="north", sku="PAIR", company="usmf")
    bought = order(lines=[order_line(sku="PAIR", quantity=6)])
    one, two = line_parts(bought, bought.lines[0], components=parts, warehouse="11", erp={"2": in_erp("0.5")})
    assert [(each.part, each.remains, each.erp.state) for each in (one, two)] == [
        ("1", D(6), "none"),
        ("2", D("0.5"), "created"),
    ]
    assert (one.key, one.line, one.warehouse, one.placed) == (bought.key, bought.lines[0].id, "11", bought.created)
