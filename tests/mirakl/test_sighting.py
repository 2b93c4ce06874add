"""Acceptance reads five fields; nothing else in an order, and no other order, can stand in its way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mirakl.sighting import sighting, sightings
from shared.mirakl.snapshot import merge
from shared.model.order import SightedLine
from tests.mirakl.payloads import PERSON, raw_line, raw_order, without

SEEN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CREATED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOTH = (SightedLine("N000001-A-1", "SHIPPING"), SightedLine("N000001-A-2", "SHIPPING"))


def test_a_whole_order() -> None:
    raw = raw_order()
    one = sighting(raw, seen=SEEN)
    assert (one.order_id, one.state, one.created, one.lines) == ("N000001-A", "SHIPPING", CREATED, BOTH)
    assert (one.seen, one.unreadable) == (SEEN, "")
    assert one.snapshot is not None
    assert one.snapshot.updated == datetime(2026, 3, 2, 10, 0, 0, 250_000, tzinfo=UTC)
    assert merge(one.snapshot.facts, one.snapshot.person) == raw


@pytest.mark.parametrize(
    "changes",
    [
        {"customer": None},
        {"customer": [1, 2]},
        {"price": "NaN", "shipping_deadline": "later", "order_taxes": {}},
        {"brand_new_field": {"deep": [None, {}]}},
        {"order_state": "A_NEW_STATE"},
        {"acceptance_decision_date": 7},
    ],
)
def test_the_rest_of_an_order_does_not_matter(changes: dict[str, Any]) -> None:
    raw = raw_order(**changes)
    one = sighting(raw, seen=SEEN)
    assert (one.order_id, one.created, one.lines, one.unreadable) == ("N000001-A", CREATED, BOTH, "")
    assert one.state == raw["order_state"]
    assert one.snapshot is not None
    assert merge(one.snapshot.facts, one.snapshot.person) == raw


NO_ID = raw_line() | {"order_line_id": None}
FLAWS: list[tuple[dict[str, Any], str]] = [
    (without(raw_order(), "last_updated_date"), "last_updated_date is missing"),
    (raw_order(last_updated_date=None), "last_updated_date is missing"),
    (raw_order(last_updated_date=f"{PERSON}"), "last_updated_date is not a date-time with an offset"),
    (raw_order(created_date="2026-03-02"), "created_date is not a date-time with an offset"),
    (without(raw_order(), "order_state"), "order_state is missing"),
    (raw_order(order_state={}), "order_state is not a text"),
    (without(raw_order(), "order_lines"), "order_lines is missing"),
    (raw_order(order_lines={"1": raw_line()}), "order_lines is not a list"),
    (raw_order(order_lines=[raw_line(), NO_ID]), "order_lines[1].order_line_id is missing"),
    (raw_order(order_lines=[raw_line(), None]), "order_lines[1].order_line_id is missing"),
    (raw_order(order_lines=[raw_line(order_line_state=None)]), "order_lines[0].order_line_state is missing"),
]


@pytest.mark.parametrize(("raw", "unreadable"), FLAWS, ids=[why for _, why in FLAWS])
def test_a_flaw_is_named_and_the_sighting_stands_without_a_snapshot(raw: dict[str, Any], unreadable: str) -> None:
    one = sighting(raw, seen=SEEN)
    assert (one.order_id, one.snapshot, one.unreadable) == ("N000001-A", None, unreadable)


def test_what_can_be_read_beside_a_flaw_is_read() -> None:
    lost_date = sighting(raw_order(created_date=None), seen=SEEN)
    assert (lost_date.created, lost_date.state, lost_date.lines) == (SEEN, "SHIPPING", BOTH)
    lost_line = sighting(raw_order(order_lines=[NO_ID, raw_line(index=2)]), seen=SEEN)
    assert lost_line.lines == BOTH[1:]


NULL_ID, ODD_ID = {"order_id": None}, {"order_id": [1]}


def test_numbers_for_ids_are_ids() -> None:
    raw = raw_order(order_lines=[raw_line(order_line_id=140)]) | {"order_id": 139}
    one = sighting(raw, seen=SEEN)
    assert (one.order_id, one.lines) == ("139", (SightedLine("140", "SHIPPING"),))


def test_one_record_without_an_id_never_hides_the_next() -> None:
    records = [None, {}, raw_order() | NULL_ID, "text", raw_order("N000002-A"), raw_order() | ODD_ID, raw_order()]
    read, skipped = sightings(records, seen=SEEN)
    assert [one.order_id for one in read] == ["N000002-A", "N000001-A"]
    assert skipped == (
        "orders[0].order_id is missing",
        "orders[1].order_id is missing",
        "orders[2].order_id is missing",
        "orders[3].order_id is missing",
        "orders[5].order_id is not a text",
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("order_state", "created_date", "last_updated_date", "order_lines", "customer", "price")


@given(st.lists(JSON | st.dictionaries(st.sampled_from(("order_id", *FIELDS)), JSON), max_size=5))
def test_whatever_comes_every_record_is_counted_once(records: list[Any]) -> None:
    read, skipped = sightings([*records, raw_order()], seen=SEEN)
    assert len(read) + len(skipped) == len(records) + 1
    assert read[-1].order_id == "N000001-A"
    assert all((one.snapshot is None) == bool(one.unreadable) for one in read)
