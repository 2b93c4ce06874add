"""Rows of stock: one that cannot be read hides no other, and is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.erp.prima.codec.sku import Sku
from shared.erp.prima.codec.stock_reply import Available, stock_reply
from shared.erp.prima.markup import Unreadable
from tests.erp.prima.codec.orders import result

KIND = "ProductAvailableToSell"
OK = ' RequestStatus="OK"'


def row(quantity: str, day: str = "", product: str = "STYLE1", name: str = "sku") -> str:
    return (
        f'<{name} AvailableDate="{day}" AvailableQuantity="{quantity}" MtrxCode1="F" MtrxCode2="050" '
        f'MtrxCode3="" MtrxCode4="" Product="{product}"/>'
    )


@pytest.mark.parametrize("name", ["sku", "SKU", "Sku"])
def test_the_rows_in_their_order(name: str) -> None:
    inside = f"<Data>{row('4', name=name)}{row('0', '20/12/2019', 'STYLE2', name)}</Data>"
    found = stock_reply(result(inside, kind=KIND, extra=OK), request_type=KIND)
    codes = ("F", "050", "", "")
    assert (found.ok, found.unreadable, found.company) == (True, 0, "1")
    assert found.rows == (
        Available(Sku("STYLE1", codes), Decimal(4)),
        Available(Sku("STYLE2", codes), Decimal(0), date(2019, 12, 20)),
    )


@pytest.mark.parametrize(
    ("text", "unreadable", "day"),
    [
        (row(""), 1, None),
        (row("four"), 1, None),
        (row("NaN"), 1, None),
        (row("1E9"), 1, None),
        (row("4", product=""), 1, None),
        ('<sku Product="STYLE1"/>', 1, None),
        (row("0", "31/02/2019"), 0, None),
        (row("0", "2019-12-20"), 0, None),
        (row("0", "01/02/2020"), 0, date(2020, 2, 1)),
    ],
)
def test_a_bad_row_hides_no_other(text: str, unreadable: int, day: date | None) -> None:
    inside = f"<Data>{text}{row('7', product='GOOD')}</Data>"
    found = stock_reply(result(inside, kind=KIND, extra=OK), request_type=KIND)
    assert found.unreadable == unreadable
    assert found.rows[-1].quantity == 7
    assert {one.expected for one in found.rows} == {day, None}


def test_an_error_is_none_of_the_rows() -> None:
    text = result('<RequestError Error="(E:1) closed"/>', kind=KIND, extra=' RequestStatus="ERROR"')
    found = stock_reply(text, request_type=KIND)
    assert (found.ok, found.rows, [error.code for error in found.errors]) == (False, (), ["E:1"])


def test_another_requests_reply_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        stock_reply(result("", kind="MultiAvailableToSell", extra=OK), request_type=KIND)


def test_articles_are_compared_without_case() -> None:
    assert Sku("Style", ("None", "", "", "")).key == Sku("STYLE", ("NONE", "", "", "")).key
    assert Sku("Style", ("F", "", "", "")).key != Sku("Style", ("", "F", "", "")).key
