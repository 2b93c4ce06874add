"""Several reads in one call: their bytes, and answers that come in any order or not whole."""

from __future__ import annotations

import pytest

from shared.erp.business_central.batch import answers, reads
from shared.erp.microsoft.odata import Unreadable
from shared.erp.transport import Answer


def test_reads_are_the_recorded_bytes() -> None:
    assert reads(["companies(1)/salesOrders?$filter=number%20eq%20'1'", "companies(1)/items"]) == (
        b'{"requests":[{"id":"1","method":"GET","url":"companies(1)/salesOrders?$filter=number%20eq%20\'1\'"},'
        b'{"id":"2","method":"GET","url":"companies(1)/items"}]}'
    )


def test_answers_stand_in_the_order_of_the_requests() -> None:
    body = (
        b'{"responses":[{"id":"2","status":404,"headers":{}},'
        b'{"id":"1","status":200,"headers":{"Retry-After":"5"},"body":{"value":[{"amount":1.50}]}}]}'
    )
    assert answers(Answer(200, body), 2) == (
        Answer(200, b'{"value":[{"amount":1.50}]}', {"retry-after": "5"}),
        Answer(404, b"{}"),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"responses":',
        b"{}",
        b'{"responses":[{"id":"1","status":200}]}',
        b'{"responses":[{"id":"1","status":200},null]}',
        b'{"responses":[{"id":"1","status":200},{"id":"2"}]}',
        b'{"responses":[{"id":"1","status":200},{"id":"2","status":null}]}',
    ],
)
def test_what_is_not_whole_is_no_answer(body: bytes) -> None:
    with pytest.raises(Unreadable):
        answers(Answer(200, body), 2)
