"""How marketplaces share an item's stock."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from shared.errors import SettingsError
from shared.model.stock import Sharing

WHOLE = Decimal(1)


def share_of(shop: str, sharing: Sharing) -> Decimal:
    """0 to 1. A shop without a part of what is split offers nothing."""
    return WHOLE if sharing.way == "shared" else sharing.parts.get(shop, Decimal(0))


def check_parts(sharing: Sharing, shops: Collection[str]) -> None:
    """Raises SettingsError where a split leaves a shop out, or gives away more than there is."""
    if sharing.way == "shared":
        return
    without = sorted(set(shops) - set(sharing.parts))
    if without:
        raise SettingsError(f"stock is split, and these shops have no part of it: {', '.join(without)}; give them one")
    if any(not 0 <= part <= WHOLE for part in sharing.parts.values()) or sum(sharing.parts.values()) > WHOLE:
        raise SettingsError("stock is split: each part must be from 0 to 1, and all of them together at most 1")
