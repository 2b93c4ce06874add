"""What orders come to: tax on the sum of a rate's lines, currencies without decimals, discounts, edits."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sandboxes.business_central.amounts import amounts
from tests.sandboxes.business_central.caller import Caller, line, order

CENT = Decimal("0.01")


def totals(found: dict[str, object]) -> tuple[object, object, object]:
    return found["totalAmountExcludingTax"], found["totalTaxAmount"], found["totalAmountIncludingTax"]


def test_with_and_without_tax_in_the_prices() -> None:
    assert totals(Caller().create()) == (Decimal("33.17"), Decimal("6.63"), Decimal("39.80"))
    without = Caller().create(order(pricesIncludeTax=False))
    assert totals(without) == (Decimal("39.80"), Decimal("7.96"), Decimal("47.76"))


def test_yen_have_no_decimals() -> None:
    found = Caller().create(order(line(unitPrice=Decimal("333.4")), currencyCode="JPY"))

    assert totals(found) == (556, 111, 667)


def test_a_discount_of_the_whole_order_is_shared_out() -> None:
    lines = (line(), line(description2="2", unitPrice=Decimal("10.05")))
    found = Caller().create(order(*lines, discountAmount=5))

    assert found["totalAmountIncludingTax"] == Decimal("54.90")
    assert sum(one["invoiceDiscountAllocation"] for one in found["salesOrderLines"]) == 5


@given(
    prices=st.lists(st.tuples(st.integers(0, 100_000), st.sampled_from(["0", "5.5", "20"])), min_size=1, max_size=8),
    included=st.booleans(),
    discount=st.integers(0, 50),
)
def test_cents_are_never_lost(prices: list[tuple[int, str]], included: bool, discount: int) -> None:
    lines = [
        {
            "quantity": Decimal(1),
            "unitPrice": cents * CENT,
            "discountAmount": Decimal(0),
            "taxPercent": Decimal(rate),
        }
        for cents, rate in prices
    ]
    found = amounts(lines, CENT, included=included, discount=discount * CENT)
    before = sum(line["unitPrice"] for line in lines)
    net, tax = sum(one.net for one in found), sum(one.tax for one in found)

    if before:
        assert (net + tax if included else net) == before - discount * CENT
    assert all(one.tax == one.tax.quantize(CENT) for one in found)
