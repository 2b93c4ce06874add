"""An order that cannot be drafted says everything that is missing at once, and nothing about the shopper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.exceptions import KINDS
from shared.model.mappings import MappingRow
from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import SalesOrderDraft
from shared.rules.drafting import Refused, draft
from shared.rules.mapping_lookup import OrderMappings
from tests.builders import address, item_row, line, mappings, order, row, shop, tax
from tests.rules.properties import EXAMPLES, caught

RICH = order(
    lines=[
        line(id="1", index=1, quantity=3, price="10.00", taxes=[tax("0.00")], fees={"ECO": "0.10"}),
        line(id="2", index=2, quantity=3, price="20.00", taxes=[tax("2.00", rate="10")], sku="SKU-002"),
    ]
)
"""It needs every kind of mapping row, rounding included."""

NEEDED = {
    ("items", "north", "SKU-001", "1"): "items:north|SKU-001|1",
    ("items", "north", "SKU-002", "1"): "items:north|SKU-002|1",
    ("taxes", "north", "*", "VAT@20"): "taxes:north|DEU|VAT@20",
    ("taxes", "north", "*", "VAT@10"): "taxes:north|DEU|VAT@10",
    ("taxes", "north", "*", "-"): "taxes:north|DEU|-",
    ("charges", "north", "shipping", "*"): "charges:north|shipping|STD",
    ("charges", "north", "fee", "*"): "charges:north|fee|ECO",
    ("charges", "north", "rounding", "*"): "charges:north|rounding|*",
    ("accounts", "north", "*", "*", "*"): "accounts:north|EUR|DEU|seller",
    ("currencies", "north", "EUR"): "currencies:north|EUR",
    ("countries", "north", "DEU"): "countries:north|DEU",
    ("channels", "north", "north-de"): "channels:north|north-de",
    ("warehouses", "north", "north-de"): "warehouses:north|north-de",
    ("shipping", "north", "STD"): "shipping:north|STD",
}
"""Each row that RICH needs, and the subject under which its absence is reported."""

ITEMS = {name for name in NEEDED if name[0] == "items"}
ROUNDING = ("charges", "north", "rounding", "*")

Drafting = Callable[..., SalesOrderDraft]
REMOVALS = st.tuples(st.sets(st.sampled_from(sorted(NEEDED))))


def reasons(given: Order, rows: OrderMappings | None = None, rule: Drafting = draft) -> tuple[Rejected, ...]:
    try:
        rule(given, shop=shop(), rows=rows or mappings(), policy=CreationPolicy(), client_numbers=True)
    except Refused as refused:
        return refused.reasons
    return ()


def everything_missing_is_said_once(rule: Drafting, removed: set[tuple[str, ...]]) -> None:
    """Rounding is known only for lines whose item is known."""
    expected = {NEEDED[name] for name in removed if name != ROUNDING or not removed >= ITEMS}
    said = reasons(RICH, mappings(without=tuple(removed)), rule)
    assert sorted(reason.subject for reason in said) == sorted(expected)
    assert {reason.kind for reason in said} <= {"mapping_missing"}


@EXAMPLES
@given(REMOVALS)
def test_everything_missing_is_said_once(case: tuple[set[tuple[str, ...]]]) -> None:
    everything_missing_is_said_once(draft, *case)


def test_with_nothing_mapped_all_of_it_is_said() -> None:
    everything_missing_is_said_once(draft, set(NEEDED))


def _telling(select: Callable[[tuple[Rejected, ...]], list[Rejected]]) -> Drafting:
    """`draft`, telling only some of its reasons."""

    def wrong(order: Order, **others: Any) -> SalesOrderDraft:
        try:
            return draft(order, **others)
        except Refused as refused:
            raise Refused(select(refused.reasons)) from None

    return wrong


@pytest.mark.parametrize(
    "wrong",
    [
        _telling(lambda told: [*told[:1]]),
        _telling(lambda told: [reason for reason in told if not reason.subject.startswith("charges")] or [*told]),
    ],
)
def test_telling_less_is_caught(wrong: Drafting) -> None:
    caught(everything_missing_is_said_once, wrong, REMOVALS)


def test_a_rounding_row_is_asked_for_only_where_something_does_not_divide() -> None:
    assert reasons(order(), mappings(without=[ROUNDING])) == ()


UNMAPPED_SHOP = mappings(without=[name for name in NEEDED if name[0] in ("channels", "warehouses", "charges")])


@pytest.mark.parametrize(
    ("given", "rows", "kinds_and_subjects"),
    [
        (order(platform_tax_mode=None), mappings(), [("shop_misconfigured", "order_tax_mode")]),
        (order(address=None), mappings(), [("order_unreadable", "customer.shipping_address")]),
        (
            order(address=address(country="")),
            mappings(),
            [("order_unreadable", "customer.shipping_address.country_iso_code")],
        ),
        (order(lines=[line(price="-1.00")]), mappings(), [("order_unreadable", "order_lines.price")]),
        (order(lines=[line(price="1.001")]), mappings(), [("order_unreadable", "order_lines.price")]),
        (
            order(currency="JPY", lines=[line(price="1.50", taxes=())]),
            mappings(),
            [("order_unreadable", "order_lines.price")],
        ),
        (order(lines=[line(quantity=0)]), mappings(), [("quantity_not_representable", "SKU-001")]),
        (order(shipping_type_code="DRONE"), mappings(), [("mapping_missing", "shipping:north|DRONE")]),
        (order(shipping_type_code=""), mappings(), [("mapping_missing", "shipping:north|")]),
        (
            order(lines=[line(quantity=5)]),
            mappings(add=[item_row("SKU-001", order_numerator="6")]),
            [("quantity_not_representable", "SKU-001")],
        ),
        (
            order(),
            mappings(add=[item_row("SKU-001", company="other")]),
            [("mapping_invalid", "items:north|SKU-001|1")],
        ),
        (
            order(),
            mappings(add=[item_row("SKU-001", order_numerator="none", order_unit="")]),
            [("mapping_invalid", "items:north|SKU-001|1")],
        ),
        (
            order(lines=[line(sku="SET")]),
            mappings(add=[item_row("SET", component=n, item="I", share="0") for n in ("1", "2")]),
            [("mapping_invalid", "items:north|SET|1")],
        ),
        (
            order(lines=[line(sku="SET")]),
            mappings(add=[item_row("SET", component=n, item="I", share="half") for n in ("1", "2")]),
            [("mapping_invalid", "items:north|SET|1"), ("mapping_invalid", "items:north|SET|2")],
        ),
        (
            order(),
            mappings(add=[row("warehouses", "north", "north-de", site="1", warehouse="11", time_zone="Mars")]),
            [("mapping_invalid", "warehouses:north|north-de")],
        ),
        (
            order(platform_tax_mode=None, address=None, lines=[line(sku="SKU-404", quantity=3, price="10.00")]),
            UNMAPPED_SHOP,
            [
                ("order_unreadable", "customer.shipping_address"),
                ("mapping_missing", "channels:north|north-de"),
                ("mapping_missing", "warehouses:north|north-de"),
                ("shop_misconfigured", "order_tax_mode"),
                ("mapping_missing", "items:north|SKU-404|1"),
                ("mapping_missing", "charges:north|shipping|STD"),
            ],
        ),
    ],
)
def test_refusals(given: Order, rows: OrderMappings, kinds_and_subjects: list[tuple[str, str]]) -> None:
    said = reasons(given, rows)
    assert [(reason.kind, reason.subject) for reason in said] == kinds_and_subjects
    assert {reason.kind for reason in said} <= set(KINDS)


def test_the_rounding_row_is_not_asked_for_while_the_tax_mode_is_unknown() -> None:
    undecided = order(platform_tax_mode=None, lines=[line(quantity=3, price="10.00")])
    assert [reason.kind for reason in reasons(undecided, mappings(without=[ROUNDING]))] == ["shop_misconfigured"]


def test_lines_that_are_not_ordered_need_no_mapping() -> None:
    lost = line(id="2", index=2, sku="SKU-404", state="CANCELED", taxes=[tax("1", code="ODD")])
    assert reasons(order(lines=[line(), lost])) == ()


def test_an_order_met_twice_says_each_reason_once() -> None:
    twice = [line(id="1", index=1, sku="SKU-404"), line(id="2", index=2, sku="SKU-404")]
    assert [reason.subject for reason in reasons(order(lines=twice))] == ["items:north|SKU-404|1"]


PERSON = address(name="Shopper Withheld", street_1="Hidden Street 9")


@pytest.mark.parametrize("rows", [mappings(without=tuple(NEEDED)), UNMAPPED_SHOP])
def test_no_reason_names_the_shopper(rows: OrderMappings) -> None:
    told = reasons(order(address=PERSON, delivery_instructions="Ring Hidden twice"), rows)
    text = " ".join((str(Refused(told)), *(reason.reason + reason.remedy for reason in told)))
    assert told
    assert not any(word in text for word in ("Withheld", "Hidden", "Testville"))


def test_rows_of_every_marketplace_serve_where_this_one_has_none() -> None:
    everywhere = [
        MappingRow(one.table, ("*", *one.key[1:]), one.values) for rows in mappings().tables.values() for one in rows
    ]
    only = mappings(without=[name for name in NEEDED if name[0] != "items"], add=everywhere)
    assert reasons(RICH, only) == ()
