"""How the client wants orders created; every value is a setting with a stated default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class CreationPolicy:
    """`unit_price_decimals` is what the ERP's unit price carries; what does not divide becomes a rounding line.

    `total_tolerance` is how far the ERP's order total may be from what the shopper pays, in the order's currency.
    `totals_within` is how long the ERP may take to calculate totals. `wait_at_most` is how long an order may stay in
    Mirakl before payment without a person knowing. `shipping_date` says whether Mirakl's deadline becomes the
    requested shipping date.
    """

    unit_price_decimals: int = 2
    total_tolerance: Decimal = Decimal("0.02")
    totals_within: timedelta = timedelta(hours=24)
    hold_until_compared: bool = False
    shipping_date: Literal["deadline", "none"] = "deadline"
    wait_at_most: timedelta = timedelta(hours=96)


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """How long the bridge waits on the way back, before a person must know.

    `tracking_within` counts from shipping and ends at Mirakl's `shipping_deadline` at the latest. `ships_within`
    counts from the order's creation and stands for the deadline where Mirakl gives none. `partial_within` is how long
    an incomplete shipment may be held back for its rest. `cancellation` says what is done to an order that is
    cancelled after it was created: it is put on hold, or the cancelled lines are removed where the ERP lets us.
    `released_within` is how long an order may stand unreleased in an ERP whose people release. `untracked` says
    whether a shipment whose tracking did not come in time goes without it, where its carrier and the operator allow.
    `tracking_from` is who may bring tracking: the ERP, despatch files (and people) where the ERP knows none, or people
    alone; it follows from the ERP's capabilities and from `DESPATCH_FILES`.
    """

    tracking_within: timedelta = timedelta(hours=24)
    ships_within: timedelta = timedelta(days=5)
    partial_within: timedelta = timedelta(hours=48)
    cancellation: Literal["hold", "remove"] = "hold"
    released_within: timedelta = timedelta(hours=4)
    untracked: Literal["wait", "ship"] = "wait"
    tracking_from: Literal["erp", "files", "people"] = "erp"
