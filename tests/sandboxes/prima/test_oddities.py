"""Faults of Prima's own: what the caller sees of each, and what happened."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from sandboxes.faults import Fault
from sandboxes.prima.oddities import UNHEARD_OF
from sandboxes.wire import Hang, Request
from tests.sandboxes.prima.caller import HEADERS, PATH, Caller, codes, data, element, envelope, inner, read, request

ORDER = envelope("wsomhandler", {"pcRequest": request("MultiNewOrder", data())})
STATUS = request("OrderStatus", element("Data", {"OrderNumber": "20100001"}))
DUMP = request("ProductAvailableToSell", element("Data", {"ProductFrom": "", "ProductTo": ""}))


@pytest.mark.parametrize(
    ("kind", "number", "happened"),
    [
        ("fault_10893_before", "10893", False),
        ("fault_10893_after", "10893", True),
        ("fault_10921_before", "10921", False),
        ("fault_10921_after", "10921", True),
    ],
)
def test_a_soap_fault_says_the_same_whether_it_happened_or_not(kind: str, number: str, happened: bool) -> None:
    caller = Caller()
    caller.fail(kind)
    answer = caller.post(ORDER)
    assert answer.status == 500
    (detail,) = (one for one in read(answer.body).iter() if one.tag.endswith("}FaultDetail"))
    assert f"({number})" in (detail.findtext("errorMessage") or "")
    assert len(caller.books()["orders"]) == happened
    assert (caller.order().get("RequestStatus") == "ERROR") is happened


@pytest.mark.parametrize("others", [0, 1])
def test_another_order_s_data_is_ok_and_about_another(others: int) -> None:
    caller = Caller()
    for number in range(others):
        caller.order(OrderNumber=f"{number}", UniqueId=f"u{number}")
    caller.fail("another_order", times=2)
    answer = caller.order()
    assert answer.get("RequestStatus") == "OK"
    assert answer.get("OrderNumber") != "20100001"
    assert answer.get("UniqueID") != "12345678"
    assert caller.result(STATUS)[0].get("OrderNumber") != "20100001"
    assert "20100001" in [one["number"] for one in caller.books()["orders"]]


def test_a_broken_server_answers_error_for_an_order_that_is_known() -> None:
    caller = Caller()
    caller.order()
    unknown = caller.result(STATUS.replace("20100001", "9")).get("Error", "")
    caller.fail("broken_status")
    broken = caller.result(STATUS)
    assert broken.get("RequestStatus") == "ERROR"
    assert broken.get("Error") != unknown.replace("9", "20100001")
    assert caller.status() == "Received"


def test_a_word_that_nobody_has_heard_of() -> None:
    caller = Caller()
    caller.order()
    caller.fail("unknown_word")
    assert caller.status() == UNHEARD_OF
    assert caller.status() not in (UNHEARD_OF, "")


def test_a_turned_price_book_refuses_orders_while_it_lasts() -> None:
    caller = Caller()
    caller.faulty.faults.append(Fault("vat_flipped", "order", times=99, until=caller.now + timedelta(hours=1)))
    assert codes(caller.order())[0] == "E:548"
    assert codes(caller.order())[0] == "E:548"
    caller.later(3600)
    assert caller.order().get("RequestStatus") == "OK"


def test_dev_mode_for_one_call() -> None:
    caller = Caller()
    caller.order()
    caller.fail("dev_mode")
    assert ["DEV MODE" in next(caller.order().iter("RequestError")).get("Error", "") for _ in (1, 2)] == [True, False]


def test_a_partial_dump_says_ok_and_a_doubled_one_too() -> None:
    caller = Caller()
    whole = [row.attrib for row in caller.result(DUMP).iter("sku")]
    caller.fail("partial_stock")
    caller.fail("double_rows")
    partial, double = caller.result(DUMP), caller.result(DUMP)
    assert [one.get("RequestStatus") for one in (partial, double)] == ["OK", "OK"]
    assert [row.attrib for row in partial.iter("sku")] == whole[: len(whole) // 9]
    assert [row.attrib for row in double.iter("sku")][::2] == whole


def test_xml_cut_inside_a_whole_envelope_happened() -> None:
    caller = Caller()
    caller.fail("cut_inside")
    assert not inner(caller.post(ORDER)).endswith("</Result>")
    assert len(caller.books()["orders"]) == 1


def test_an_order_is_created_after_its_caller_gave_up() -> None:
    caller = Caller()
    caller.faulty.faults.append(Fault("late_commit", "order", "20100001", delay=timedelta(minutes=10)))
    sent = Request.to("POST", PATH, headers=HEADERS, body=ORDER)
    assert isinstance(caller.faulty.handle(sent, caller.now), Hang)
    assert caller.status() == ""
    caller.later(600)
    assert caller.status() == "Received"
    assert codes(caller.order())[0] == "E:21"


def test_the_journal_names_operations_subjects_and_faults() -> None:
    caller = Caller()
    caller.fail("fault_10921_after")
    caller.post(ORDER)
    caller.result(STATUS)
    caller.result(DUMP)
    caller.get(f"{PATH}/wsdl")
    caller.post(b"")
    told = [asdict(one) for one in caller.faulty.entries()]
    assert [(one["operation"], one["subject"], one["status"], one["fault"]) for one in told] == [
        ("order", "20100001", 500, "fault_10921_after"),
        ("status", "20100001", 200, ""),
        ("stock", "", 200, ""),
        ("wsdl", "", 200, ""),
        ("unknown", "", 500, ""),
    ]
    assert caller.faulty.survived == {"fault_10921_after": 1}
