"""By when: the acceptance window, which Mirakl tells nowhere, and the way back from shipping to tracking."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from shared.model.policy import ShippingPolicy

Risk = Literal["none", "half", "three_quarters", "over"]

LEAST_FOR_TRACKING = timedelta(minutes=15)
"""What is shipped late still gets time for its tracking number to follow."""


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


def shipping_due(created: datetime, deadline: datetime | None, *, policy: ShippingPolicy) -> datetime:
    """When it must have shipped: OR11's `shipping_deadline`, or the client's own term where Mirakl gives none."""
    return deadline or created + policy.ships_within


def tracking_due(shipped: datetime, due: datetime, *, policy: ShippingPolicy) -> datetime:
    """How long a shipment may wait for its tracking number: the client's term, and not past the order's own `due`."""
    return max(min(shipped + policy.tracking_within, due), shipped + LEAST_FOR_TRACKING)
