"""Known, unknown, or left open: unknown is only the answer that a number which cannot exist was given."""

from __future__ import annotations

import pytest

from shared.erp.prima.codec.prima_errors import fingerprint
from shared.erp.prima.codec.status_reply import StatusReply, status_reply
from shared.erp.prima.markup import Unreadable
from tests.erp.prima.codec.orders import NUMBER, SAX, result

IMPOSSIBLE = "99999999"
OK, ERROR = ' RequestStatus="OK"', ' RequestStatus="ERROR"'


def reply(inside: str, extra: str) -> str:
    return result(inside, kind="OrderStatus", extra=extra)


def no_order(number: str) -> str:
    return reply(f'<RequestError Error="(E:33) Sales Order {number} not available"/>', ERROR)


RECORDED = fingerprint(status_reply(no_order(IMPOSSIBLE), number=IMPOSSIBLE).errors, number=IMPOSSIBLE)


def read(text: str, unknown: str = RECORDED) -> StatusReply:
    return status_reply(text, number=NUMBER, unknown=unknown)


@pytest.mark.parametrize(
    ("inside", "extra", "known", "word"),
    [
        (f'<Data OrderNumber="{NUMBER}" OrderStatus="Part Despatched"/>', OK, True, "Part Despatched"),
        ('<Data OrderStatus="Despatched"/>', OK, True, "Despatched"),
        (f'<DATA ordernumber="{NUMBER}" orderstatus=" Cancelled "/>', OK, True, "Cancelled"),
        (f'<Data OrderNumber="{NUMBER}"/>', OK, True, ""),
        (
            f'<Data OrderNumber="1" OrderStatus="Despatched"/><Data OrderNumber="{NUMBER}" OrderStatus="Held"/>',
            OK, True, "Held",
        ),
        (
            f'<Data OrderNumber="{NUMBER}" OrderStatus="Held"/><Data OrderNumber="{NUMBER}" OrderStatus="Despatched"/>',
            OK, True, "",
        ),
        ('<Data OrderNumber="20100002" OrderStatus="Despatched"/>', OK, None, ""),
        ('<Data OrderStatus="Held"/><Data OrderStatus="Held"/>', OK, None, ""),
        ("<Data/>", OK, None, ""),
        ("", OK, None, ""),
        (f'<Data OrderNumber="{NUMBER}" OrderStatus="Despatched"/>', "", None, ""),
        (f'<Data OrderNumber="{NUMBER}" OrderStatus="Despatched"/>', ERROR, None, ""),
        ("", ERROR, None, ""),
        ('<RequestError Error="Database is not connected"/>', ERROR, None, ""),
        (f'<RequestError Error="(E:33) Sales Order {NUMBER} not available"/>', ERROR, False, ""),
        (f'<Data OrderNumber="{NUMBER}"><RequestError Error="(E:33) Sales Order {NUMBER} not available"/></Data>', ERROR, False, ""),
        (f'<Data OrderNumber="20100002"/><RequestError Error="(E:33) Sales Order {NUMBER} not available"/>', ERROR, None, ""),
        ('<RequestError Error="(E:33) Sales Order 20100002 not available"/>', ERROR, None, ""),
        (f'<RequestError Error="(E:33) Sales Order {NUMBER} not available"/>', OK, None, ""),
    ],
)  # fmt: skip
def test_what_the_answer_says(inside: str, extra: str, known: bool | None, word: str) -> None:
    found = read(reply(inside, extra))
    assert (found.known, found.word, found.company) == (known, word, "1")


@pytest.mark.parametrize("text", [no_order(NUMBER), reply("", ERROR), reply(f'<RequestError Error="{SAX}"/>', ERROR)])
def test_without_a_recorded_answer_no_order_is_unknown(text: str) -> None:
    assert read(text, unknown="").known is None


@pytest.mark.parametrize("text", [reply("", ERROR), reply(f'<RequestError Error="{SAX}"/>', ERROR)])
def test_an_answer_without_a_mark_of_its_own_cannot_be_recorded(text: str) -> None:
    mark = fingerprint(status_reply(text, number=IMPOSSIBLE).errors, number=IMPOSSIBLE)
    assert read(text, unknown=mark).known is None


@pytest.mark.parametrize("text", ["", "<html/>", result("", extra=OK), no_order(NUMBER)[:-9]])
def test_no_reply_about_a_status(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)
