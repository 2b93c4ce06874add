"""What the bridge is built of: everything that differs between Azure, one machine and a simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.model.shop import Shop
from shared.ports.erp import Customers, Invoices, SalesOrderChanges, SalesOrders, Shipments
from shared.ports.marketplace import (
    Acceptance,
    MarketplaceLists,
    MultiShipping,
    OrderExport,
    OrderNumbers,
    OrderReader,
    Orders,
    Platform,
    Shipping,
)
from shared.ports.own import (
    Audit,
    CallBudget,
    Clock,
    Cursors,
    DeadLetters,
    DespatchFiles,
    Exceptions,
    Lists,
    Lookup,
    Mappings,
    NumberRanges,
    Outbox,
    Pauses,
    Progress,
    ShipmentCursors,
    ShopperAccounts,
    WorkList,
)


@dataclass(frozen=True, slots=True)
class MarketplacePorts:
    """One shop's side of Mirakl."""

    orders: Orders
    export: OrderExport
    acceptance: Acceptance
    platform: Platform
    shipping: Shipping
    multi_shipping: MultiShipping
    order_numbers: OrderNumbers
    lists: MarketplaceLists


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that is different between Azure, one machine and a simulation."""

    clock: Clock
    progress: Progress
    work: WorkList
    exceptions: Exceptions
    cursors: Cursors
    budget: CallBudget
    pauses: Pauses
    mappings: Mappings
    lists: Lists
    audit: Audit
    outbox: Outbox
    dead_letters: DeadLetters
    marketplace: Callable[[Shop], MarketplacePorts]
    sales_orders: SalesOrders
    changes: SalesOrderChanges
    customers: Customers
    shipments: Shipments
    invoices: Invoices
    shipment_cursors: ShipmentCursors
    lookup: Lookup
    numbers: NumberRanges
    accounts: ShopperAccounts
    reader: OrderReader
    jitter: Callable[[], float]
    token: Callable[[], str]
    despatch_files: DespatchFiles | None = None
