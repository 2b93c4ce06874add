"""F&O's OData dialect as values: literals, addresses, JSON, and what an error body says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import simplejson

Row = Mapping[str, Any]
_INFOLOG = "Infolog:"
_LONGEST = 600
_PLAIN_IN_QUERY = "'(),"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, of a call or of a part of a batch; header names in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Page:
    """The entities of one answer; `more` says that F&O has others behind them."""

    rows: tuple[Row, ...]
    more: bool


class Unreadable(Exception):
    """The answer is not what OData answers (HTML, half a body). The text never holds any of it."""


def literal(text: str) -> str:
    """An OData string literal; a quote inside is doubled."""
    return "'" + text.replace("'", "''") + "'"


def moment(at: datetime) -> str:
    """An Edm.DateTimeOffset literal, in UTC and without quotes."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def member(enum: str, value: str) -> str:
    """An enum literal of a filter, where `eq` and `ne` are all that F&O takes."""
    return f"Microsoft.Dynamics.DataEntities.{enum}{literal(value)}"


def any_of(field: str, values: Iterable[str]) -> str:
    """F&O knows no `in`."""
    return "(" + " or ".join(f"{field} eq {literal(value)}" for value in values) + ")"


def data_area(company: str) -> str:
    """`dataAreaId` is in lower case in F&O's data, however the settings write the company."""
    return company.lower()


def yes_no(value: bool) -> str:
    """The NoYes enum travels as its member's name."""
    return "Yes" if value else "No"


def address(url: str, resource: str, **options: str) -> str:
    """The address of an entity set or entity; `filter="…"` becomes `$filter=…`.

    Without `cross-company=true` F&O looks only at the default company of the application's user.
    """
    query = "&".join(f"${name}={quote(value, safe=_PLAIN_IN_QUERY)}" for name, value in options.items())
    return f"{url.rstrip('/')}/data/{resource}?cross-company=true" + (f"&{query}" if query else "")


def entity(entity_set: str, **key: str) -> str:
    """One entity by all fields of its key."""
    quoted = {name: quote(literal(value), safe="'") for name, value in key.items()}
    fields = ",".join(f"{name}={value}" for name, value in quoted.items())
    return f"{entity_set}({fields})"


def dumps(body: Mapping[str, Any]) -> bytes:
    """JSON in which a Decimal has all its digits and no exponent (Edm.Decimal)."""
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
    return Page(tuple(found), more=bool(content.get("@odata.nextLink")))


def error_text(answer: Answer) -> str | None:
    """What F&O says went wrong, from the innermost message, without stack traces; None where it is no OData error.

    `error.code` is nearly always empty and the text is in the language of the application's user.
    """
    try:
        error = loads(answer).get("error")
    except Unreadable:
        return None
    if not isinstance(error, dict):
        return None
    said = list(_messages(error))
    telling = [message for message in said if _INFOLOG in message] or said
    return " ".join("".join(telling[-1:]).rpartition(_INFOLOG)[2].split())


def shortened(text: str) -> str:
    """For people; only after personal data was withheld, or half a name would remain at the end."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _messages(error: Mapping[str, Any]) -> Iterator[str]:
    """The messages from the outside in; an `error.message` of OData 3 is an object with a `value`."""
    message = error.get("message")
    said = message.get("value") if isinstance(message, dict) else message
    if isinstance(said, str) and said.strip():
        yield said
    for inner in (error.get("innererror"), error.get("internalexception")):
        if isinstance(inner, dict):
            yield from _messages(inner)
