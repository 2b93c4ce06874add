"""Faults by local name: numbers and the request's id are kept, words that may quote an order are not."""

from __future__ import annotations

import pytest

from shared.erp.prima.faults import Fault, fault_in, what_follows
from shared.erp.prima.wsdl import body_of
from shared.erp.transport import Answer
from shared.errors import Unavailable, UnknownOutcome
from tests.erp.prima.envelopes import enveloped, fault, replied

GONE = "The urn:omlink:wsomhandler service is unavailable (10921)"


@pytest.mark.parametrize("namespace", ["urn:soap-fault:details", "http://prima.example.com/wsalive", "urn:x"])
def test_a_fault_is_read_in_any_namespace(namespace: str) -> None:
    found = fault_in(body_of(fault(GONE, "0a:1b-2", namespace=namespace)))
    assert found == Fault(("10921",), "0a:1b-2")
    assert found.text == "SOAP fault, the service is unavailable (10921), request id 0a:1b-2"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (replied("text"), None),
        (enveloped("<E:Fault/>"), Fault()),
        (enveloped("<E:Fault><faultstring>It broke (8812) (10893)</faultstring></E:Fault>"), Fault(("8812", "10893"))),
        (fault("it is for Anna Example (42)", "Anna Example"), Fault(("42",))),
        (fault("no number", "x" * 200), Fault()),
    ],
)
def test_what_a_fault_tells(content: bytes, expected: Fault | None) -> None:
    found = fault_in(body_of(content))
    assert found == expected
    assert found is None or "Anna" not in found.text


@pytest.mark.parametrize(("numbers", "down"), [(("10921",), True), (("10893",), False), ((), False)])
def test_no_fault_proves_that_nothing_happened(numbers: tuple[str, ...], down: bool) -> None:
    answer = Answer(500, headers={"retry-after": "7"})
    read = what_follows(Fault(numbers), answer, operation="OrderStatus", write=False)
    write = what_follows(Fault(numbers), answer, operation="MultiNewOrder", write=True)
    assert isinstance(read, Unavailable)
    assert isinstance(write, UnknownOutcome)
    assert write.down == down
    assert read.retry_after == write.retry_after
    assert write.retry_after is not None
