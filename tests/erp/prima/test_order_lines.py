"""Items, units, charges and amounts of order lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.erp.prima.order_lines import charges, lines
from shared.errors import Rejected
from shared.model.sales_order import ItemCode
from tests.erp.prima.drafts import configuration, draft, line


def matrix(item: ItemCode, **known: Any) -> list[str]:
    (sent,) = lines(draft(lines=(replace(line(1), item=item),)), configuration(**known))
    return [str(sent.get(f"MtrxCode{number}", "")) for number in range(1, 5)]


@pytest.mark.parametrize(
    ("item", "known", "codes"),
    [
        (ItemCode("SHIRT-01"), {}, ["", "", "", ""]),
        (ItemCode("SHIRT-01", colour="RED", size="M"), {}, ["RED", "M", "", ""]),
        (ItemCode("S", configuration="C", size="M", colour="RED", style="S1"), {}, ["RED", "M", "C", "S1"]),
        (ItemCode("S", configuration="F", size="065"), {"matrix": ("configuration", "size")}, ["F", "065", "", ""]),
        (ItemCode("S", version="V1"), {"matrix": ("version",)}, ["V1", "", "", ""]),
    ],
)
def test_an_items_dimensions_are_its_matrix_codes(item: ItemCode, known: dict[str, Any], codes: list[str]) -> None:
    assert matrix(item, **known) == codes


@pytest.mark.parametrize(
    ("item", "known"),
    [
        (ItemCode("SHIRT-01", version="V1"), {}),
        (ItemCode("SHIRT-01", colour="RED", size="M"), {"matrix": ("size",)}),
    ],
)
def test_a_dimension_without_a_code_would_be_another_article(item: ItemCode, known: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as reason:
        matrix(item, **known)
    assert (reason.value.kind, reason.value.subject) == ("mapping_invalid", "items:item SHIRT-01")


@pytest.mark.parametrize(("unit", "fits"), [("pcs", True), ("PCS", True), ("", True), ("box", False)])
def test_an_order_line_has_no_unit_of_its_own(unit: str, fits: bool) -> None:
    one = draft(lines=(line(1, unit=unit),))
    if fits:
        assert lines(one, configuration())[0]["Quantity"] == 1
        return
    with pytest.raises(Rejected, match="ordered in box") as reason:
        lines(one, configuration())
    assert (reason.value.kind, reason.value.subject) == ("mapping_invalid", "items:item ITEM-001")


@pytest.mark.parametrize(
    ("price", "quantity", "unit_price", "amount", "told"),
    [
        ("unit", "4", "140", "560", "140"),
        ("line", "4", "140", "560", "560"),
        ("line", "3", "3.33", "9.99", "9.99"),
        ("unit", "3", "3.33", "9.99", "3.33"),
        ("line", "1", "0", "0", "0"),
    ],
)
def test_the_price_is_what_the_setting_says(price: str, quantity: str, unit_price: str, amount: str, told: str) -> None:
    one = line(1, quantity=quantity, price=unit_price)
    assert one.amount == Decimal(amount)
    (sent,) = lines(draft(lines=(one,)), configuration(price=price))
    assert (sent["Quantity"], sent["Price"]) == (Decimal(quantity), Decimal(told))


def test_shipping_fees_and_roundings_are_charges_by_their_code() -> None:
    others = (
        line(2, purpose="shipping", price="4.90"),
        line(3, purpose="shipping", price="1.00"),
        line(4, purpose="fee", price="1.50", unit="each"),
        line(5, purpose="rounding", price="0.01"),
    )
    sent = charges(draft(lines=(line(1), *others)))
    assert [(one["Charge"], one["ChargeValue"]) for one in sent] == [
        ("SHIPPING", Decimal("4.90")),
        ("SHIPPING", Decimal("1.00")),
        ("FEE", Decimal("1.50")),
        ("ROUNDING", Decimal("0.01")),
    ]
