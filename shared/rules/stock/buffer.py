"""What is never offered: a number that somebody set, or what usually goes before we see it."""

from __future__ import annotations

from decimal import Decimal

from shared.model.offers import Buffer
from shared.model.stock import Buffers


def buffer(
    buffers: Buffers, *, shop: str, sku: str, velocity: Decimal, free: Decimal, left: Decimal, one: Decimal
) -> Buffer:
    """Stock units, with where they are set; `velocity` counts where it is switched on and is more than what is set.

    `free` is the reading's, `left` the same less the lines in flight, and `one` what a single marketplace unit takes.
    """
    fixed = _fixed(buffers, shop, sku)
    fast = capped(velocity, cap=buffers.cap, free=free, left=left, one=one)
    return Buffer(fast, "velocity") if buffers.velocity and fast > fixed.units else fixed


def capped(velocity: Decimal, *, cap: Decimal, free: Decimal, left: Decimal, one: Decimal) -> Decimal:
    """At most its part of what is free, and never the last unit: by itself it takes no offer off the marketplace."""
    return max(min(velocity, free * cap, left - one), Decimal(0))


def _fixed(buffers: Buffers, shop: str, sku: str) -> Buffer:
    if (shop, sku) in buffers.skus:
        return Buffer(buffers.skus[shop, sku], "sku")
    if shop in buffers.shops:
        return Buffer(buffers.shops[shop], "shop")
    return Buffer(buffers.everywhere, "all")
