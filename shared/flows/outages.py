"""The end of an outage: the other side has answered, so its exception goes, and then its pause."""

from __future__ import annotations

from shared.errors import Conflict
from shared.model.keys import scope_subject
from shared.ports.own import Change, Pauses, Progress
from shared.telemetry import event

_LOOKS = 3
"""Whoever fails last may count at the exception while it is closed."""


async def over(scope: str, *, pauses: Pauses, progress: Progress) -> None:
    """Costs nothing where no pause is known. The pause goes last: after a death in between the next success is here."""
    if not pauses.known(scope):
        return
    await _close(scope, progress)
    if await pauses.end(scope):
        event("resumed", scope=scope)


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
