"""What of an order a refusal is about, as far as our own request tells it."""

from __future__ import annotations

import pytest

from shared.erp.prima.codec.order_reply import OrderReply
from shared.erp.prima.codec.prima_errors import split
from shared.erp.prima.refusals import refused, same_reason, told
from shared.model.sales_order import DraftLine
from tests.erp.prima.drafts import draft, line

NUMBER = "201000001"
VAT = "(E:548) Price obtained from the Price Book has a different VAT Incl Prices Value to the Sales Order\n"
NONE_VALID = f"(E:194) There were no Valid Order Lines found for the  Current Order {NUMBER}\n"
NOISE = "(E:194) NO VALID Sales Order Line Details for Matrix Levels\n"
ONE, TWO = line(1, "ITEM-001"), line(2, "ITEM-002")
FEE, SHIPPING = line(3, purpose="fee"), line(4, purpose="shipping")


def reply(text: str) -> OrderReply:
    return OrderReply(accepted=False, number=NUMBER, errors=split(text), matched=True, refused=True, company="1")


@pytest.mark.parametrize(
    ("text", "lines", "subject"),
    [
        (NONE_VALID, (ONE, SHIPPING), "item ITEM-001"),
        (NONE_VALID, (ONE, TWO), "order"),
        (VAT + NOISE + NONE_VALID, (ONE, line(2)), "item ITEM-001"),
        ("(E:905) Product item-002 is on hold\n" + NONE_VALID, (ONE, TWO), "item ITEM-002"),
        ("(E:905) Product ITEM-0021 is on hold\n", (ONE, TWO), "order"),
        ("(E:904) Charge FEE does not exist\n", (ONE, FEE, SHIPPING), "charge FEE"),
        ("(E:905) Customer MKP-HOLD is on hold\n", (ONE,), "order"),
        (NOISE, (ONE,), "item ITEM-001"),
        ("", (ONE,), "order"),
    ],
)
def test_what_it_is_about(text: str, lines: tuple[DraftLine, ...], subject: str) -> None:
    reason = refused(draft(lines=lines), reply(text), frozenset())
    assert (reason.kind, reason.subject) == ("erp_refused", subject)
    assert reason.reason.startswith("Prima answers: ")


def test_the_cause_is_told_and_what_follows_from_it_is_not() -> None:
    reason = refused(draft(), reply(VAT + NOISE + NONE_VALID), frozenset())
    assert "E:548" in reason.reason
    assert "E:194" not in reason.reason
    assert "price book" in reason.remedy


def test_a_long_text_is_shortened_after_the_shopper_is_out_of_it() -> None:
    text = told(split("(E:1) " + "Shopper Seventeen " * 200), draft(), frozenset())
    assert len(text) <= 401
    assert "Seventeen" not in text


def test_two_orders_refused_in_the_same_words_have_one_reason() -> None:
    first = same_reason(reply(NONE_VALID).causes, number=NUMBER)
    other = same_reason(split(NONE_VALID.replace(NUMBER, "201000002")), number="201000002")
    assert first == other
    assert first != same_reason(split(VAT), number=NUMBER)
