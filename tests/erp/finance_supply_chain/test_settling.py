"""What became of an order, as a table over what stands under its number and what was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.erp.finance_supply_chain.settling import settle
from shared.erp.transport import Answer
from shared.errors import BridgeError, Rejected, Throttled, Unauthorized, UnknownOutcome
from shared.model.sales_order import ErpOrder
from tests.erp.finance_supply_chain.drafts import address, draft, odata_error

DRAFT = draft(address=address(name="Shopper Seventeen", city="Testville"))
CREATED = (Answer(201, b"{}"), Answer(201, b"{}"))
DUPLICATE = (odata_error("Cannot create a record in Sales orders. The record already exists."),)


def shown(reference: str) -> ErpOrder:
    return ErpOrder(
        number=DRAFT.number,
        reference=reference,
        customer="C-NORTH",
        currency="EUR",
        status="Backorder",
        on_hold=False,
        lines=(),
    )


OURS, ANOTHERS = shown(DRAFT.reference), shown("NO-N999999-A")


@pytest.mark.parametrize(
    "answers",
    [CREATED, DUPLICATE, (odata_error("Update conflict."),), (Answer(503, b"<html>"),), (Answer(429),)],
    ids=["created", "duplicate", "conflict", "gateway", "throttled"],
)
def test_our_order_under_its_number_is_ours_whatever_was_answered(answers: tuple[Answer, ...]) -> None:
    assert settle(DRAFT, shown=OURS, answers=answers) is OURS


@pytest.mark.parametrize("answers", [CREATED, DUPLICATE], ids=["created", "duplicate"])
def test_another_reference_under_our_number_is_for_people(answers: tuple[Answer, ...]) -> None:
    with pytest.raises(Rejected) as refused:
        settle(DRAFT, shown=ANOTHERS, answers=answers)
    assert (refused.value.kind, refused.value.subject) == ("erp_number_taken", DRAFT.number)


@pytest.mark.parametrize(
    ("answers", "expected", "seconds"),
    [
        pytest.param(CREATED, UnknownOutcome, None, id="answered as created but not there"),
        pytest.param((Answer(429, b"", {"retry-after": "7"}),), Throttled, 7, id="throttled inside the batch"),
        pytest.param((Answer(403),), Unauthorized, None, id="no role"),
        pytest.param((Answer(503, b"<html>", {"retry-after": "9"}),), UnknownOutcome, 9, id="gateway inside the batch"),
        pytest.param((odata_error("An update conflict occurred."),), UnknownOutcome, 5, id="update conflict"),
        pytest.param((odata_error("Deadlock victim.", status=500),), UnknownOutcome, 5, id="deadlock"),
        pytest.param((odata_error("Cannot edit a record in Sales orders."),), UnknownOutcome, 5, id="cannot edit"),
    ],
)
def test_nothing_there_and_to_be_repeated(
    answers: tuple[Answer, ...], expected: type[BridgeError], seconds: int | None
) -> None:
    with pytest.raises(expected) as failed:
        settle(DRAFT, shown=None, answers=answers)
    assert type(failed.value) is expected
    assert isinstance(failed.value, UnknownOutcome | Throttled | Unauthorized)
    assert failed.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("answer", "subject", "reason"),
    [
        (odata_error("Field 'Customer account' must be filled in."), "Customer account", "must be filled in"),
        (odata_error("Item ITEM-001 is stopped for sales."), "item ITEM-001", "stopped for sales"),
        (odata_error("The value 'ITEM-001' in field 'Item number' is not found."), "item ITEM-001", "not found"),
        (odata_error("Das Feld muss ausgefüllt werden.", status=500), "order", "answers 500: Das Feld muss"),
        (odata_error("Item ITEM-0011 is stopped."), "order", "ITEM-0011"),
        (Answer(400, b'{"error":{}}'), "order", "it gives no reason"),
        (Answer(404, b""), "order", "it gives no reason"),
        (odata_error("Field 'Testville' is odd."), "order", "Field '[withheld]' is odd."),
    ],
)
def test_refusals_name_the_item_or_field(answer: Answer, subject: str, reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        settle(DRAFT, shown=None, answers=(answer,))
    assert (refused.value.kind, refused.value.subject) == ("erp_refused", subject)
    assert reason in refused.value.reason


def test_a_refusal_names_no_shopper() -> None:
    text = "The zip code 00001 of SHOPPER SEVENTEEN in Testville does not exist."
    with pytest.raises(Rejected) as refused:
        settle(DRAFT, shown=None, answers=(odata_error(text),))
    assert refused.value.reason.endswith("The zip code [withheld] of [withheld] in [withheld] does not exist.")
