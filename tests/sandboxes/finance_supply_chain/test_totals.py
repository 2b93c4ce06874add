"""The totals job: when totals appear, what they come to, and when they are gone again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import Caller, line

NAMES = ("AreTotalsCalculated", "OrderTotalAmount", "OrderTotalTaxAmount")


def totals(caller: Caller) -> tuple[Any, ...]:
    (order,) = caller.get("SalesOrderHeadersV3")["value"]
    return tuple(order[name] for name in NAMES)


def test_totals_appear_only_when_the_job_runs_on_its_schedule() -> None:
    caller = Caller()
    caller.order()

    assert totals(caller) == ("No", 0, 0)
    caller.later(569)
    assert totals(caller) == ("No", 0, 0)
    caller.later(1)
    assert totals(caller) == ("Yes", Decimal("39.8"), Decimal("6.63"))


def test_an_order_that_was_changed_after_the_run_waits_for_the_next() -> None:
    caller = Caller()
    caller.later(600)
    caller.order()

    assert totals(caller)[0] == "No"
    caller.later(600)
    assert totals(caller)[0] == "Yes"


def test_without_a_schedule_the_job_runs_when_it_is_told_to() -> None:
    caller = Caller({"totals_every_seconds": 0})
    caller.order()
    caller.later(3000)
    assert totals(caller)[0] == "No"

    assert controls(caller.sandbox)["run_totals"]({}, caller.now) == {"calculated": 1}
    assert totals(caller)[0] == "Yes"
    assert controls(caller.sandbox)["run_totals"]({}, caller.now) == {"calculated": 0}


def test_another_line_takes_the_totals_back_and_a_hold_does_not() -> None:
    caller = Caller()
    number = caller.order()
    caller.later(600)
    path = f"SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='{number}')?cross-company=true"
    assert caller.call("PATCH", path, {"IsSalesProcessingStopped": "Yes"}).status == 204
    assert totals(caller)[0] == "Yes"

    caller.create("SalesOrderLinesV3", line())
    assert totals(caller) == ("No", 0, 0)


@pytest.mark.parametrize(
    ("changes", "lines", "total", "tax"),
    [
        ({}, [{}], "39.80", "6.63"),
        ({"ArePricesIncludingSalesTax": "No"}, [{}], "47.76", "7.96"),
        ({"ArePricesIncludingSalesTax": "No", "SalesTaxGroupCode": "EXEMPT"}, [{}], "39.80", "0"),
        ({"ArePricesIncludingSalesTax": "No"}, [{}, {"SalesTaxItemGroupCode": "RED"}], "89.75", "10.15"),
        ({"ArePricesIncludingSalesTax": "No"}, [{"SalesTaxGroupCode": "DE"}], "47.36", "7.56"),
        ({"ArePricesIncludingSalesTax": "No"}, [{"SalesTaxItemGroupCode": "ZERO"}], "39.80", "0"),
    ],
    ids=["included", "excluded", "exempt", "two rates", "line's own group", "no common code"],
)
def test_the_tax_comes_from_the_groups_that_meet(
    changes: dict[str, Any], lines: list[dict[str, Any]], total: str, tax: str
) -> None:
    caller = Caller()
    caller.order(*(line(**one) for one in lines), **changes)
    caller.later(600)

    assert totals(caller) == ("Yes", Decimal(total), Decimal(tax))


@pytest.mark.parametrize(("rounding", "tax"), [("order", "0.02"), ("line", "0.03")])
def test_tax_is_rounded_once_or_line_by_line_as_set_up(rounding: str, tax: str) -> None:
    caller = Caller({"tax_rounding": rounding})
    cent = line(SalesPrice=Decimal("0.03"), OrderedSalesQuantity=1)
    caller.order(cent, cent, cent, ArePricesIncludingSalesTax="No")
    caller.later(600)

    assert totals(caller)[2] == Decimal(tax)


@pytest.mark.parametrize(("skipped", "charges"), [("Yes", Decimal(0)), ("No", Decimal("4.90"))])
def test_an_automatic_charge_is_added_unless_it_is_skipped(skipped: str, charges: Decimal) -> None:
    caller = Caller({"automatic_charge": Decimal("4.90")})
    caller.order(SkipCreateAutoCharges=skipped)
    caller.later(600)

    assert caller.get("SalesOrderHeadersV3")["value"][0]["OrderTotalChargesAmount"] == charges
    assert totals(caller)[1] == Decimal("39.80") + charges


def test_discounts_are_told_apart() -> None:
    caller = Caller()
    caller.order(line(LineDiscountPercentage=10), line())
    caller.later(600)

    assert caller.get("SalesOrderHeadersV3")["value"][0]["OrderTotalDiscountAmount"] == Decimal("3.98")


@given(st.lists(st.tuples(st.integers(1, 9), st.decimals("0.01", "999.99", places=2)), min_size=1, max_size=5))
def test_prices_with_and_without_tax_agree_on_the_tax(rows: list[tuple[int, Decimal]]) -> None:
    """The tax within prices that include it is the tax on top of what is left without it, to the cent."""
    caller = Caller()
    lines = [line(OrderedSalesQuantity=quantity, SalesPrice=price) for quantity, price in rows]
    caller.order(*lines)
    caller.later(600)
    _, total, tax = totals(caller)

    assert total == sum(quantity * price for quantity, price in rows)
    assert abs((total - tax) * Decimal("0.2") - tax) <= Decimal("0.01")
