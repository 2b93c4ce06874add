"""Only the `Data` of this attempt and this order tells whether it is in Prima."""

from __future__ import annotations

import pytest

from shared.erp.prima.codec.order_reply import OrderReply, order_reply
from shared.erp.prima.codec.prima_errors import PrimaError
from shared.erp.prima.markup import Unreadable
from tests.erp.prima.codec.orders import DECLARATION, NUMBER, SAX, UNIQUE_ID, order_data, result

EXISTS = f"(E:21) Sales Order Header already exists with Order Number equal to {NUMBER}"
CASCADE = "(E:194) NO VALID Sales Order Header Details for Line"


def read(text: str) -> OrderReply:
    return order_reply(text, number=NUMBER, unique_id=UNIQUE_ID)


def fate(reply: OrderReply) -> str:
    return "accepted" if reply.accepted else "refused" if reply.refused else "matched" if reply.matched else "no match"


def test_an_order_that_was_created() -> None:
    reply = read(result(order_data(customer="0000000001")))
    assert reply == OrderReply(True, NUMBER, "0000000001", matched=True, company="1")


def test_an_order_that_was_refused() -> None:
    reply = read(result(order_data("ERROR", error=f"{EXISTS}  DEV MODE Stack Trace imp/procorders.p\n{CASCADE}\n")))
    assert (reply.accepted, reply.refused, reply.duplicate, reply.malformed) == (False, True, True, False)
    assert [error.code for error in reply.errors] == ["E:21", "E:194"]
    assert reply.causes == (PrimaError("E:21", EXISTS.removeprefix("(E:21) ")),)


def test_a_request_that_could_not_be_parsed() -> None:
    text = result(f'<RequestError Error="{SAX}"/>', extra=f' Error="{SAX}" RequestStatus="ERROR"')
    reply = read(text)
    assert (fate(reply), reply.malformed, reply.errors) == ("no match", True, (PrimaError("14586", SAX),))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (order_data(), "accepted"),
        (order_data("ok"), "accepted"),
        (order_data().lower().replace("<data", "<DATA").replace("</data", "</DATA"), "accepted"),
        (order_data("ERROR"), "refused"),
        (order_data("OK", error="(E:5) but"), "matched"),
        (order_data("PENDING"), "matched"),
        (order_data(""), "matched"),
        (order_data().replace('RequestStatus="OK"', ""), "matched"),
        (order_data() + order_data("ERROR"), "matched"),
        (order_data() + order_data(), "accepted"),
        (order_data(number="20100002"), "no match"),
        (order_data(number=""), "no match"),
        (order_data(unique_id="87654321"), "no match"),
        (order_data(unique_id=""), "no match"),
        (order_data(number="20100002", unique_id="87654321"), "no match"),
        (order_data("ERROR", number="20100002", error=EXISTS), "no match"),
        (order_data("ERROR", number="20100002") + order_data(), "accepted"),
        (order_data(number="20100002") + order_data("ERROR"), "refused"),
        (f"<Batch>{order_data()}</Batch>", "no match"),
        ("", "no match"),
    ],
)
def test_whose_data_it_is_decides(inside: str, expected: str) -> None:
    assert fate(read(result(inside))) == expected


def test_another_orders_errors_are_not_ours() -> None:
    assert read(result(order_data("ERROR", number="20100002", error=EXISTS))).errors == ()
    both = read(result(order_data("ERROR", number="20100002", error=EXISTS) + order_data("ERROR", error="(E:548) VAT")))
    assert [error.code for error in both.errors] == ["E:548"]


@pytest.mark.parametrize("extra", ["", ' RequestStatus="OK"'])
def test_a_status_on_the_result_is_no_order_s(extra: str) -> None:
    assert fate(read(result("", extra=extra))) == "no match"
    assert fate(read(result(order_data("ERROR"), extra=extra))) == "refused"


@pytest.mark.parametrize(
    "text", ["", "<html/>", DECLARATION, result(order_data())[:-9], result(order_data(), kind="OrderStatus")]
)
def test_no_reply_to_an_order(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)
