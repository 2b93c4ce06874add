"""Business Central's dialect: encoded words, blank values, error bodies."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.erp.business_central.odata import day, decoded, error_code, error_text, id_or_none, in_company, time
from shared.erp.transport import Answer
from tests.erp.business_central.drafts import coded


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("Draft", "Draft"),
        ("In_x0020_Review", "In Review"),
        ("G_x002F_L_x0020_Account", "G/L Account"),
        ("_x0020_", ""),
        ("In Review", "In Review"),
    ],
)
def test_encoded_words(word: str, plain: str) -> None:
    assert decoded(word) == plain


def test_blank_values() -> None:
    assert id_or_none("00000000-0000-0000-0000-000000000000") is None
    assert id_or_none("ABCDEF00-0000-4000-8000-000000000000") == "abcdef00-0000-4000-8000-000000000000"
    assert day("2026-03-02") == date(2026, 3, 2)
    with pytest.raises(ValueError, match="blank"):
        day("0001-01-01")
    assert time("2026-03-02T08:00:00.123Z") == datetime(2026, 3, 2, 8, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize("broken", [None, 7, {}])
def test_what_is_no_text_is_a_type_error(broken: object) -> None:
    for read in (decoded, id_or_none, day, time):
        with pytest.raises(TypeError):
            read(broken)


def test_the_code_decides_and_the_correlation_is_left_out() -> None:
    answer = coded("Internal_InvalidTableRelation", "The field  No. has a value.")
    assert error_code(answer) == "Internal_InvalidTableRelation"
    assert error_text(answer) == "The field No. has a value."


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{}", b'{"error":null}', b'{"error":"x"}', b'{"error":{"code":null}}', b'{"error":{"code":""}}'],
)
def test_what_is_no_error_of_its_own_has_no_code(body: bytes) -> None:
    assert error_code(Answer(400, body)) is None
    assert error_text(Answer(400, body)) == ""


def test_addresses_quote_what_they_hold() -> None:
    path = in_company("1", "salesOrders", filter="number eq 'a b&c'", top="1")
    assert path == "companies(1)/salesOrders?$filter=number%20eq%20'a%20b%26c'&$top=1"
