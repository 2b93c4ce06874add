"""HTTP with any ERP: an answer as a value, and what follows from each way in which a call fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from shared.errors import Throttled, Transient, Unauthorized, Unavailable, UnknownOutcome
from shared.model.keys import ERP_SCOPE

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
DOWN = frozenset({502, 503})
"""A gateway that says that nobody is behind it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, of a call or of a part of a batch; header names in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


def transport_failure(problem: httpx.RequestError, *, operation: str, write: bool) -> Transient | UnknownOutcome:
    """No answer came. Only a request that never left is known to have done nothing."""
    text = f"{operation}: {type(problem).__name__}"
    if write and not isinstance(problem, _NEVER_SENT):
        return UnknownOutcome(text, scope=ERP_SCOPE)
    return Unavailable(text, scope=ERP_SCOPE)


def nothing_happened(answer: Answer, *, operation: str, remedies: Mapping[int, str]) -> Transient | None:
    """The call was turned away at the door (429, or one of the `remedies`); None for every other answer.

    `remedies` tell for 401 and 403 what the client has to set right.
    """
    text, wait = f"{operation}: HTTP {answer.status}", retry_after(answer.headers)
    if answer.status == 429:
        return Throttled(text, scope=ERP_SCOPE, retry_after=wait)
    if answer.status in remedies:
        return Unauthorized(f"{text}: {remedies[answer.status]}", scope=ERP_SCOPE, retry_after=wait)
    return None


def unusable(answer: Answer, *, operation: str, write: bool, why: str = "") -> Transient | UnknownOutcome:
    """An answer that says nothing to rely on (a 5xx, a redirect, HTML, half a body): a write may have happened."""
    text = f"{operation}: HTTP {answer.status}" + (f", {why}" if why else "")
    if not write:
        return Unavailable(text, scope=ERP_SCOPE, retry_after=retry_after(answer.headers))
    down = answer.status in DOWN
    return UnknownOutcome(text, scope=ERP_SCOPE, retry_after=retry_after(answer.headers), down=down)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """`Retry-After` in seconds, or as a date, which counts from the answer's own `Date`."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal() and len(text) < 8:
        return timedelta(seconds=int(text))
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(wait, timedelta(0))
