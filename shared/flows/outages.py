"""The end of an outage: the other side has answered, so its pause goes, and its exception with it."""

from __future__ import annotations

from shared.model.keys import scope_subject
from shared.ports.own import Change, Pauses, Progress
from shared.telemetry import event


async def over(scope: str, *, pauses: Pauses, progress: Progress) -> None:
    """Costs nothing where no pause is known."""
    if not await pauses.end(scope):
        return
    event("resumed", scope=scope)
    key = scope_subject(scope)
    told = [one for one in (await progress.load(key)).exceptions if one.subject == scope]
    await progress.commit(key, Change(closed=tuple(told)))
