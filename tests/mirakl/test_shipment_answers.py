"""Errors inside a success: who was done, who was refused, and of whom nothing clear was said."""

from __future__ import annotations

from typing import Any

import pytest

from shared.mirakl.shipment_answers import shipment_answers
from shared.model.shipment import ShipmentAnswer

ASKED = {"N1-A": "T-1", "7": ""}
DONE = {"order_id": "N1-A", "id": "s1", "status": "SHIPPED"}
REFUSED = {"order_id": 7, "message": "Shipment quantity is invalid."}
ONE, OTHER = ShipmentAnswer("N1-A", id="s1"), ShipmentAnswer("7", refused="Shipment quantity is invalid.")


def answer(success: Any, errors: Any) -> dict[str, Any]:
    return {"shipment_success": success, "shipment_errors": errors}


@pytest.mark.parametrize(
    ("content", "answers"),
    [
        (answer([DONE], [REFUSED]), (ONE, OTHER)),
        (answer([DONE | {"id": 12}], None), (ShipmentAnswer("N1-A", id="12"),)),
        (answer([], [REFUSED]), (OTHER,)),
        (answer([None, "x", {}, DONE], [None, [], REFUSED]), (ONE, OTHER)),
        (answer([DONE | {"order_id": "N9-A"}], [REFUSED]), (OTHER,)),
        (answer([DONE | {"id": None}], [REFUSED]), (OTHER,)),
        (answer([DONE | {"id": ["s1"]}], [REFUSED]), (OTHER,)),
        (answer([DONE], [REFUSED, {"order_id": "N1-A", "message": "both"}]), (OTHER,)),
        (
            answer([], [{"order_id": "N1-A", "message": "T-1 is no number"}]),
            (ShipmentAnswer("N1-A", refused="*** is no number"),),
        ),
        (answer([], [{"order_id": "N1-A"}]), (ShipmentAnswer("N1-A", refused="Mirakl gives no reason"),)),
        (answer({"N1-A": "s1"}, "none"), ()),
        ({"deletion_success": [DONE]}, ()),
        ({}, ()),
        ([], ()),
        (None, ()),
    ],
)
def test_each_entry_that_has_one_clear_answer(content: Any, answers: tuple[ShipmentAnswer, ...]) -> None:
    assert shipment_answers(content, ASKED, key="order_id") == answers


def test_what_is_tracked_or_shipped_goes_by_its_own_id() -> None:
    content = answer([{"id": "s1"}], [{"id": "s2", "message": "No shipment with id 's2'."}])
    assert shipment_answers(content, {"s2": "", "s1": ""}, key="id") == (
        ShipmentAnswer("s2", refused="No shipment with id 's2'."),
        ShipmentAnswer("s1", id="s1"),
    )
