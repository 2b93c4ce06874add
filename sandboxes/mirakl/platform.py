"""One operator's instance: how it taxes, accepts, debits, limits calls and words its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pydantic import ConfigDict

from sandboxes.mirakl.carriers import CARRIERS, Carrier
from sandboxes.mirakl.limits import Limit

TaxMode = Literal["TAX_INCLUDED", "TAX_EXCLUDED"]
TAX_MODES: tuple[TaxMode, ...] = ("TAX_INCLUDED", "TAX_EXCLUDED")

Acceptance = Literal["AUTOMATIC", "NOT_AUTOMATIC", "BOTH"]

OrderTaxes = Literal["absent", "aggregated", "only"]
"""`absent`: taxes stand on the lines alone. `aggregated`: `order_taxes` sums them as well. `only`: lines show none."""

ErrorShape = Literal["code", "errors", "error_code", "bare"]
"""Mirakl documents OR21's codes and not their envelope: `code` at the top and in `errors[]`, in `errors[]` alone,
`error_code` at the top, or no code at all (seen in the field)."""

CsvDelimiter = Literal["SEMICOLON", "COMMA"]

PAYMENT_WORKFLOWS = (
    "PAY_ON_ACCEPTANCE",
    "PAY_ON_DELIVERY",
    "PAY_ON_DUE_DATE",
    "PAY_ON_SHIPMENT",
    "NO_CUSTOMER_PAYMENT_CONFIRMATION",
)

NO_TIME = timedelta(0)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
RECEIVED_AFTER, CLOSED_AFTER = 7 * DAY, 30 * DAY
FULL_EXPORT = "OF52 full"


def call_limits() -> Mapping[str, Limit]:
    """The documented maximum usage: OR04 and OR11 once a minute, OR13 every 5 minutes, OR14 every 2 seconds, SH21 once
    a day; imports of offers and stock once a minute, as what follows them, but for STO02 (every 15 seconds); OF52 once
    a minute since a date and once a day in full, OF53 every 10 seconds.

    Two calls of OR11 and OR14 may come close together: how strictly Mirakl counts is not public.
    """
    return {
        **dict.fromkeys(("OF01", "OF02", "OF03", "OF52", "STO01", "STO03"), Limit(interval=MINUTE)),
        FULL_EXPORT: Limit(interval=DAY),
        "OF53": Limit(interval=timedelta(seconds=10)),
        "STO02": Limit(interval=timedelta(seconds=15)),
        "OR04": Limit(interval=MINUTE),
        "OR11": Limit(interval=MINUTE, burst=2),
        "OR13": Limit(interval=5 * MINUTE, burst=1),
        "OR14": Limit(interval=timedelta(seconds=2), burst=2),
        "SH21": Limit(interval=DAY),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Operator configuration. `code` is the instance's host label, or the path prefix on a loopback socket.

    `acceptance_window` counts from `created_date`, and no API tells it. `staging` is the fraud check, `debit_sending`
    the stay in WAITING_DEBIT and `debit_delay` that in WAITING_DEBIT_PAYMENT. `update_delta` is what Mirakl takes off
    a `start_update_date`. `refused_lines_in_totals`: whether `price` and `total_price` of an order count them.
    `decided_line_code` answers an OR21 that names a line which no longer waits (undocumented).
    `alternative_carriers`: whether a seller may name carriers that are not in `carriers` (PC01 tells the opposite).
    `tracking_required_types` are shipping types that are shipped with tracking only. `length_required`: whether a
    gateway refuses a PUT that has no body and does not say `Content-Length: 0`. `received_after` is the stay in
    SHIPPED, `closed_after` that in RECEIVED.

    Of offers: `stock_imports` off is an instance without STO01 to STO03. `import_queue` and `import_run` are an
    import's stay in WAITING and RUNNING, and for `imports_kept` it is known. `offer_import_keeps` off: OF01 resets the
    fields whose columns are left out. `refusal_empties_offers`: a refused line sets its offer to 0.
    `cancelation_restocks`: a cancelled one puts back what it took. Within `checkout_overlap` two shoppers are shown
    the same number.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    code: str
    name: str = "Sandbox marketplace"
    order_tax_mode: TaxMode = "TAX_EXCLUDED"
    order_acceptance: Acceptance = "NOT_AUTOMATIC"
    acceptance_window: timedelta = timedelta(hours=24)
    staging: timedelta = NO_TIME
    payment_workflow: str = "PAY_ON_ACCEPTANCE"
    debit_sending: timedelta = NO_TIME
    debit_delay: timedelta = 2 * MINUTE
    details_before_acceptance: bool = False
    order_taxes: OrderTaxes = "absent"
    refused_lines_in_totals: bool = True
    multi_shipment: bool = False
    carriers: tuple[Carrier, ...] = CARRIERS
    alternative_carriers: bool = True
    tracking_required_types: tuple[str, ...] = ()
    length_required: bool = True
    received_after: timedelta = RECEIVED_AFTER
    closed_after: timedelta = CLOSED_AFTER
    shipping_lead: timedelta = timedelta(days=2)
    update_delta: timedelta = MINUTE
    export_delay: timedelta = MINUTE
    export_items: int = 10000
    csv_delimiter: CsvDelimiter = "SEMICOLON"
    stock_imports: bool = True
    import_queue: timedelta = timedelta(seconds=10)
    import_run: timedelta = timedelta(seconds=20)
    imports_kept: timedelta = 60 * DAY
    offer_import_keeps: bool = True
    refusal_empties_offers: bool = True
    cancelation_restocks: bool = False
    checkout_overlap: timedelta = NO_TIME
    error_shape: ErrorShape = "code"
    decided_line_code: str = "ORDER_LINE_NOT_FOUND"
    limits: Mapping[str, Limit] = field(default_factory=call_limits)
    limit_scope: Literal["key", "shop"] = "key"
    locales: tuple[str, ...] = ("en", "en_US")
    timezone: str = "Europe/Paris"

    def accepts_for(self, shop_acceptance: Acceptance) -> bool:
        """Whether orders of a shop with this setting are accepted by the operator itself."""
        decided = shop_acceptance if self.order_acceptance == "BOTH" else self.order_acceptance
        return decided == "AUTOMATIC"
