"""What follows from each way in which a call fails: nothing happened, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from shared.erp.finance_supply_chain.odata import Answer
from shared.errors import Throttled, Transient, Unauthorized, Unavailable, UnknownOutcome
from shared.model.keys import ERP_SCOPE

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_REMEDIES = {
    401: "renew the client secret, or register the client id in F&O (Microsoft Entra applications)",
    403: "give the application's F&O user the security role for sales orders",
}


def transport_failure(problem: httpx.RequestError, *, operation: str, write: bool) -> Transient | UnknownOutcome:
    """No answer came. Only a request that never left is known to have done nothing."""
    text = f"{operation}: {type(problem).__name__}"
    if write and not isinstance(problem, _NEVER_SENT):
        return UnknownOutcome(text, scope=ERP_SCOPE)
    return Unavailable(text, scope=ERP_SCOPE)


def nothing_happened(answer: Answer, *, operation: str) -> Transient | None:
    """F&O turned the call away at the door (401, 403, 429); None for every other answer."""
    text, wait = f"{operation}: HTTP {answer.status}", retry_after(answer.headers)
    if answer.status == 429:
        return Throttled(text, scope=ERP_SCOPE, retry_after=wait)
    if answer.status in _REMEDIES:
        return Unauthorized(f"{text}: {_REMEDIES[answer.status]}", scope=ERP_SCOPE, retry_after=wait)
    return None


def unusable(answer: Answer, *, operation: str, write: bool, why: str = "") -> Transient | UnknownOutcome:
    """An answer that says nothing to rely on (a 5xx, a redirect, HTML, half a body): a write may have happened."""
    text = f"{operation}: HTTP {answer.status}" + (f", {why}" if why else "")
    kind = UnknownOutcome if write else Unavailable
    return kind(text, scope=ERP_SCOPE, retry_after=retry_after(answer.headers))


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
