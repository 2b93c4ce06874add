"""How the warehouse of an installation behaves: when it ships, in how many parts, with whom, and who tracks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TrackingKind = Literal["with", "after", "late", "never", "changed"]
TRACKING_KINDS: tuple[TrackingKind, ...] = ("with", "after", "late", "never", "changed")


@dataclass(slots=True, kw_only=True)
class WarehouseSettings:
    """Shares are from 0 to 1, times are seconds; 0 for `ships_after_seconds` means that nothing leaves by itself.

    An order leaves `ships_after_seconds` after its first line was entered, and up to `ships_spread_seconds` later.
    An order that is stopped then is looked at again every `looks_again_seconds`. It is picked `picked_seconds` before.
    A packing slip can be read `visible_after_seconds` after its CreatedOn.
    `tracking` weighs how a slip's numbers come: with the slip, `tracking_after_seconds` or `late_tracking_seconds`
    after it, never, or with it and replaced by others `changed_after_seconds` later. Letters are never tracked.
    """

    seed: int = 0
    ships_after_seconds: int = 0
    ships_spread_seconds: int = 0
    picked_seconds: int = 0
    looks_again_seconds: int = 600
    visible_after_seconds: int = 0
    partial_share: float = 0.0
    rest_after_seconds: int = 7200
    carrier: str = "CARRIER-1"
    unknown_carrier: str = "CARRIER-2"
    unknown_carrier_share: float = 0.0
    letter_carrier: str = "LETTER"
    letter_share: float = 0.0
    tracking: Mapping[str, float] = field(
        default_factory=lambda: {"with": 1.0, "after": 0.0, "late": 0.0, "never": 0.0, "changed": 0.0}
    )
    tracking_after_seconds: int = 1800
    late_tracking_seconds: int = 259_200
    changed_after_seconds: int = 3600
    two_numbers_share: float = 0.0
