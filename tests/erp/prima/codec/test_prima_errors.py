"""Several messages in one attribute: which there are, which of them is the cause, and how one is known again."""

from __future__ import annotations

import pytest

from shared.erp.prima.codec.prima_errors import PrimaError, causes, fingerprint, split
from tests.erp.prima.codec.orders import SAX

TRACE = "DEV MODE Stack Trace (Msg - E:Exist1): CheckOrders imp/procorders.p (line 10) wsom-EndNode-Data"
CASCADE = (
    "(E:194) NO VALID Sales Order Header Details for Line\n(E:194) NO VALID Sales Order Header Details for Charges\n"
    "(E:194) NO VALID Sales Order Line Details for Matrix Levels\n"
)
EXISTS = "Sales Order Header already exists with Order Number equal to 20100001"
NO_LINES = "There were no Valid Order Lines found for the  Current Order 20100001"
VAT = "Price obtained from the Price Book has a different VAT Incl Prices Value to the Sales Order"


def codes(errors: tuple[PrimaError, ...]) -> list[str]:
    return [error.code for error in errors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("  \n", ()),
        (f"(E:21) {EXISTS}", (PrimaError("E:21", EXISTS),)),
        (f"(E:21) {EXISTS}  {TRACE}\n{CASCADE}", (PrimaError("E:21", EXISTS), *split(CASCADE))),
        (f"(E:21) {EXISTS}\n{TRACE}", (PrimaError("E:21", EXISTS),)),
        (f"(E:548) {VAT} (E:548) {VAT}", (PrimaError("E:548", VAT),)),
        (SAX, (PrimaError("14586", SAX),)),
        ("No such order", (PrimaError("", "No such order"),)),
        (f"Before (E:21) {EXISTS}", (PrimaError("", "Before"), PrimaError("E:21", EXISTS))),
        ("(E:9)", (PrimaError("E:9", ""),)),
        (TRACE, ()),
    ],
)
def test_messages(text: str, expected: tuple[PrimaError, ...]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"(E:21) {EXISTS}{CASCADE}", ["E:21"]),
        (f"{CASCADE}(E:548) {VAT}", ["E:548"]),
        (f"(E:194) {NO_LINES}{CASCADE}", ["E:194"]),
        (f"(E:548) {VAT} (E:194) {NO_LINES}", ["E:548"]),
        (CASCADE, []),
        (SAX, ["14586"]),
        ("", []),
    ],
)
def test_what_follows_from_another_error_is_no_cause(text: str, expected: list[str]) -> None:
    assert codes(causes(split(text))) == expected


@pytest.mark.parametrize(
    ("recorded", "later", "same"),
    [
        (("Order 99999999 not found", "99999999"), ("Order 20100001 not found", "20100001"), True),
        (("Order 099999999 not found", "99999999"), ("Order 0020100001 not found", "20100001"), True),
        (("Order 99 not found", "0099"), ("Order 201 not found", "00201"), True),
        (("(E:7) Order 99999999 not found", "99999999"), ("(E:8) Order 20100001 not found", "20100001"), False),
        (("Order 99999999 not found", "99999999"), ("Order 20100002 not found", "20100001"), False),
        (("Order 99999999 not found", "99999999"), ("Database is down", "20100001"), False),
        (("X-99999999A unknown", "99999999"), ("X-20100001A unknown", "20100001"), False),
    ],
)
def test_an_answer_is_known_again_apart_from_its_number(
    recorded: tuple[str, str], later: tuple[str, str], same: bool
) -> None:
    first, second = (fingerprint(split(text), number=number) for text, number in (recorded, later))
    assert first
    assert (first == second) == same


@pytest.mark.parametrize("text", ["", SAX, f"(E:1) x {SAX}\n(E:2) y (14586)"])
def test_nothing_is_known_by_silence_or_by_a_complaint_about_our_xml(text: str) -> None:
    found = fingerprint((*split(text), *split(SAX if text else "")), number="1")
    assert found == ""
