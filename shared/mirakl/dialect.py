"""Mirakl's HTTP dialect, pure: a status, headers and a body are a value, or an error named by what follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

from shared.errors import BridgeError, Throttled, Unauthorized, Unavailable, UnknownOutcome
from shared.model.keys import operation_scope, shop_scope

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_FIELD = re.compile(r"[a-z][A-Za-z0-9_.\[\]-]{0,99}")
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_INTEGER = 30


@dataclass(frozen=True, slots=True)
class Call:
    """One request of one shop. `url` is absolute; `writes` says that it must not be repeated without a look, and
    then `done` is the only status that Mirakl documents for a success. A list in `query` repeats its parameter.
    """

    operation: str
    shop: str
    method: str
    url: str
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    content: Any = None
    writes: bool = False
    done: int = 204


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` compares names without case (httpx.Headers), or holds them in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Unavailable):
    """A 4xx of the operation itself: nothing happened, and the same request will be refused again.

    `codes` are Mirakl's machine codes, the outer one first, and `fields` the names of what it objects to. `spoken`
    is False where the body is not Mirakl's JSON, so that something on the way may have answered instead.
    """

    def __init__(
        self,
        text: str,
        *,
        scope: str,
        status: int,
        codes: tuple[str, ...],
        spoken: bool,
        fields: tuple[str, ...] = (),
    ) -> None:
        super().__init__(text, scope=scope)
        self.status = status
        self.codes = codes
        self.spoken = spoken
        self.fields = fields


def parse(body: bytes) -> Any:
    """JSON with exact numbers: integers as int, fractions as Decimal.

    What JSON lacks or no amount can be (NaN, Infinity, an endless number) stays text: the field's reader refuses
    it, and the other records of the answer are still read. Raises ValueError.
    """
    try:
        return json.loads(body, parse_float=_fraction, parse_int=_integer, parse_constant=str)
    except (ValueError, RecursionError):
        # Without its cause: a JSONDecodeError carries the whole body, names and addresses included.
        raise ValueError("the body is not JSON") from None


def _fraction(literal: str) -> Decimal | str:
    try:
        return Decimal(literal)
    except InvalidOperation:
        return literal


def _integer(literal: str) -> int | str:
    return int(literal) if len(literal) <= _LONGEST_INTEGER else literal


def value(call: Call, answer: Answer, now: datetime) -> Any:
    """The JSON of a read. Raises Unavailable, Throttled or Unauthorized."""
    raise_for(call, answer, now)
    return _content(call, answer)


def confirm(call: Call, answer: Answer, now: datetime) -> Any:
    """What a write that is done says: nothing with 204, else its JSON. Raises as `value`, and UnknownOutcome."""
    raise_for(call, answer, now)
    if answer.status != call.done:
        raise lost(call, f"HTTP {answer.status} where {call.done} is due")
    return None if call.done == 204 else _content(call, answer)


def _content(call: Call, answer: Answer) -> Any:
    try:
        return parse(answer.body)
    except ValueError:
        raise lost(call, f"HTTP {answer.status} without JSON") from None


def raise_for(call: Call, answer: Answer, now: datetime) -> None:
    """Everything that is not 2xx, by status; the table is in `tests/mirakl/test_dialect.py`."""
    status, wait = answer.status, retry_after(answer.headers.get("retry-after", ""), now)
    if status in (401, 403):
        remedy = "renew the shop's key, or give its user the role for this operation"
        raise Unauthorized(f"{call.operation}: HTTP {status}: {remedy}", scope=shop_scope(call.shop))
    if status == 429:
        scope = operation_scope(call.shop, call.operation)
        raise Throttled(f"{call.operation}: HTTP 429: called too often", scope=scope, retry_after=wait)
    if 400 <= status < 500:
        raise _refused(call, answer)
    if not 200 <= status < 300:
        raise lost(call, f"HTTP {status}", wait)


def _refused(call: Call, answer: Answer) -> Refused:
    codes, spoken = error_codes(answer.body)
    named = f" {', '.join(codes)}" if codes else ""
    return Refused(
        f"{call.operation}: HTTP {answer.status}{named}: Mirakl refuses this request",
        scope=operation_scope(call.shop, call.operation),
        status=answer.status,
        codes=codes,
        spoken=spoken,
        fields=fields_of(_errors(answer.body)),
    )


def lost(call: Call, what: str, wait: timedelta | None = None) -> Unavailable | UnknownOutcome:
    """No trustworthy answer: a read may be repeated, a write may have happened."""
    kind = UnknownOutcome if call.writes else Unavailable
    return kind(f"{call.operation}: {what}", scope=shop_scope(call.shop), retry_after=wait)


def unusable(operation: str, shop: str, what: str) -> BridgeError:
    """A JSON answer without what its operation promises; only this operation is in question."""
    return Unavailable(f"{operation}: {what}", scope=operation_scope(shop, operation))


def error_codes(body: bytes) -> tuple[tuple[str, ...], bool]:
    """Machine codes of an error body, outer first, and whether the body is a JSON object at all.

    Mirakl does not document the envelope: `code` or `error_code`, beside or inside `errors[]`. Messages are not
    read: they may quote what was sent.
    """
    errors = _errors(body)
    return codes_of(errors), bool(errors)


def codes_of(errors: Sequence[Any]) -> tuple[str, ...]:
    """The machine codes of error objects, each once."""
    return _names(errors, ("code", "error_code"), _CODE)


def fields_of(errors: Sequence[Any]) -> tuple[str, ...]:
    """The names of the fields that error objects are about, each once."""
    return _names(errors, ("field",), _FIELD)


def _names(errors: Sequence[Any], keys: Sequence[str], looks: re.Pattern[str]) -> tuple[str, ...]:
    named = [one.get(key) for one in errors if isinstance(one, dict) for key in keys]
    return tuple(dict.fromkeys(name for name in named if isinstance(name, str) and looks.fullmatch(name)))


def _errors(body: bytes) -> list[Any]:
    """The error's own object and what stands in its `errors[]`; nothing where the body is not a JSON object."""
    try:
        content = parse(body)
    except ValueError:
        return []
    if not isinstance(content, dict):
        return []
    nested = content.get("errors")
    return [content, *nested] if isinstance(nested, list) else [content]


def retry_after(header: str, now: datetime) -> timedelta | None:
    """Retry-After in seconds (Mirakl) or as a date (proxies); None where absent or unreadable, a day at most."""
    header = header.strip()
    if header.isascii() and header.isdecimal():
        seconds = int(header[:9])
        return min(timedelta(seconds=seconds), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(header)
        return min(max(until - now, timedelta(0)), _LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError):
        return None
