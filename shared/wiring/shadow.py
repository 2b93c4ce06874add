"""What a shop in shadow would have written outside, on record."""

from __future__ import annotations

from dataclasses import dataclass

from shared.model.shop import Shop
from shared.ports.own import Audit


@dataclass(frozen=True, slots=True)
class Shadow:
    shop: Shop
    audit: Audit

    async def record(self, what: str) -> None:
        """`what` goes on after "would have", and names nobody."""
        await self.audit.record(area="shadow", what=f"would have {what}", who="shadow", before="", after=self.shop.id)
