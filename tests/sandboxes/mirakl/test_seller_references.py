"""OR04: the seller's own reference on many orders at once, each succeeding or failing inside one 200."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandboxes.mirakl.seller import START, Seller, place, seller, wanted

HOUR = timedelta(hours=1)
NAME = "order_reference_for_seller"


def patch(order_id: str, *value: Any) -> dict[str, Any]:
    return {"order_id": order_id, "references": {NAME: value[0]} if value else {}}


def update(of: Seller, *patches: dict[str, Any]) -> list[dict[str, Any]]:
    response = of.call("PUT", "/api/orders", {"orders": patches})
    assert response.status == 200, response.body
    answers: list[dict[str, Any]] = response.json()["updated_orders"]
    return answers


def reference(of: Seller, order_id: str = "X") -> Any:
    return of.order(order_id)["references"][NAME]


def test_a_reference_is_shown_found_changed_and_removed() -> None:
    shop = seller()
    place(shop, wanted())

    (answer,) = update(shop.after(HOUR), patch("X", "SO-1"))
    assert (answer["order_id"], answer["updated"]["references"], answer["errors"]) == ("X", {NAME: "SO-1"}, [])
    assert (reference(shop), shop.order("X")["last_updated_date"]) == ("SO-1", "2026-03-02T09:00:00Z")
    assert [order["order_id"] for order in shop.page(order_references_for_seller="SO-0,SO-1")["orders"]] == ["X"]

    update(shop.after(HOUR), patch("X", "SO-2"))
    assert shop.page(order_references_for_seller="SO-1")["orders"] == []
    update(shop.after(HOUR), patch("X", None))

    assert reference(shop) is None
    assert shop.booked("X")["seller_reference"] == {"value": None, "at": START + 3 * HOUR, "count": 3}


@pytest.mark.parametrize("entry", [patch("X"), {"order_id": "X"}, {"order_id": "X", "references": None}], ids=str)
def test_what_is_not_named_stays(entry: dict[str, Any]) -> None:
    shop = seller()
    place(shop, wanted())
    update(shop, patch("X", "SO-1"))

    (answer,) = update(shop.after(HOUR), entry)

    assert answer["updated"]["references"] == {NAME: "SO-1"}
    assert shop.order("X")["last_updated_date"] == "2026-03-02T08:00:00Z"


def test_each_order_succeeds_or_fails_for_itself() -> None:
    shop = seller()
    place(shop, *(wanted(name) for name in "ABCDE"))
    place(shop, wanted("OTHER"), shop="north/2002")

    answers = update(
        shop,
        patch("NOWHERE", "SO-1"),
        patch("OTHER", "SO-2"),
        patch("A", " "),
        patch("B", "S" * 2001),
        patch("C", 17),
        patch("D", "S" * 2000),
        patch("E", "SO-5"),
    )

    errors = [answer["errors"][0] if answer["errors"] else None for answer in answers]
    assert [error and error["field"] for error in errors] == [
        "order_id",
        "order_id",
        f"references.{NAME}",
        f"references.{NAME}",
        f"references.{NAME}",
        None,
        None,
    ]
    assert [("updated" in answer) for answer in answers] == [False] * 5 + [True] * 2
    assert all(error["code"] and error["message"] for error in errors if error)
    assert [reference(shop, name) for name in "ABC"] == [None] * 3
    assert reference(shop, "E") == "SO-5"


def test_an_order_in_any_state_keeps_its_reference_and_an_unknown_field_is_noted() -> None:
    shop = seller()
    place(shop, wanted())
    shop.control("cancel", platform="north", order_id="X")

    update(shop, {**patch("X", "SO-1"), "order_lines": [{"order_line_id": "X-1"}]})

    assert reference(shop) == "SO-1"
    assert shop.ignored() == ["body orders[].order_lines"]


def test_a_hundred_orders_fit_into_a_call() -> None:
    shop = seller()
    place(shop, *(wanted(f"N{number}") for number in range(100)))

    answers = update(shop, *(patch(f"N{number}", f"SO-{number}") for number in range(100)))

    assert {len(answer["errors"]) for answer in answers} == {0}
