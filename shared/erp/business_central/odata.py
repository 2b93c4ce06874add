"""Business Central's own dialect of OData: addresses, encoded words, blank values, and what an error body says."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import quote

from shared.erp.microsoft.odata import Row, Unreadable, literal, loads, query
from shared.erp.transport import Answer

BLANK_ID = "00000000-0000-0000-0000-000000000000"
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CORRELATION = re.compile(r"\s*CorrelationId:.*", re.DOTALL)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NO_YEAR = 1


def in_company(company_id: str, resource: str, **options: str) -> str:
    """The address of a company's set or entity behind the API's root; `filter="…"` becomes `$filter=…`."""
    asked = query(**options)
    return f"companies({company_id})/{resource}" + (f"?{asked}" if asked else "")


def entity(entity_set: str, id_: str) -> str:
    return f"{entity_set}({id_})"


def decoded(word: object) -> str:
    """A member's name as people write it: `G_x002F_L_x0020_Account` is `G/L Account`. Raises TypeError."""
    if not isinstance(word, str):
        raise TypeError("not an enum's member")
    return _ENCODED.sub(lambda found: chr(int(found.group(1), 16)), word).strip()


def id_or_none(value: object) -> str | None:
    """None where nothing is chosen. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError("not an id")
    return None if value == BLANK_ID else value.lower()


def day(value: object) -> date:
    """Raises TypeError or ValueError, also for the blank date (`0001-01-01`)."""
    if not isinstance(value, str):
        raise TypeError("not a date")
    found = date.fromisoformat(value[:10])
    if found.year == _NO_YEAR:
        raise ValueError("a blank date")
    return found


def time(value: object) -> datetime:
    """Raises TypeError or ValueError."""
    if not isinstance(value, str):
        raise TypeError("not a time")
    return datetime.fromisoformat(value).astimezone(UTC)


def quoted(text: str) -> str:
    """A string literal inside a path."""
    return quote(literal(text), safe="'")


def text(row: Row, field: str) -> str:
    """Empty for null. Raises KeyError."""
    return str(row[field] or "")


def error_code(answer: Answer) -> str | None:
    """`Internal_InvalidTableRelation` …; None where it is no error of the API's own."""
    error = _error(answer)
    code = error.get("code") if error is not None else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def error_text(answer: Answer) -> str:
    """What Business Central says to people, without the CorrelationId that stands behind it."""
    error = _error(answer)
    message = error.get("message") if error is not None else None
    return " ".join(_CORRELATION.sub("", message).split()) if isinstance(message, str) else ""


def _error(answer: Answer) -> Row | None:
    try:
        error = loads(answer).get("error")
    except Unreadable:
        return None
    return error if isinstance(error, dict) else None
