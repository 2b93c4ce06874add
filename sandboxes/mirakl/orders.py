"""An order as Mirakl's own database has it: exact amounts without taxes, each tax beside them, states with times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from sandboxes.mirakl.platform import CLOSED_AFTER, RECEIVED_AFTER, TaxMode
from sandboxes.mirakl.shipments import SellerReference, Shipment, Tracking
from sandboxes.mirakl.shoppers import Shopper

ORDER_STATES = (
    "STAGING",
    "WAITING_ACCEPTANCE",
    "WAITING_DEBIT",
    "WAITING_DEBIT_PAYMENT",
    "SHIPPING",
    "SHIPPED",
    "TO_COLLECT",
    "RECEIVED",
    "CLOSED",
    "REFUSED",
    "CANCELED",
)
GONE = ("REFUSED", "CANCELED")
OWN_STOCK = "DEFAULT"
ZERO = Decimal(0)

Debit = Literal["settles", "refused", "held"]
"""What happens to the shopper's payment: it settles or is refused after the delay, or nothing until a control says."""


@dataclass(frozen=True, slots=True)
class Tax:
    """`rate` is a percentage; None where the operator sends none."""

    code: str
    rate: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Promotion:
    """`deduced` is already off the line's price, in the platform's own tax mode."""

    id: str
    deduced: Decimal


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """An amount without taxes, and the taxes on it; both modes add up to the minor unit by construction."""

    net: Decimal
    taxes: tuple[Tax, ...] = ()

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)

    def shown(self, mode: TaxMode) -> Decimal:
        return self.net + self.tax if mode == "TAX_INCLUDED" else self.net

    def nothing(self) -> TaxedAmount:
        return TaxedAmount(self.net * 0, tuple(Tax(tax.code, tax.rate, tax.amount * 0) for tax in self.taxes))


@dataclass(frozen=True, slots=True)
class Cancelation:
    id: str
    at: datetime
    reason_code: str


@dataclass(slots=True, kw_only=True)
class OrderLine:
    """`unit_price` is the offer's price in the platform's own tax mode; `price` and `shipping` are line totals.

    The amounts stay as ordered; a cancelation shows them as nothing and lists them under `cancelations[]`.
    `offer_id`, and `shown`, the quantity that the shopper saw, are empty where the shop sells by no offers.
    """

    id: str
    index: int
    sku: str
    quantity: int
    unit_price: Decimal
    price: TaxedAmount
    shipping: TaxedAmount
    fees: tuple[Fee, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    commission: TaxedAmount = TaxedAmount(ZERO)
    created: datetime
    updated: datetime
    history: list[tuple[datetime, str]] = field(default_factory=list)
    cancelation: Cancelation | None = None
    offer_id: int | None = None
    shown: int | None = None
    debited: datetime | None = None

    @property
    def state(self) -> str:
        return self.history[-1][1]

    def reached(self, state: str) -> datetime | None:
        """When the line entered that state first."""
        return first_time(self.history, state)

    def move(self, state: str, at: datetime) -> None:
        self.history.append((at, state))
        self.updated = at

    @property
    def fee(self) -> Decimal:
        return sum((fee.amount for fee in self.fees), ZERO)

    def total(self, mode: TaxMode) -> Decimal:
        """Price with shipping and fees, as ordered."""
        return self.price.shown(mode) + self.shipping.shown(mode) + self.fee


@dataclass(slots=True)
class Sightings:
    """The OR11 and OR15 answers that showed the order in WAITING_ACCEPTANCE."""

    first: datetime | None = None
    last: datetime | None = None
    count: int = 0

    def add(self, at: datetime) -> None:
        self.first = self.first or at
        self.last = at
        self.count += 1


@dataclass(slots=True, kw_only=True)
class Order:
    """One logistic order of one shop. `automatic`: the operator accepts it itself and nobody is asked.

    `decided_at` and `decided_how` are the truth; `acceptance_decision_date` is what Mirakl tells of it. `tracking` is
    the order's own (OR23), `shipments` have theirs (ST01, ST23).
    """

    platform: str
    shop_id: int
    id: str
    commercial_id: str
    currency: str
    decimals: int
    created: datetime
    updated: datetime
    window_end: datetime
    lines: list[OrderLine]
    shopper: Shopper
    automatic: bool = False
    staging: timedelta
    debit: Debit = "settles"
    debit_sending: timedelta
    debit_delay: timedelta
    payment_workflow: str
    shipping_type: str = "STD"
    pudo_id: str | None = None
    channel: str | None = None
    fulfillment_center: str = OWN_STOCK
    shipping_deadline: datetime | None = None
    history: list[tuple[datetime, str]] = field(default_factory=list)
    acceptance_decision_date: datetime | None = None
    decided_at: datetime | None = None
    decided_how: str = ""
    debited: datetime | None = None
    or21_effects: int = 0
    or24_effects: int = 0
    tracking: Tracking | None = None
    tracking_count: int = 0
    shipments: list[Shipment] = field(default_factory=list)
    seller_reference: SellerReference = field(default_factory=SellerReference)
    received_after: timedelta = RECEIVED_AFTER
    closed_after: timedelta = CLOSED_AFTER
    shown_waiting: Sightings = field(default_factory=Sightings)

    @property
    def state(self) -> str:
        return self.history[-1][1]

    @property
    def since(self) -> datetime:
        """When the order entered its state."""
        return self.history[-1][0]

    def reached(self, state: str) -> datetime | None:
        """When the order entered that state first."""
        return first_time(self.history, state)

    def was(self, state: str) -> bool:
        return self.reached(state) is not None

    def lines_in(self, *states: str) -> list[OrderLine]:
        return [line for line in self.lines if line.state in states]

    def packed(self, line_id: str, *, shipped: bool = False) -> int:
        """How much of a line is in shipments, or in those that were shipped."""
        return sum(one.quantity(line_id) for one in self.shipments if one.shipped_at or not shipped)


def first_time(history: Iterable[tuple[datetime, str]], state: str) -> datetime | None:
    return next((at for at, past in history if past == state), None)


def order_state(lines: Iterable[OrderLine]) -> str:
    """The least advanced state of the lines that are left; with none left, CANCELED unless all were refused.

    Lines move together but for partial shipments; that such an order stays SHIPPING until the last line is inferred.
    """
    states = [line.state for line in lines]
    left = [state for state in states if state not in GONE]
    if left:
        return min(left, key=ORDER_STATES.index)
    return "CANCELED" if "CANCELED" in states else "REFUSED"


def summed(taxes: Iterable[Tax]) -> Iterator[Tax]:
    """One tax per code and rate: the same code may come with two rates, and those are two taxes."""
    totals: dict[tuple[str, Decimal | None], Decimal] = {}
    for tax in taxes:
        totals[tax.code, tax.rate] = totals.get((tax.code, tax.rate), ZERO) + tax.amount
    return (Tax(code, rate, amount) for (code, rate), amount in totals.items())
