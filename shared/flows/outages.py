"""An outage's beginning, and its end: the other side has answered, so its exception goes, and then its pause."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from shared.errors import Conflict, Rejected, Transient, Unauthorized
from shared.exceptions import opened
from shared.model.keys import scope_subject
from shared.ports.own import Change, Exceptions, Pauses, Progress
from shared.telemetry import event

KINDS = ("outage", "unauthorized")
AGE = timedelta(minutes=20)
"""Longer than any pause: an outage that goes on is met again, and counted, before."""
_LOOKS = 3
"""Whoever fails last may count at the exception while it is closed."""


async def over(scope: str, *, pauses: Pauses, progress: Progress) -> None:
    """Costs nothing where no pause is known. The pause goes last: after a death in between the next success is here."""
    if not pauses.known(scope):
        return
    await _close(scope, progress)
    if await pauses.end(scope):
        event("resumed", scope=scope)


async def begun(problem: Transient, *, pauses: Pauses, progress: Progress, now: datetime) -> None:
    """For what no message brings. The exception goes first; losing a race against another opener is fine."""
    kind = "unauthorized" if isinstance(problem, Unauthorized) else "outage"
    key = scope_subject(problem.scope)
    stand = (await progress.load(key)).exceptions
    reason = Rejected(kind, subject=problem.scope, reason=str(problem))
    with contextlib.suppress(Conflict):
        await progress.commit(key, Change(opened=(opened(key, reason, step="", now=now, stand=stand),)))
    cause = type(problem).__name__
    await pauses.begin(problem.scope, cause=cause, reason=str(problem), retry_after=problem.retry_after)


async def left_behind(*, exceptions: Exceptions, pauses: Pauses, progress: Progress, now: datetime) -> None:
    """What no success would ever close: whoever opened it died before beginning its pause; or whoever counted at it met
    its closing, and left a row of the index behind.
    """
    for one in await exceptions.open(owner="integration"):
        if one.kind not in KINDS or now - (one.last_seen or one.opened) < AGE:
            continue
        if await pauses.standing([one.subject]) is None and not pauses.known(one.subject):
            await _close(one.subject, progress)
            if one.identity not in {left.identity for left in (await progress.load(one.key)).exceptions}:
                await exceptions.forget(one)


async def _close(scope: str, progress: Progress) -> None:
    key = scope_subject(scope)
    for _ in range(_LOOKS):
        told = tuple(one for one in (await progress.load(key)).exceptions if one.subject == scope)
        if not told:
            return
        try:
            await progress.commit(key, Change(closed=told))
        except Conflict:
            continue
        return
