"""Golden values: if one of these changes, every open order, or every shopper, would be created again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.keys import (
    BRIDGE_SHOP,
    ERP_SCOPE,
    OrderKey,
    customer_account,
    derived_number,
    external_reference,
    lane,
    operation_scope,
    scope_subject,
    shop_scope,
)
from tests.rules.properties import EXAMPLES, caught


@pytest.mark.parametrize(
    ("prefix", "marketplace", "order_id", "number"),
    [
        ("NO", "north", "N000001-A", "NO-N000001-A"),
        ("NO", "north", "12345678901234567", "NO-12345678901234567"),
        ("NO", "north", "123456789012345678", "NO-AGK7LD54BM6DQHXEL"),
        ("NO", "north", "n000001-a", "NO-YSJKE6QCIYIS7INHD"),
        ("NO", "north", "ORDER_1", "NO-PU3G53FSXIAPVFUSW"),
        ("ABCD", "west", "Straße/1", "ABCD-LQRT3PF6PW3GTPW"),
    ],
)
def test_derived_numbers_never_change(prefix: str, marketplace: str, order_id: str, number: str) -> None:
    assert derived_number(prefix, marketplace, order_id) == number


@pytest.mark.parametrize(
    ("prefix", "marketplace", "customer_id", "account"),
    [
        ("NO", "north", "C-1", "NO-OFZ36UDXDFTRRLLP4"),
        ("NO", "north", "c-1", "NO-QLAXT5KN6OTPNYOTE"),
        ("NO", "south", "C-1", "NO-BGTCM2IMRXE6SPFNW"),
        ("ABCD", "west", "Straße/1", "ABCD-PVBS7DSWF3STGQF"),
    ],
)
def test_customer_accounts_never_change(prefix: str, marketplace: str, customer_id: str, account: str) -> None:
    assert customer_account(prefix, marketplace, customer_id) == account


@pytest.mark.parametrize(
    ("prefix", "order_id", "reference"),
    [("NO", "N000001-A", "NO-N000001-A"), ("ABCD", "Straße/1 b", "ABCD-Straße/1 b"), ("NO", "n1", "NO-n1")],
)
def test_external_references_never_change(prefix: str, order_id: str, reference: str) -> None:
    assert external_reference(prefix, order_id) == reference


@pytest.mark.parametrize(
    ("shop", "order_id", "lanes", "session"),
    [
        ("north-de", "N000001-A", 1, "lane-0"),
        ("north-de", "N000001-A", 8, "lane-3"),
        ("north-de", "N000002-A", 8, "lane-2"),
        ("north-fr", "N000001-A", 8, "lane-4"),
    ],
)
def test_lanes_never_change(shop: str, order_id: str, lanes: int, session: str) -> None:
    assert lane(OrderKey(shop, order_id), lanes) == session


@pytest.mark.parametrize(
    ("scope", "subject"),
    [
        (ERP_SCOPE, OrderKey(BRIDGE_SHOP, "")),
        (shop_scope("north-de"), OrderKey("north-de", "")),
        (operation_scope("north-de", "OR11"), OrderKey("north-de", "")),
    ],
)
def test_where_the_exception_of_a_paused_scope_is_kept(scope: str, subject: OrderKey) -> None:
    assert scope_subject(scope) == subject


Numbering = Callable[[str, str, str], str]
IDS = st.one_of(st.text("abcABC123-_/ß", min_size=1, max_size=30), st.from_regex(r"\A[A-Z0-9-]{1,24}\Z"))
OTHER_FORMS = (str.upper, str.lower, lambda text: text + "A", lambda text: text[:-1] + "-", lambda text: text + "-A")
PAIRS = st.tuples(
    st.sampled_from(["NO", "ABC", "X1Y2"]),
    st.one_of(
        st.tuples(IDS, IDS),
        st.tuples(IDS, st.sampled_from(OTHER_FORMS)).map(lambda both: (both[0], both[1](both[0]))),
    ),
)


def numbers_are_apart_and_fit(rule: Numbering, prefix: str, both: tuple[str, str]) -> None:
    one, other = (rule(prefix, "north", order_id) for order_id in both)
    assert (one == other) == (both[0] == both[1])
    assert re.fullmatch(rf"{prefix}-[A-Z0-9-]*", one)
    assert len(one) <= 20


@EXAMPLES
@given(PAIRS)
def test_distinct_orders_have_distinct_numbers_that_fit(case: tuple[str, tuple[str, str]]) -> None:
    numbers_are_apart_and_fit(derived_number, *case)


def folded(prefix: str, marketplace: str, order_id: str) -> str:
    return derived_number(prefix, marketplace, order_id.upper())


def cut(prefix: str, marketplace: str, order_id: str) -> str:
    return f"{prefix}-{re.sub('[^A-Z0-9-]', '', order_id)}"[:20]


def uncut(prefix: str, marketplace: str, order_id: str) -> str:
    return external_reference(prefix, order_id)


@pytest.mark.parametrize("wrong", [folded, cut, uncut])
def test_wrong_numbers_are_caught(wrong: Numbering) -> None:
    caught(numbers_are_apart_and_fit, wrong, PAIRS)


def test_the_same_order_id_on_two_marketplaces_is_two_numbers() -> None:
    assert derived_number("NO", "north", "n1") != derived_number("NO", "south", "n1")
