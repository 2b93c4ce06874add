"""When a number may be raised: what was sold elsewhere meanwhile must have been looked for first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_ON_PARTNER_TIER = timedelta(minutes=15)
"""Mirakl wants partners to ask for orders this seldom: a narrower gate would never open."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`passes` is, for every shop that sells one of the offer's items, when its last complete pass over the orders
    started, None before the first. `unconfirmed` are the other shops whose decreases are not confirmed yet; it
    matters where stock is split.
    """

    passes: Mapping[str, datetime | None]
    within: timedelta
    unconfirmed: frozenset[str] = frozenset()


def closed_by(gate: Gate, *, split: bool, now: datetime) -> str:
    """Why a number may not be raised now, for people; empty where it may."""
    late = sorted(shop for shop, started in gate.passes.items() if started is None or now - started > gate.within)
    if late:
        return f"orders of {', '.join(late)} were not looked for in time"
    if split and gate.unconfirmed:
        return f"the decrease at {', '.join(sorted(gate.unconfirmed))} is not confirmed yet"
    return ""
