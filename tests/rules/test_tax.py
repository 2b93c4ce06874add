from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.order import Tax
from shared.rules.tax import signature, taxed_lines, total
from tests.builders import line, order, tax
from tests.rules.properties import EXAMPLES, caught

D = Decimal


@pytest.mark.parametrize(
    ("taxes", "key"),
    [
        ((), "-"),
        ((tax("1", rate="20.0000"),), "VAT@20"),
        ((tax("1", rate="20"),), "VAT@20"),
        ((tax("1", rate="5.5000"),), "VAT@5.5"),
        ((tax("1", rate="0.0000"),), "VAT@0"),
        ((tax("1", rate="-0.0"),), "VAT@0"),
        ((tax("1", rate="100"),), "VAT@100"),
        ((tax("0", rate="20"),), "VAT@20"),
        ((tax("1", rate="20"), tax("2", rate="10")), "VAT@10+VAT@20"),
        ((tax("1", rate="20"), tax("2", rate="20.00")), "VAT@20"),
        ((tax("1", code="ECO", rate=None), tax("2")), "ECO+VAT@20"),
    ],
)
def test_signatures(taxes: tuple[Tax, ...], key: str) -> None:
    assert signature(taxes) == key


TAX = st.builds(
    Tax, st.sampled_from(["VAT", "ECO", "GST"]), st.sampled_from([D("5.5000"), D(10), D("20.0000")]), st.just(D(1))
)
SHUFFLED = st.lists(TAX, max_size=4).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some)))

Signing = Callable[[Sequence[Tax]], str]


def order_does_not_matter(rule: Signing, some: Sequence[Tax], others: Sequence[Tax]) -> None:
    assert rule(some) == rule(others)


def rates_matter(rule: Signing, some: Sequence[Tax], others: Sequence[Tax]) -> None:
    changed = [Tax(one.code, D(33), one.amount) for one in others]
    assert not some or rule(some) != rule(changed)


@EXAMPLES
@given(SHUFFLED)
def test_a_signature_knows_rates_and_no_order(case: tuple[list[Tax], list[Tax]]) -> None:
    order_does_not_matter(signature, *case)
    rates_matter(signature, *case)


def as_they_come(taxes: Sequence[Tax]) -> str:
    return "+".join(f"{one.code}@{one.rate}" for one in taxes) or "-"


def first_tax_only(taxes: Sequence[Tax]) -> str:
    return signature(taxes[:1])


def codes_only(taxes: Sequence[Tax]) -> str:
    return "+".join(sorted({one.code for one in taxes})) or "-"


def count_only(taxes: Sequence[Tax]) -> str:
    return str(len(taxes))


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (order_does_not_matter, as_they_come),
        (order_does_not_matter, first_tax_only),
        (rates_matter, codes_only),
        (rates_matter, count_only),
    ],
)
def test_wrong_signatures_are_caught(check: Callable[..., None], wrong: Signing) -> None:
    caught(check, wrong, SHUFFLED)


UNTAXED = (
    line(id="1", index=1, price="10.00", shipping_price="5.00", taxes=(), shipping_taxes=()),
    line(id="2", index=2, price="30.00", shipping_price="0.00", taxes=(), shipping_taxes=()),
)


def test_an_order_tax_goes_to_prices_and_shipping_in_proportion_and_to_the_cent() -> None:
    taxed = taxed_lines(order(lines=UNTAXED, order_taxes=[tax("9.01")]))
    assert [[one.amount for one in (*each.taxes, *each.shipping_taxes)] for each in taxed] == [
        [D("2.00"), D("1.00")],
        [D("6.01"), D("0.00")],
    ]
    assert {signature(each.taxes) for each in taxed} == {"VAT@20"}


def test_an_order_tax_that_the_lines_state_themselves_is_their_sum_and_not_a_second_tax() -> None:
    stated = (line(id="1"), line(id="2", index=2, taxes=[tax("3.00", rate="10")]))
    taxed = taxed_lines(order(lines=stated, order_taxes=[tax("22.00", rate="20.00"), tax("3.00", rate="10")]))
    assert taxed == stated


def test_the_same_code_with_a_rate_that_no_line_states_is_another_tax() -> None:
    taxed = taxed_lines(order(lines=[line(shipping_price="0.00")], order_taxes=[tax("7.00", rate="7")]))
    assert [signature(each.taxes) for each in taxed] == ["VAT@20+VAT@7"]
    assert total(taxed[0].taxes) == D("27.00")


def test_nobody_pays_an_order_tax_for_refused_and_cancelled_lines() -> None:
    lost = line(id="3", index=3, state="CANCELED", price="900.00", taxes=(), shipping_taxes=())
    taxed = taxed_lines(order(lines=[*UNTAXED, lost], order_taxes=[tax("9.00")]))
    assert [each.id for each in taxed] == ["1", "2"]
    assert total([one for each in taxed for one in (*each.taxes, *each.shipping_taxes)]) == D("9.00")


def test_an_order_tax_of_lines_that_cost_nothing_is_not_lost() -> None:
    free = line(price="0.00", shipping_price="0.00", taxes=(), shipping_taxes=())
    (taxed,) = taxed_lines(order(lines=[free], order_taxes=[tax("0.03")]))
    assert total((*taxed.taxes, *taxed.shipping_taxes)) == D("0.03")


def test_order_taxes_of_an_order_without_lines_stay_where_they_are() -> None:
    assert taxed_lines(order(lines=[], order_taxes=[tax("1.00")])) == ()


def test_yen_are_shared_out_whole() -> None:
    yen = order(currency="JPY", lines=[line(id="1", price="1", shipping_price="1", taxes=(), shipping_taxes=())])
    (taxed,) = taxed_lines(order(currency="JPY", lines=yen.lines, order_taxes=[tax("3")]))
    assert [one.amount for one in (*taxed.taxes, *taxed.shipping_taxes)] == [D(2), D(1)]
