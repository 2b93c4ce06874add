"""Mirakl's dates, amounts and identifiers as our types, and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_LARGEST = Decimal(10) ** 12
_DECIMALS = 10


class FieldError(ValueError):
    """A value of Mirakl's that cannot be read. The text follows the field's name ("is missing"), without the value."""


def instant(value: Any) -> datetime:
    """A date-time of Mirakl's (ISO 8601 with an offset, `Z` by its documentation) in UTC. Raises FieldError."""
    if value is None:
        raise FieldError("is missing")
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is not None:
            return parsed.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise FieldError("is not a date-time with an offset")


def stamp(moment: datetime) -> str:
    """A date-time as Mirakl's requests take it: UTC, `Z`, cut to milliseconds, so never later than `moment`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def amount(value: Any) -> Decimal:
    """An amount, rate or quantity: a JSON number or the same as text, below 10^12 and of at most ten decimals.

    The bounds keep every sum and product of an order inside Decimal's 28 digits. Raises FieldError.
    """
    if value is None:
        raise FieldError("is missing")
    number = _number(value)
    if number is None or not number.is_finite() or abs(number) >= _LARGEST or number != round(number, _DECIMALS):
        raise FieldError("is not a number that an amount can be")
    return number


def _number(value: Any) -> Decimal | None:
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Decimal(value)
    return None


def identifier(value: Any) -> str:
    """An opaque id or code as text; some operators send plain numbers. Raises FieldError."""
    if value is None or value == "":
        raise FieldError("is missing")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FieldError("is not a text")
    return str(value)


def text(value: Any) -> str:
    """Any text; absent and null are the empty text. Raises FieldError."""
    return "" if value is None or value == "" else identifier(value)
