"""`$filter`: what each condition finds, and that anything written can be read back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.finance_supply_chain.conditions import And, Compare, EnumMember, Node, Or, earliest, lookups
from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.entities import HEADERS
from sandboxes.finance_supply_chain.errors import Refusal
from sandboxes.finance_supply_chain.odata_filter import parse

NO_YES = "Microsoft.Dynamics.DataEntities.NoYes"
ROW: dict[str, Value] = {
    **HEADERS.empty(),
    "dataAreaId": "usmf",
    "SalesOrderNumber": "MKA-0001-A",
    "CustomersOrderReference": "MKA-O'Neil 0001",
    "OrderTotalAmount": Decimal("45.80"),
    "OrderCreationDateTime": datetime(2026, 3, 2, 8, tzinfo=UTC),
    "IsSalesProcessingStopped": "Yes",
}


def read(text: str) -> Node:
    return parse(text, HEADERS.properties, HEADERS.type_name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dataAreaId eq 'usmf'", True),
        ("dataAreaId eq 'USMF'", True),
        ("dataAreaId ne 'usmf'", False),
        ("CustomersOrderReference eq 'MKA-O''Neil 0001'", True),
        ("SalesOrderNumber eq '*0001*'", True),
        ("SalesOrderNumber eq 'MKA*'", True),
        ("SalesOrderNumber eq '*0001'", False),
        ("SalesOrderNumber ne '*0001*'", False),
        ("SalesOrderNumber gt 'MKA-0001'", True),
        ("OrderTotalAmount eq 45.8", True),
        ("OrderTotalAmount le 45", False),
        ("OrderTotalAmount ge -1", True),
        ("OrderCreationDateTime ge 2026-03-02T09:00:00+01:00", True),
        ("OrderCreationDateTime lt 2026-03-02T08:00:00Z", False),
        (f"IsSalesProcessingStopped eq {NO_YES}'Yes'", True),
        (f"IsSalesProcessingStopped ne {NO_YES}'Yes'", False),
        ("dataAreaId eq 'x' and dataAreaId eq 'x' or dataAreaId eq 'usmf'", True),
        ("dataAreaId eq 'x' and (dataAreaId eq 'x' or dataAreaId eq 'usmf')", False),
        ("dataAreaId eq 'usmf' or dataAreaId eq 'x' and dataAreaId eq 'x'", True),
    ],
)
def test_a_condition_finds_what_the_database_would(text: str, found: bool) -> None:
    assert read(text).matches(ROW) is found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SalesOrderNumber eq 'A'", [("SalesOrderNumber", "A")]),
        ("dataAreaId eq 'usmf' and SalesOrderNumber eq 'A'", [("SalesOrderNumber", "A")]),
        ("SalesOrderNumber eq 'A' or SalesOrderNumber eq 'B'", [("SalesOrderNumber", "A"), ("SalesOrderNumber", "B")]),
        ("SalesOrderNumber eq 'A' or dataAreaId eq 'usmf'", None),
        ("SalesOrderNumber eq 'A*'", None),
        ("SalesOrderNumber ne 'A'", None),
    ],
)
def test_an_index_is_used_only_where_it_cannot_hide_a_row(text: str, expected: list[tuple[str, str]] | None) -> None:
    assert lookups(read(text), ("SalesOrderNumber",)) == expected


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("OrderCreationDateTime gt 2026-03-02T08:00:00Z", 8),
        ("OrderCreationDateTime ge 2026-03-02T08:00:00Z and OrderCreationDateTime gt 2026-03-02T09:00:00Z", 9),
        ("OrderCreationDateTime gt 2026-03-02T09:00:00Z or OrderCreationDateTime eq 2026-03-02T08:00:00Z", 8),
        ("dataAreaId eq 'usmf' and OrderCreationDateTime gt 2026-03-02T08:00:00Z", 8),
        ("dataAreaId eq 'usmf' or OrderCreationDateTime gt 2026-03-02T08:00:00Z", None),
        ("OrderCreationDateTime lt 2026-03-02T08:00:00Z", None),
        ("RequestedShippingDate gt 2026-03-02T08:00:00Z", None),
    ],
)
def test_the_earliest_moment_is_taken_only_from_what_must_hold(text: str, hour: int | None) -> None:
    expected = None if hour is None else datetime(2026, 3, 2, hour, tzinfo=UTC)

    assert earliest(read(text), "OrderCreationDateTime") == expected


TEXTS = st.builds(
    Compare,
    st.sampled_from(["dataAreaId", "CustomersOrderReference"]),
    st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
NUMBERS = st.builds(
    Compare,
    st.just("OrderTotalAmount"),
    st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
)
MOMENTS = st.builds(
    Compare,
    st.just("OrderCreationDateTime"),
    st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
    st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year >= 1900),
)
ENUMS = st.builds(
    Compare,
    st.just("IsSalesProcessingStopped"),
    st.sampled_from(["eq", "ne"]),
    st.sampled_from(["No", "Yes"]).map(lambda member: EnumMember(NO_YES, member)),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    TEXTS | NUMBERS | MOMENTS | ENUMS, lambda inner: st.builds(And, inner, inner) | st.builds(Or, inner, inner)
)


def written(node: Node) -> str:
    match node:
        case And(left=left, right=right):
            return f"({written(left)} and {written(right)})"
        case Or(left=left, right=right):
            return f"({written(left)} or {written(right)})"
    return f"{node.property} {node.operator} {literal(node)}"


def literal(node: Compare) -> str:
    match node.value:
        case EnumMember(type_name=type_name, member=member):
            return f"{type_name}'{member}'"
        case str(text):
            quoted = text.replace("'", "''")
            return f"'{quoted}'"
        case Decimal():
            return f"{node.value:f}"
    return node.value.isoformat()


@given(NODES)
def test_what_is_written_is_read_as_it_was_meant(node: Node) -> None:
    assert read(written(node)) == node


@given(NODES, st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year >= 1900))
def test_no_row_that_matches_is_earlier_than_the_earliest(node: Node, moment: datetime) -> None:
    bound = earliest(node, "OrderCreationDateTime")

    assert bound is None or moment >= bound or not node.matches({**ROW, "OrderCreationDateTime": moment})


@given(st.text())
def test_nonsense_is_refused_and_never_breaks_the_reader(text: str) -> None:
    assert verdict(text) in ("read", 400)


def verdict(text: str) -> str | int:
    try:
        read(text)
    except Refusal as refusal:
        return refusal.status
    return "read"
