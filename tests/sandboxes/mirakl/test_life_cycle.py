"""What time, the seller, the shopper and the bank do to an order, and when each change is said to have happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sandboxes.mirakl.seller import START, Seller, place, seller, wanted

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def accepted(of: Seller, order_id: str = "X", lines: int = 1) -> Seller:
    assert of.decide(order_id, **{f"L{number}": True for number in range(1, lines + 1)}).status == 204
    return of


def history(of: Seller, order_id: str = "X") -> list[tuple[timedelta, str]]:
    return [(step["at"] - START, step["state"]) for step in of.booked(order_id)["history"]]


def test_an_order_that_nobody_accepts_is_refused_at_the_end_of_its_window() -> None:
    shop = seller(acceptance_window=24 * HOUR)
    place(shop, wanted())

    assert shop.after(24 * HOUR - MINUTE).order("X")["order_state"] == "WAITING_ACCEPTANCE"
    order = shop.after(10 * HOUR).order("X")

    assert order["order_state"] == "REFUSED"
    assert order["order_lines"][0]["order_line_state"] == "REFUSED"
    assert order["acceptance_decision_date"] is None
    assert order["last_updated_date"] == "2026-03-03T08:00:00Z", "the time it happened, not the time of asking"
    assert shop.booked("X")["decided_how"] == "auto_refused"
    assert shop.decide("X", L1=True).json()["code"] == "ORDER_INVALID_STATE"


def test_an_accepted_order_is_paid_after_a_while_and_may_then_be_shipped() -> None:
    shop = seller(debit_sending=MINUTE, debit_delay=5 * MINUTE)
    place(shop, wanted())

    accepted(shop.after(HOUR))
    order = shop.after(HOUR).order("X")

    assert history(shop) == [
        (0 * HOUR, "WAITING_ACCEPTANCE"),
        (HOUR, "WAITING_DEBIT"),
        (HOUR + MINUTE, "WAITING_DEBIT_PAYMENT"),
        (HOUR + 6 * MINUTE, "SHIPPING"),
    ]
    assert order["acceptance_decision_date"] == "2026-03-02T09:00:00Z"
    assert order["customer_debited_date"] == order["last_updated_date"] == "2026-03-02T09:06:00Z"
    assert order["order_lines"][0]["debited_date"] == "2026-03-02T09:06:00Z"
    assert order["can_shop_ship"] is True


@pytest.mark.parametrize(
    "workflow", ["PAY_ON_DELIVERY", "PAY_ON_DUE_DATE", "PAY_ON_SHIPMENT", "NO_CUSTOMER_PAYMENT_CONFIRMATION"]
)
def test_only_pay_on_acceptance_waits_for_the_money(workflow: str) -> None:
    shop = seller(payment_workflow=workflow)
    place(shop, wanted())

    order = accepted(shop).order("X")

    assert (order["order_state"], order["customer_debited_date"]) == ("SHIPPING", None)


def test_a_refused_debit_cancels_the_order_and_leaves_its_amounts() -> None:
    shop = seller(debit_delay=5 * MINUTE)
    place(shop, wanted(debit="refused"))

    order = accepted(shop).after(HOUR).order("X")

    assert (order["order_state"], order["customer_debited_date"]) == ("CANCELED", None)
    assert order["order_lines"][0]["cancelations"] == []
    assert order["total_price"] > 0
    assert order["customer"]["shipping_address"] is None


def test_a_held_debit_waits_until_it_is_settled_or_refused() -> None:
    shop = seller()
    place(shop, wanted("A", debit="held"), wanted("B", debit="held"))
    accepted(accepted(shop, "A"), "B").after(100 * HOUR)
    assert {shop.order(name)["order_state"] for name in "AB"} == {"WAITING_DEBIT_PAYMENT"}

    shop.control("settle_debit", platform="north", order_id="A")
    shop.control("refuse_debit", platform="north", order_id="B")

    assert [shop.order(name)["order_state"] for name in "AB"] == ["SHIPPING", "CANCELED"]


def test_a_debit_refused_before_acceptance_is_refused_when_its_time_comes() -> None:
    shop = seller(debit_delay=5 * MINUTE)
    place(shop, wanted())
    shop.control("refuse_debit", platform="north", order_id="X")

    assert shop.order("X")["order_state"] == "WAITING_ACCEPTANCE"
    assert accepted(shop).order("X")["order_state"] == "WAITING_DEBIT_PAYMENT"
    assert shop.after(5 * MINUTE).order("X")["order_state"] == "CANCELED"


def test_the_fraud_check_comes_before_the_shop() -> None:
    shop = seller(staging=HOUR)
    place(shop, wanted())

    assert shop.order("X")["order_state"] == "STAGING"
    assert shop.after(HOUR).order("X")["order_state"] == "WAITING_ACCEPTANCE"
    assert shop.booked("X")["window_end"] == START + 24 * HOUR, "the window counts from created_date"


def test_a_fraud_check_longer_than_the_window_leaves_the_shop_no_time() -> None:
    shop = seller(staging=5 * HOUR, acceptance_window=HOUR)
    place(shop, wanted())
    shop.after(9 * HOUR)

    assert history(shop)[1:] == [(5 * HOUR, "WAITING_ACCEPTANCE"), (5 * HOUR, "REFUSED")]


@pytest.mark.parametrize("staging", [0 * HOUR, HOUR])
def test_an_operator_that_accepts_by_itself_never_asks_the_shop(staging: timedelta) -> None:
    shop = seller(order_acceptance="AUTOMATIC", staging=staging)
    place(shop, wanted())

    order = shop.after(2 * HOUR).order("X")

    assert (order["order_state"], order["acceptance_decision_date"]) == ("SHIPPING", None)
    assert "WAITING_ACCEPTANCE" not in [state for _, state in history(shop)]
    assert shop.booked("X")["decided_how"] == "auto_accepted"


def test_a_refusal_of_every_line_refuses_the_order_and_a_part_goes_on() -> None:
    shop = seller()
    place(shop, wanted("ALL", lines=2), wanted("PART", lines=2))

    assert shop.decide("ALL", L1=False, L2=False).status == 204
    assert shop.decide("PART", L1=True, L2=False).status == 204
    shop.after(HOUR)

    assert shop.order("ALL")["order_state"] == "REFUSED"
    assert shop.order("ALL")["acceptance_decision_date"] is not None
    assert shop.order("PART")["order_state"] == "SHIPPING"
    assert [line["order_line_state"] for line in shop.order("PART")["order_lines"]] == ["SHIPPING", "REFUSED"]
    assert [shop.booked(name)["decided_how"] for name in ("ALL", "PART")] == ["refused", "partly_accepted"]


@pytest.mark.parametrize("paid", [False, True])
def test_a_cancelled_line_shows_nothing_and_its_amounts_move_to_the_cancelation(paid: bool) -> None:
    shop = seller()
    place(shop, wanted(lines=2))
    whole = shop.order("X")["order_lines"][0]
    if paid:
        accepted(shop, lines=2).after(HOUR)

    shop.control("cancel", platform="north", order_id="X", lines=["X-1"])
    order = shop.order("X")
    first, second = order["order_lines"]

    assert first["order_line_state"] == "CANCELED"
    assert (first["price"], first["total_price"], first["taxes"][0]["amount"]) == (0, 0, 0)
    assert first["cancelations"][0]["amount"] == whole["price"]
    assert first["cancelations"][0]["taxes"][0]["amount"] == whole["taxes"][0]["amount"]
    assert second["order_line_state"] == order["order_state"] == ("SHIPPING" if paid else "WAITING_ACCEPTANCE")
    assert order["total_price"] == second["total_price"]


def test_an_address_once_shown_stays_when_the_order_is_cancelled() -> None:
    shop = seller()
    place(shop, wanted())
    accepted(shop).after(HOUR).control("cancel", platform="north", order_id="X")

    assert shop.order("X")["order_state"] == "CANCELED"
    assert shop.order("X")["customer"]["shipping_address"] is not None


def test_what_is_left_after_a_cancelation_is_accepted_alone() -> None:
    shop = seller()
    place(shop, wanted(lines=2))
    shop.control("cancel", platform="north", order_id="X", lines=["X-1"])

    assert shop.decide("X", L2=True).status == 204
    assert shop.after(HOUR).order("X")["order_state"] == "SHIPPING"


def test_an_order_cancelled_as_a_whole_is_over() -> None:
    shop = seller()
    place(shop, wanted(lines=2))

    answer = shop.control("cancel", platform="north", order_id="X")

    assert answer == {"lines": ["X-1", "X-2"], "state": "CANCELED"}
    assert shop.after(48 * HOUR).booked("X")["decided_how"] == "cancelled"
    assert shop.control("cancel", platform="north", order_id="X") == {"lines": [], "state": "CANCELED"}


def test_a_touch_changes_the_update_date_alone() -> None:
    shop = seller()
    place(shop, wanted())
    before = shop.order("X")

    shop.after(MINUTE).control("touch", platform="north", order_id="X")

    assert shop.order("X") == {**before, "last_updated_date": "2026-03-02T08:01:00Z"}


def test_what_fell_due_long_ago_happened_at_its_own_time_whoever_asks_first() -> None:
    asked_once, asked_often = seller(), seller()
    for shop in (asked_once, asked_often):
        place(shop, wanted("A", staging=HOUR), wanted("B", debit_delay=7 * HOUR))
        accepted(shop, "B")
    for _ in range(30):
        asked_often.after(HOUR).page()
    asked_once.after(30 * HOUR)

    assert [history(asked_once, name) for name in "AB"] == [history(asked_often, name) for name in "AB"]


def test_time_never_goes_back() -> None:
    shop = seller()
    place(shop, wanted())
    shop.after(HOUR).page()

    assert accepted(shop.after(-HOUR / 2)).order("X")["acceptance_decision_date"] == "2026-03-02T09:00:00Z"
