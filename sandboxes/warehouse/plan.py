"""How an order will leave the warehouse; the same seed, company and number always leave the same way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias, TypeVar

from sandboxes.warehouse.settings import TRACKING_KINDS, TrackingKind, WarehouseSettings

Line = TypeVar("Line")
Quantities: TypeAlias = list[tuple[Line, Decimal]]


@dataclass(frozen=True, slots=True)
class Plan:
    """`carrier` empty: the order's own, else the usual one. `portion` of the order leaves first if `partial`."""

    delay: timedelta
    partial: bool
    portion: float
    carrier: str
    tracking: TrackingKind
    numbers: int

    def first_part(self, wanted: Quantities[Line]) -> Quantities[Line]:
        """At least one and not all: of the lines, or of the only line's units; everything where it cannot be cut."""
        if not self.partial or not wanted:
            return wanted
        if len(wanted) > 1:
            return wanted[: 1 + int(self.portion * (len(wanted) - 1))]
        line, quantity = wanted[0]
        part = 1 + int(Decimal(self.portion) * (quantity - 1))
        return [(line, Decimal(part))] if quantity > 1 else wanted


def plan(settings: WarehouseSettings, company: str, number: str) -> Plan:
    """As many numbers are drawn whatever the settings are, so that one share does not move what another decides."""
    draw = random.Random(f"{settings.seed}|{company.rstrip().casefold()}|{number.rstrip().casefold()}")
    spread, partial, portion, carrier, tracking, two = (draw.random() for _ in range(6))
    letter = settings.unknown_carrier_share <= carrier < settings.unknown_carrier_share + settings.letter_share
    return Plan(
        delay=timedelta(seconds=settings.ships_after_seconds + spread * settings.ships_spread_seconds),
        partial=partial < settings.partial_share,
        portion=portion,
        carrier=settings.letter_carrier if letter else _unknown(settings, carrier),
        tracking="never" if letter else _kind([settings.tracking.get(kind, 0.0) for kind in TRACKING_KINDS], tracking),
        numbers=2 if two < settings.two_numbers_share else 1,
    )


def _unknown(settings: WarehouseSettings, drawn: float) -> str:
    return settings.unknown_carrier if drawn < settings.unknown_carrier_share else ""


def _kind(weights: Sequence[float], drawn: float) -> TrackingKind:
    left = drawn * sum(weights)
    for kind, weight in zip(TRACKING_KINDS, weights, strict=True):
        if left < weight:
            return kind
        left -= weight
    return "never"


def parcel_numbers(seed: str, count: int) -> list[str]:
    """Tracking numbers as a carrier would give them: of nobody's parcels."""
    draw = random.Random(seed)
    return [f"SBX{draw.randrange(10**12):012}" for _ in range(count)]
