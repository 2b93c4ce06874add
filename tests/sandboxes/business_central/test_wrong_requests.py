"""Whatever is sent, an answer comes, nothing is left half done, and an error has a code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.business_central.document_entities import SALES_ORDER_LINES, SALES_ORDERS
from tests.sandboxes.business_central.caller import Caller, error, line, matching, order

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=60),
    st.sampled_from(["ITEM-001", "FULL", "PCS", "EUR", "2026-03-02", "Item", "00000000-0000-0000-0000-000000000000"]),
    st.lists(st.integers(), max_size=1),
)
WORDS = ["number", "eq", "and", "or", "(", ")", "'x'", "in", "2026-03-02T00:00:00+14:00", "status", "5", ","]


def names(properties: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([*properties, "unheardOf"])


@given(
    header=st.dictionaries(names(SALES_ORDERS.properties), VALUES, max_size=3),
    lines=st.lists(st.dictionaries(names(SALES_ORDER_LINES.properties), VALUES, max_size=5), max_size=2),
)
def test_any_order_is_taken_or_refused_as_a_whole(header: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    caller = Caller()
    content = {"customerNumber": "MKP-FR-EUR", **header, "salesOrderLines": [line(), *lines]}
    answer = caller.call("POST", "salesOrders?$expand=salesOrderLines", content)
    books = caller.books()["orders"]

    if answer.status == 201:
        assert len(books[0]["lines"]) == len(answer.json()["salesOrderLines"]) == len(lines) + 1
    else:
        status, code, _ = error(answer)
        assert (status, bool(code), books) == (400, True, [])


@given(condition=st.one_of(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), st.text(max_size=20)))
def test_any_filter_is_answered(condition: str) -> None:
    assert Caller().call("GET", matching("salesOrders", condition)).status in (200, 400)


@pytest.mark.parametrize(
    "query",
    [
        "$filter=" + "(" * 5000,
        "$skiptoken=x",
        "$skiptoken=WzFd&$orderby=number",
        "$skiptoken=WyJ4Il0=",
        "$filter=lastModifiedDateTime gt 0001-01-01T00:00:00%2B14:00",
        "$expand=salesOrderLines($filter=quantity gt 1)",
        "$filter=number eq 'x'&$filter=number eq 'y'",
    ],
)
def test_odd_queries_are_refused(query: str) -> None:
    caller = Caller()
    caller.create()

    assert caller.call("GET", f"salesOrders?{query}").status == 400


@pytest.mark.parametrize("quantity", [Decimal("1e400"), 10**40, -(10**12)])
def test_numbers_beyond_what_is_kept_are_refused(quantity: Any) -> None:
    assert Caller().refused(order(line(quantity=quantity)))[1] == "BadRequest"


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "PATCH", "DELETE"])
def test_methods_that_a_collection_does_not_have(method: str) -> None:
    assert error(Caller().call(method, "salesOrders", {}))[:2] == (405, "BadRequest_MethodNotAllowed")
