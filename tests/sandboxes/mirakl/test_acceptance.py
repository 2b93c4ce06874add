"""OR21: what a decision does once, and how its refusals are worded by different operators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandboxes.mirakl.seller import Seller, place, seller, wanted

INVALID = {
    "field": None,
    "code": "ORDER_INVALID_STATE",
    "message": "Order is not in the expected state for this operation",
}


def twice(of: Seller) -> tuple[int, bytes, int, Any]:
    """The same decision sent twice: status and body of the first answer, then of the second."""
    place(of, wanted())
    first, second = of.decide("X", L1=True), of.decide("X", L1=True)
    return first.status, first.body, second.status, second.json()


def test_a_decision_takes_effect_once_and_its_answer_is_empty() -> None:
    shop = seller()

    status, body, again, content = twice(shop)

    assert (status, body, again, content["code"]) == (204, b"", 400, "ORDER_INVALID_STATE")
    assert shop.booked("X")["or21_effects"] == 1


@pytest.mark.parametrize(
    ("shape", "content"),
    [
        ("code", {"code": INVALID["code"], "message": INVALID["message"], "status": 400, "errors": [INVALID]}),
        ("errors", {"message": INVALID["message"], "status": 400, "errors": [INVALID]}),
        ("error_code", {"error_code": INVALID["code"], "message": INVALID["message"], "status": 400}),
        ("bare", {"message": "Bad Request", "status": 400}),
    ],
)
def test_the_same_refusal_in_every_envelope(shape: str, content: dict[str, Any]) -> None:
    assert twice(seller(error_shape=shape))[3] == content


@pytest.mark.parametrize("code", ["ORDER_INVALID_STATE", "ORDER_LINE_NOT_FOUND"])
def test_the_answer_about_a_line_that_no_longer_waits_is_the_operators_choice(code: str) -> None:
    shop = seller(decided_line_code=code)
    place(shop, wanted(lines=2))
    shop.control("cancel", platform="north", order_id="X", lines=["X-1"])

    assert shop.decide("X", L1=True, L2=True).json()["code"] == code
    assert shop.booked("X")["state"] == "WAITING_ACCEPTANCE"


@pytest.mark.parametrize("taken", [True, False])
def test_a_shop_without_partial_acceptance_takes_all_or_nothing(taken: bool) -> None:
    shop = seller()
    place(shop, wanted(lines=2), shop="north/2002")
    content = {"order_lines": [{"id": f"X-{number}", "accepted": taken} for number in (1, 2)]}

    assert shop.call("PUT", "/api/orders/X/accept?shop_id=2002", content).status == 204
    assert shop.booked("X")["decided_how"] == ("accepted" if taken else "refused")


def test_a_decision_in_the_last_moment_counts_and_one_at_the_windows_end_does_not() -> None:
    shop = seller(acceptance_window=timedelta(hours=1))
    place(shop, wanted("A"), wanted("B"))
    shop.after(timedelta(hours=1, milliseconds=-1))

    assert shop.decide("A", L1=True).status == 204
    assert shop.after(timedelta(milliseconds=1)).decide("B", L1=True).json()["code"] == "ORDER_INVALID_STATE"


def test_unknown_fields_are_passed_over_and_written_down_by_name() -> None:
    shop = seller()
    place(shop, wanted())
    content = {"order_lines": [{"id": "X-1", "accepted": True, "quantity": 1}], "comment": "please"}

    assert shop.call("PUT", "/api/orders/X/accept?force=true", content).status == 204
    names = [one["name"] for one in shop.control("books")["ignored_inputs"]]
    assert names == ["query force", "body comment", "body order_lines[].quantity"]
