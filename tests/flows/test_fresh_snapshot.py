"""Which answers are stored: whatever is newer than our record, but for the number that we gave ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.flows.sighting.fresh_snapshot import is_fresh, number_shown
from shared.model.keys import OrderKey
from shared.model.order import Snapshot
from shared.model.steps import State, Step
from shared.ports.own import OrderRecord
from tests.builders import NOW

SECOND = timedelta(seconds=1)
FACTS: Mapping[str, Any] = {"order_state": "SHIPPING", "last_updated_date": "before", "references": {}}
STORED = Snapshot(NOW, FACTS, {"customer": {"firstname": "A"}})
NUMBERED = {**FACTS, "last_updated_date": "after", "references": {"order_reference_for_seller": "NO-A"}}


def record(state: State = "done", number: str = "NO-A") -> OrderRecord:
    step = Step("report_order_numbers", state, reference=number)
    return OrderRecord(OrderKey("shop", "A"), snapshot=STORED, steps={"report_order_numbers": step})


def shown(seconds: int = 1, person: Mapping[str, Any] = STORED.person, **facts: Any) -> Snapshot:
    return Snapshot(NOW + seconds * SECOND, {**NUMBERED, **facts}, person)


@pytest.mark.parametrize(
    ("snapshot", "on_record", "fresh"),
    [
        pytest.param(None, record(), False, id="the store did not take it"),
        pytest.param(shown(), replace(record(), snapshot=None), True, id="the first"),
        pytest.param(shown(-1, order_state="CANCELED"), record(), False, id="older"),
        pytest.param(replace(STORED), record(), False, id="the same"),
        pytest.param(shown(0, order_state="CANCELED"), record(), True, id="another within the same second"),
        pytest.param(shown(), record(), False, id="our number alone"),
        pytest.param(shown(order_state="SHIPPED"), record(), True, id="our number and more"),
        pytest.param(shown(person={"customer": {"firstname": "B"}}), record(), True, id="our number and the person"),
        pytest.param(shown(), record("waiting"), True, id="our number, and we do not know that Mirakl has it"),
        pytest.param(shown(), record(number="NO-B"), True, id="another's number"),
        pytest.param(shown(), replace(record(), steps={}), True, id="a number that nobody reported"),
        pytest.param(shown(references=None), record(), True, id="our number is gone"),
    ],
)
def test_what_is_stored(snapshot: Snapshot | None, on_record: OrderRecord, fresh: bool) -> None:
    assert is_fresh(snapshot, on_record) is fresh


@pytest.mark.parametrize(
    ("references", "number"),
    [
        ({"order_reference_for_seller": "NO-A"}, "NO-A"),
        ({"order_reference_for_seller": None}, ""),
        (None, ""),
        ("x", ""),
    ],
)
def test_the_number_that_mirakl_shows(references: object, number: str) -> None:
    assert number_shown(Snapshot(NOW, {"references": references}, {})) == number
