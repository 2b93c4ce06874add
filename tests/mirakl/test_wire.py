"""Dates, amounts and identifiers, in and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mirakl.wire import FieldError, amount, identifier, instant, stamp, text

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=36_500)).map(lambda age: datetime(2000, 1, 1, tzinfo=UTC) + age)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00.250Z", datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-03-02T10:30:00+01:30", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00-0000", datetime(2026, 3, 2, 9, tzinfo=UTC)),
    ],
)
def test_dates(sent: str, read: datetime) -> None:
    assert instant(sent) == read
    assert instant(sent).tzinfo is UTC


@pytest.mark.parametrize(
    "sent", ["", "2026-03-02", "2026-03-02T09:00:00", "0001-01-01T00:00:00+05:00", "no", 1772442000, True, {}]
)
def test_what_is_no_date_is_said_without_its_value(sent: Any) -> None:
    with pytest.raises(FieldError, match=r"^is not a date-time with an offset$"):
        instant(sent)


@given(MOMENTS)
def test_a_stamp_is_never_later_than_its_moment_and_less_than_a_millisecond_earlier(moment: datetime) -> None:
    written = stamp(moment.astimezone(timezone(timedelta(hours=-7))))
    assert written.endswith("Z")
    assert timedelta(0) <= moment - instant(written) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (7, "7"),
        (Decimal("15.60"), "15.60"),
        ("15.60", "15.60"),
        (Decimal("20.0000"), "20.0000"),
        (Decimal("1e2"), "1E+2"),
        (0, "0"),
        (Decimal("-4.71"), "-4.71"),
        (999_999_999_999, "999999999999"),
    ],
)
def test_amounts_keep_their_digits(sent: Any, read: str) -> None:
    assert str(amount(sent)) == read


@pytest.mark.parametrize(
    "sent",
    [
        "NaN", "Infinity", "-Infinity", Decimal("NaN"), Decimal("Infinity"), "1_000", "1,50", " 1", "", "٣", "1e9999",
        True, 1.5, [], {}, 10**12, Decimal("1e12"), Decimal("1E-11"), "0.12345678901", "1e999999999999",
    ],
)  # fmt: skip
def test_what_no_amount_can_be_is_said_without_its_value(sent: Any) -> None:
    with pytest.raises(FieldError, match=r"^is not a number that an amount can be$"):
        amount(sent)


@pytest.mark.parametrize("read", [instant, amount, identifier])
def test_what_is_missing_is_missing(read: Any) -> None:
    with pytest.raises(FieldError, match=r"^is missing$"):
        read(None)


@pytest.mark.parametrize(("sent", "read"), [("N/1 #A", "N/1 #A"), (139, "139"), ("139", "139"), (" ", " ")])
def test_identifiers_are_opaque(sent: Any, read: str) -> None:
    assert identifier(sent) == read
    assert text(sent) == read


@pytest.mark.parametrize("sent", [True, 1.0, Decimal("1.5"), [], {}])
def test_what_is_no_text(sent: Any) -> None:
    with pytest.raises(FieldError, match=r"^is not a text$"):
        identifier(sent)
    with pytest.raises(FieldError, match=r"^is not a text$"):
        text(sent)


def test_absent_texts_are_empty() -> None:
    assert (text(None), text("")) == ("", "")
