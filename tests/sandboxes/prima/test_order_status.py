"""OrderStatus: one word for what the books hold, an error for what they do not."""

from __future__ import annotations

import pytest

from tests.sandboxes.prima.caller import Caller, element, line, request

TWO = (line(LineReference="A-1"), line(LineReference="A-2", Product="ITEM-002"))


def asked(*numbers: str) -> str:
    return request("OrderStatus", *(element("Data", {"OrderNumber": one}) for one in numbers))


def test_an_unknown_number_is_an_error_that_names_it() -> None:
    result = Caller().result(asked("99"))
    assert (result.get("RequestStatus"), result.get("RequestType")) == ("ERROR", "OrderStatus")
    assert result.get("Error") == "(E:16) Sales Order Header does not exist with Order Number equal to 99"
    assert [one.tag for one in result] == ["RequestError"]


def test_the_text_for_an_unknown_number_is_a_setting() -> None:
    result = Caller({"unknown_order": "No {number}"}).result(asked("99"))
    assert result.get("Error") == "No 99"


def test_words_follow_the_order_through_its_life() -> None:
    caller = Caller()
    caller.order(*TWO, HoldOrder="Yes")
    assert caller.status() == "Held"
    caller.control("hold_order", number="20100001", held=False)
    assert caller.status() == "Received"
    caller.control("ship", number="20100001", lines={"A-1": 2})
    assert caller.status() == "Part Despatched"
    caller.control("ship", number="20100001")
    assert caller.status() == "Despatched"


def test_what_is_cancelled_says_so_and_what_is_deleted_is_unknown() -> None:
    caller = Caller()
    for number in ("1", "2", "3"):
        caller.order(*TWO, OrderNumber=number)
    caller.control("cancel_order", number="1")
    caller.control("delete_order", number="2")
    caller.control("ship", number="3", lines={"A-1": 2})
    caller.control("cancel_line", number="3", reference="A-2")
    assert [caller.status(number) for number in ("1", "2", "3")] == ["Cancelled", "", "Despatched"]


def test_a_deleted_number_can_be_used_again() -> None:
    caller = Caller()
    caller.order()
    caller.control("delete_order", number="20100001")
    assert caller.order().get("RequestStatus") == "OK"
    assert [one["deleted"] is None for one in caller.books()["orders"]] == [False, True]
    assert caller.books()["creations_per_reference"] == {"1|NO-N000001-A": 2}


def test_the_spelling_of_the_words_is_a_setting() -> None:
    caller = Caller({"words": {"part": "Part-Despatched"}})
    caller.order(*TWO)
    caller.control("ship", number="20100001", lines={"A-1": 1})
    assert caller.status() == "Part-Despatched"


def test_a_despatch_shows_when_it_can_be_seen() -> None:
    caller = Caller({"visible_after_seconds": 60})
    caller.order()
    caller.control("ship", number="20100001")
    assert caller.status() == "Received"
    caller.later(60)
    assert caller.status() == "Despatched"


@pytest.mark.parametrize(("echoes", "names"), [(True, {"OrderNumber", "OrderStatus"}), (False, {"OrderStatus"})])
def test_whether_the_number_comes_back_is_a_setting(echoes: bool, names: set[str]) -> None:
    caller = Caller({"status_echoes_number": echoes})
    caller.order()
    (answer,) = caller.result(asked("20100001"))
    assert set(answer.attrib) == names


def test_several_numbers_are_answered_one_by_one_and_one_that_is_unknown_fails_all() -> None:
    caller = Caller()
    caller.order(OrderNumber="1")
    caller.order(OrderNumber="2")
    assert [one.get("OrderNumber") for one in caller.result(asked("1", "2"))] == ["1", "2"]
    assert caller.result(asked("1", "9")).get("RequestStatus") == "ERROR"


def test_another_company_does_not_know_the_number() -> None:
    caller = Caller()
    caller.order()
    assert caller.result(asked("20100001"), company="2").get("RequestStatus") == "ERROR"
