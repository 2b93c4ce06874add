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
