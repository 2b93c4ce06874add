"""Sales orders as the installation holds them, and what left of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(slots=True, eq=False)
class Line:
    """`price` is as it was sent; `amount` is what the line comes to, by the world's reading of the price.

    `cancelled` is what will not leave of the quantity.
    """

    number: int
    product: str
    codes: tuple[str, str, str, str]
    quantity: Decimal
    price: Decimal
    amount: Decimal
    reference: str
    warehouse: str
    due: str
    stocked: bool
    created: datetime
    changed: datetime
    despatched: Decimal = NOTHING
    cancelled: Decimal = NOTHING
    invoiced: Decimal = NOTHING
    picked: bool = False

    @property
    def remaining(self) -> Decimal:
        return self.quantity - self.despatched - self.cancelled

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled > 0 and self.cancelled >= self.quantity


@dataclass(frozen=True, slots=True)
class Invoice:
    """`total` is what is owed for it; Prima's tax is not told apart."""

    number: str
    total: Decimal
    created: datetime


@dataclass(slots=True, eq=False)
class Tracking:
    number: str
    since: datetime
    until: datetime | None = None


@dataclass(slots=True, eq=False)
class Despatch:
    """One version of a consignment; versions share `consignment` and `tracking`, which belong to the parcel."""

    id: int
    consignment: str
    carrier: str
    service: str
    lines: Sequence[tuple[Line, Decimal]]
    created: datetime
    visible_from: datetime
    tracking: list[Tracking]

    def quantity(self, line: Line) -> Decimal:
        return sum((quantity for one, quantity in self.lines if one is line), NOTHING)

    def numbers(self, at: datetime) -> list[str]:
        return [one.number for one in self.tracking if one.since <= at and (one.until is None or at < one.until)]


@dataclass(slots=True, eq=False)
class Order:
    """`header` holds the codes that were sent (channel, category, carrier …). `label` is whom it is sent to, as the
    server holds it; the books do not show it.
    """

    company: str
    number: str
    tpguid: str
    customer_ref: str
    customer: str
    unique_id: str
    currency: str
    vat_inclusive: bool
    held: bool
    country: str
    label: Mapping[str, str]
    header: Mapping[str, str]
    consents: Mapping[str, str]
    lines: list[Line]
    charges: Sequence[tuple[str, Decimal]]
    payments: Sequence[Mapping[str, str]]
    created: datetime
    deleted: datetime | None = None
    despatches: list[Despatch] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)

    @property
    def goods(self) -> list[Line]:
        """The lines that can be despatched."""
        return [line for line in self.lines if line.stocked]

    def open_goods(self) -> list[tuple[Line, Decimal]]:
        return [(line, line.remaining) for line in self.goods if line.remaining > 0]

    def versions(self, consignment: str) -> list[Despatch]:
        return [one for one in self.despatches if one.consignment == consignment]

    def newest(self) -> list[Despatch]:
        """Every consignment in its last version."""
        return list({one.consignment: one for one in self.despatches}.values())

    @property
    def is_cancelled(self) -> bool:
        return all(line.is_cancelled for line in self.lines)

    @property
    def is_despatched(self) -> bool:
        return not self.open_goods() and any(line.despatched > 0 for line in self.goods)
