"""The dialect of OData as values: literals, JSON, and pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import simplejson

from shared.erp.transport import Answer

Row = Mapping[str, Any]
_LONGEST = 600
_PLAIN_IN_QUERY = "'(),"


@dataclass(frozen=True, slots=True)
class Page:
    """The entities of one answer; `next` is the address of those behind them, empty where there are none."""

    rows: tuple[Row, ...]
    next: str = ""


class Unreadable(Exception):
    """The answer is not what OData answers (HTML, half a body). The text never holds any of it."""


def literal(text: str) -> str:
    """An OData string literal; a quote inside is doubled."""
    return "'" + text.replace("'", "''") + "'"


def moment(at: datetime) -> str:
    """An Edm.DateTimeOffset literal, in UTC and without quotes."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def any_of(field: str, values: Iterable[str]) -> str:
    """Neither dialect can be trusted with `in`."""
    return "(" + " or ".join(f"{field} eq {literal(value)}" for value in values) + ")"


def query(**options: str) -> str:
    """`filter="…"` becomes `$filter=…`, quoted for an address."""
    return "&".join(f"${name}={quote(value, safe=_PLAIN_IN_QUERY)}" for name, value in options.items())


def dumps(body: Mapping[str, Any]) -> bytes:
    """JSON in the order given, in which a Decimal has all its digits and no exponent (Edm.Decimal)."""
    return simplejson.dumps(body, use_decimal=False, default=_number, separators=(",", ":")).encode("ascii")


def _number(value: object) -> simplejson.RawJSON:
    if isinstance(value, Decimal) and value.is_finite():
        return simplejson.RawJSON(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is no OData value")


def loads(answer: Answer) -> Row:
    """The answer's JSON object, fractions as Decimal. Raises Unreadable."""
    try:
        content = json.loads(answer.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(content, dict):
        raise Unreadable("not a JSON object")
    return content


def page(answer: Answer) -> Page:
    """The entities of a collection. Raises Unreadable."""
    content = loads(answer)
    found = content.get("value")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unreadable("no collection of entities")
    return Page(tuple(found), next=str(content.get("@odata.nextLink") or ""))


def number(value: object) -> Decimal:
    """Raises TypeError."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise TypeError("not a number")


def shortened(text: str) -> str:
    """For people; only after personal data was withheld, or half a name would remain at the end."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
