"""How long to wait before the same thing is tried again, and how long a claim must hold."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)
SPREAD = 0.2


def delay(attempt: int, *, jitter: float, retry_after: timedelta | None = None) -> timedelta:
    """After attempt 1, 2, 3 … 30 s, 1, 2, 4, 8 and from then on 15 minutes, each give or take a fifth.

    `jitter` is random in [0, 1): 0.5 is the middle. Never shorter than `retry_after`, which the other side asked for.
    """
    middle = min(FIRST * (1 << min(max(attempt, 1) - 1, 10)), LONGEST)
    spread = middle * (1 - SPREAD + 2 * SPREAD * jitter)
    return max(spread, retry_after or spread)


def claim_length(timeout_seconds: float, acceleration: float, margin: timedelta) -> timedelta:
    """Longer than the outside call can take: its time-out is on the wall, the claim in the accelerated time."""
    return timedelta(seconds=timeout_seconds) * acceleration + margin
