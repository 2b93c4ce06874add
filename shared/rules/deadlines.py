"""The acceptance window: Mirakl tells no deadline, so it is the marketplace's setting, counted from creation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

Risk = Literal["none", "half", "three_quarters", "over"]


def window_end(created: datetime, window: timedelta) -> datetime:
    """When Mirakl refuses the order by itself (OR11 `created_date` plus the setting)."""
    return created + window


def share(created: datetime, window: timedelta, now: datetime) -> float:
    """How much of the window has passed: 0 at creation, 1 at its end."""
    return (now - created) / window


def risk(created: datetime, window: timedelta, now: datetime) -> Risk:
    """`half` opens the exception, `three_quarters` makes it critical; each from its very instant on."""
    passed = now - created
    if passed >= window:
        return "over"
    if passed * 4 >= window * 3:
        return "three_quarters"
    return "half" if passed * 2 >= window else "none"
