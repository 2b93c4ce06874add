"""The end of an outage: the other side has answered, so its pause goes, and its exception with it."""

from __future__ import annotations

from shared.errors import Conflict
from shared.model.keys import scope_subject
from shared.ports.own import Change, Pauses, Progress
from shared.telemetry import event

_LOOKS = 3
"""Whoever fails last may count at the exception while it is closed."""


async def over(scope: str, *, pauses: Pauses, progress: Progress) -> None:
    """Costs nothing where no pause is known."""
    if not await pauses.end(scope):
        return
    event("resumed", scope=scope)
    key = scope_subject(scope)
    for _ in range(_LOOKS):
        told = tuple(one for one in (await progress.load(key)).exceptions if one.subject == scope)
        try:
            await progress.commit(key, Change(closed=told))
        except Conflict:
            continue
        return
