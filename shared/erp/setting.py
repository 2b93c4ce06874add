"""What the client sets for any ERP; each ERP's folder adds its own fields."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.setting_values import Json, Positive


class ErpSetting(Json):
    """`kind` names the folder; `company` is where orders of shops go that name no other. Durations are ISO 8601.

    `settle` is how long after the last sending a "not found" of the ERP counts. `lanes` bounds how many orders are
    written at once. `untracked` says whether a shipment whose tracking does not come in time goes without.
    """

    kind: str
    company: str
    settle: Positive = timedelta(minutes=10)
    lanes: Annotated[int, Field(ge=1, le=8)] = 1
    unit_price_decimals: Annotated[int, Field(ge=0, le=6)] = 2
    total_tolerance: Annotated[Decimal, Field(ge=0)] = Decimal("0.02")
    totals_within: Positive = timedelta(hours=24)
    hold_until_compared: bool = False
    shipping_date: Literal["deadline", "none"] = "deadline"
    wait_at_most: Positive = timedelta(hours=96)
    shipment_overlap: Positive = timedelta(minutes=5)
    tracking_within: Positive = timedelta(hours=24)
    untracked: Literal["wait", "ship"] = "wait"
    ships_within: Positive = timedelta(days=5)
    partial_within: Positive = timedelta(hours=48)
    released_within: Positive = timedelta(hours=4)
    cancellation: Literal["hold", "remove"] = "hold"

    @property
    def creation(self) -> CreationPolicy:
        return CreationPolicy(
            unit_price_decimals=self.unit_price_decimals,
            total_tolerance=self.total_tolerance,
            totals_within=self.totals_within,
            hold_until_compared=self.hold_until_compared,
            shipping_date=self.shipping_date,
            wait_at_most=self.wait_at_most,
        )

    @property
    def shipping(self) -> ShippingPolicy:
        return ShippingPolicy(
            tracking_within=self.tracking_within,
            ships_within=self.ships_within,
            partial_within=self.partial_within,
            cancellation=self.cancellation,
            released_within=self.released_within,
            untracked=self.untracked,
        )

    def refused(self, *, per_shopper: bool, shops: frozenset[str]) -> tuple[str, ...]:  # noqa: ARG002 -- an ERP's own
        """What this ERP cannot do for these marketplaces, as sentences with the remedy; empty where it can.

        `per_shopper`: a marketplace wants a customer for each shopper. `shops` are all shops' slugs.
        """
        return ()
