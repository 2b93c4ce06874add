"""One installation: what is set up, the orders and customers that were entered, and what is left to sell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sandboxes.prima.despatch_rows import DespatchRow
from sandboxes.prima.orders import Order
from sandboxes.prima.tally import Tally
from sandboxes.prima.world import Company, Customer, Sku, World, fold, sku


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer that an order made; who it is was not kept."""

    company: str
    code: str
    currency: str
    country: str
    has_email: bool
    created: datetime


@dataclass
class Installation:
    """`ever` are all orders that were created, deleted ones too."""

    world: World
    tally: Tally = field(default_factory=Tally)
    ever: list[Order] = field(default_factory=list)
    new_customers: list[NewCustomer] = field(default_factory=list)
    rows: list[DespatchRow] = field(default_factory=list)
    _orders: dict[tuple[str, str], Order] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)

    def order(self, company: str, number: str) -> Order | None:
        """Numbers are unique in a company (inferred)."""
        return self._orders.get((fold(company), fold(number)))

    def enter(self, order: Order) -> None:
        self.ever.append(order)
        self._orders[fold(order.company), fold(order.number)] = order

    def delete(self, order: Order, now: datetime) -> None:
        order.deleted = now
        del self._orders[fold(order.company), fold(order.number)]

    def make_customer(self, company: Company, customer: NewCustomer) -> None:
        self.new_customers.append(customer)
        company.customers[customer.code] = Customer(customer.code)

    def next_customer(self, company: Company) -> str:
        """Ten digits, zero padded (observed)."""
        return f"{self.next_number(f'customer {company.id}'):010}"

    def next_number(self, sequence: str) -> int:
        self._numbers[sequence] += 1
        return self._numbers[sequence]

    def allocated(self, company: str) -> dict[Sku, Decimal]:
        """What orders that stand hold of each SKU, despatched or not: it is not there to be sold any more."""
        held: dict[Sku, Decimal] = {}
        standing = (order for order in self._orders.values() if fold(order.company) == fold(company))
        for line in (line for order in standing for line in order.lines):
            name = sku(line.product, line.codes)
            held[name] = held.get(name, Decimal(0)) + line.quantity - line.cancelled
        return held
