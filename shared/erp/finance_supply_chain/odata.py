"""F&O's own dialect of OData: companies, enums, addresses, and what an error body says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from shared.erp.microsoft.odata import Unreadable, literal, loads, query
from shared.erp.transport import Answer

_INFOLOG = "Infolog:"


def member(enum: str, value: str) -> str:
    """An enum literal of a filter, where `eq` and `ne` are all that F&O takes."""
    return f"Microsoft.Dynamics.DataEntities.{enum}{literal(value)}"


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
    asked = query(**options)
    return f"{url.rstrip('/')}/data/{resource}?cross-company=true" + (f"&{asked}" if asked else "")


def entity(entity_set: str, **key: str) -> str:
    """One entity by all fields of its key."""
    quoted = {name: quote(literal(value), safe="'") for name, value in key.items()}
    fields = ",".join(f"{name}={value}" for name, value in quoted.items())
    return f"{entity_set}({fields})"


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


def _messages(error: Mapping[str, Any]) -> Iterator[str]:
    """The messages from the outside in; an `error.message` of OData 3 is an object with a `value`."""
    message = error.get("message")
    said = message.get("value") if isinstance(message, dict) else message
    if isinstance(said, str) and said.strip():
        yield said
    for inner in (error.get("innererror"), error.get("internalexception")):
        if isinstance(inner, dict):
            yield from _messages(inner)
