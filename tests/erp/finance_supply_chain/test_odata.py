"""Literals, addresses, numbers and error texts of the OData dialect."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.finance_supply_chain.odata import address, entity, error_text
from shared.erp.microsoft.odata import Unreadable, dumps, literal, loads, page, shortened
from shared.erp.transport import Answer
from tests.erp.finance_supply_chain.drafts import URL, odata_error


def test_a_quote_in_a_literal_is_doubled() -> None:
    assert literal("O'Hare") == "'O''Hare'"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_filter_arrives_as_it_was(value: str) -> None:
    url = httpx.URL(address(URL, "SalesOrderHeadersV3", filter=f"CustomersOrderReference eq {literal(value)}"))
    assert dict(url.params) == {
        "cross-company": "true",
        "$filter": f"CustomersOrderReference eq {literal(value)}",
    }


def test_an_entity_is_addressed_by_its_whole_key() -> None:
    key = entity("SalesOrderHeadersV3", dataAreaId="usmf", SalesOrderNumber="NO-1/a b'c")
    assert key == "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='NO-1%2Fa%20b''c')"
    assert address(URL + "/", key) == f"{URL}/data/{key}?cross-company=true"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e20"), max_value=Decimal("1e20")))
def test_a_decimal_survives_the_wire_without_an_exponent(value: Decimal) -> None:
    body = dumps({"n": value})
    assert loads(Answer(200, body))["n"] == value
    assert b"E" not in body.upper()


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), object()])
def test_what_is_no_number_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        dumps({"n": value})


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"value":[{"a":1}', b"[]", b'{"value":{}}', b'{"value":[1]}', b"{}"]
)
def test_what_is_no_collection_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        page(Answer(200, body))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            odata_error("Warning: Field 'Customer account' must be filled in."),
            "Warning: Field 'Customer account' must be",
        ),
        (Answer(400, b'{"error":{"code":"","message":"No resources were found."}}'), "No resources were found."),
        (Answer(400, b'{"error":{"message":{"lang":"en","value":"An older dialect."}}}'), "An older dialect."),
        (Answer(400, b'{"error":{"code":"5"}}'), ""),
        (
            Answer(
                400,
                b'{"error":{"message":"Outer.","innererror":{"message":"X. Infolog: Told here.",'
                b'"internalexception":{"message":"Object reference not set."}}}}',
            ),
            "Told here.",
        ),
        (Answer(400, b'{"Message":"A gateway\'s."}'), None),
        (Answer(400, b"<html>"), None),
        (Answer(400, b'{"error":"a word"}'), None),
    ],
)
def test_error_text_is_the_innermost_that_tells(answer: Answer, text: str | None) -> None:
    found = error_text(answer)
    assert (found is None) == (text is None)
    assert (found or "").startswith(text or "")
    assert "no interest" not in (found or "")


def test_long_texts_are_shortened_visibly() -> None:
    assert shortened("x" * 600) == "x" * 600
    assert shortened("x" * 601) == "x" * 600 + "…"
