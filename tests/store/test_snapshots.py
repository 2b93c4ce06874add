"""Snapshots and columns: what is stored comes back exactly, and what cannot be read is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.order import Snapshot
from shared.store.columns import UnreadableRow, columns, moment, needed_time, read, short, stamp, text, texts, unstamp
from shared.store.packing import PIECE, pack, unpack
from shared.store.snapshots import snapshot_of, snapshot_operations
from shared.store.tables import Insert, Replace, Row, Upsert, Value
from tests.fakes.clock import START

FRACTIONS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)
CONTENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | FRACTIONS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TIMES = st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year >= 1000)
OBJECTS = st.dictionaries(st.text(max_size=8), CONTENTS, max_size=5)


def exactly(content: Any) -> Any:
    """Equality that tells 1, 1.0, True and Decimals of different exponents apart."""
    if isinstance(content, dict):
        return {name: exactly(value) for name, value in content.items()}
    if isinstance(content, list):
        return [exactly(value) for value in content]
    return (type(content), str(content))


@given(OBJECTS)
def test_json_comes_back_exactly(content: dict[str, Any]) -> None:
    assert exactly(unpack(pack(content))) == exactly(content)


@pytest.mark.parametrize("text", ["10.10", "1.0E+2", "1E-7", "12345678901234567890.123456789"])
def test_decimals_keep_every_digit(text: str) -> None:
    assert str(unpack(pack({"amount": Decimal(text)}))["amount"]) == text


def test_large_contents_come_in_pieces_and_the_same_content_in_the_same_bytes() -> None:
    noise = {"noise": [str(number * 7919**3) for number in range(30_000)]}
    packed = pack(noise)
    pieces = [value for value in packed.values() if isinstance(value, bytes)]
    assert len(pieces) == packed["pieces"]
    assert len(pieces) > 1
    assert all(len(piece) <= PIECE for piece in pieces)
    assert unpack(packed) == noise
    assert pack(noise) == packed


@given(OBJECTS, OBJECTS)
def test_a_snapshot_is_two_rows(facts: dict[str, Any], person: dict[str, Any]) -> None:
    snapshot = Snapshot(START, facts, person)
    first, second = snapshot_operations(snapshot, None)
    assert isinstance(first, Insert)
    assert isinstance(second, Upsert)
    rows = {one.row: Row(one.row, one.values, "1") for one in (first, second)}
    assert rows.keys() == {"facts", "person"}
    assert snapshot_of(rows) == snapshot
    assert isinstance(snapshot_operations(snapshot, "1")[0], Replace)


def test_nothing_of_the_person_is_in_the_facts_row() -> None:
    snapshot = Snapshot(START, {"order_id": "1"}, {"name": "Shopper 17"})
    facts, _ = snapshot_operations(snapshot, None)
    assert isinstance(facts, Insert)
    assert unpack(facts.values) == {"order_id": "1"}


@pytest.mark.parametrize(
    ("at", "stored"),
    [
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), "2026-03-02T08:00:00.000000Z"),
        (datetime(2026, 3, 2, 8, 0, 0, 1, tzinfo=UTC), "2026-03-02T08:00:00.000001Z"),
        (datetime(2026, 3, 2, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-03-01T23:00:00.000000Z"),
    ],
)
def test_times_are_utc_of_fixed_width(at: datetime, stored: str) -> None:
    assert moment(at) == stored
    assert needed_time({"at": stored}, "at") == at


@given(TIMES, TIMES)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (moment(one) <= moment(other)) == (one <= other)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        moment(datetime(2026, 3, 2))  # noqa: DTZ001 -- what must be refused


def test_what_is_none_is_left_out_and_every_row_has_its_schema_version() -> None:
    assert columns(a=None, b="", c=0, d=False, e=("x", "y|z")) == {
        "v": 1,
        "b": "",
        "c": 0,
        "d": False,
        "e": '["x","y|z"]',
    }
    assert texts(columns(e=("x", "y|z")), "e") == ("x", "y|z")
    assert texts({}, "e") == ()
    assert text({}, "e") == ""


@pytest.mark.parametrize("values", [{}, {"v": 2}, {"v": "1"}], ids=["none", "newer", "malformed"])
def test_a_row_of_another_schema_version_is_said(values: dict[str, Value]) -> None:
    with pytest.raises(UnreadableRow, match="schema version"):
        read(Row("facts", values, "1"))


def test_a_missing_time_is_said_by_its_column() -> None:
    with pytest.raises(UnreadableRow, match="due"):
        needed_time({}, "due")


def test_long_texts_are_cut_visibly() -> None:
    assert short("x" * 10, 10) == "x" * 10
    assert short("x" * 11, 10) == "x" * 10 + " [cut: 11 characters]"


@given(st.text(), st.integers())
def test_a_stamp_comes_apart_again(one: str, other: int) -> None:
    assert unstamp(stamp(one, other)) == (one, other)
