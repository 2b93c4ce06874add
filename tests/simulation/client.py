"""What a day's client has chosen, drawn from its seed: how its warehouse ships, and how the bridge is set up."""

from __future__ import annotations

import random
from typing import Any

from tests.simulation.world import Choices


def choices(chance: random.Random, erp: str) -> Choices:
    return Choices(
        erp=erp,
        warehouse=_warehouse(chance),
        multi_shipment=frozenset({"south"} if chance.random() < 0.5 else ()),
        per_shopper=frozenset({"north"} if chance.random() < 0.2 else ()),
        order_numbers="automatic" if chance.random() < 0.2 else "derived",
        cancellation="remove" if chance.random() < 0.3 else "hold",
        by_status=erp == "prima" and chance.random() < 0.4,
    )


def _warehouse(chance: random.Random) -> dict[str, Any]:
    """Parcels leave while the bridge still works on the day's other orders; with all that goes wrong with tracking."""
    return {
        "seed": chance.randrange(10**6),
        "ships_after_seconds": chance.choice([300, 600, 900]),
        "ships_spread_seconds": 600,
        "picked_seconds": chance.choice([0, 0, 120]),
        "looks_again_seconds": 300,
        "visible_after_seconds": chance.choice([0, 60, 240]),
        "partial_share": chance.choice([0.0, 0.3, 0.6]),
        "rest_after_seconds": chance.choice([300, 1200, 2400]),
        "unknown_carrier_share": chance.choice([0.0, 0.2]),
        "letter_share": chance.choice([0.0, 0.15]),
        "tracking": {"with": 4.0, "after": 3.0, "late": 0.7, "never": 0.3, "changed": 1.0},
        "tracking_after_seconds": chance.choice([200, 700]),
        "late_tracking_seconds": 2000,
        "changed_after_seconds": chance.choice([250, 900]),
        "two_numbers_share": 0.2,
    }
