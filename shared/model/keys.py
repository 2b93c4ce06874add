"""The names things go by outside: order keys, ERP numbers and references, lanes, pause scopes.

Changing what `derived_number` or `external_reference` returns would create every open order again, and what
`customer_account` returns every shopper: `tests/model/test_keys.py` pins golden values.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from dataclasses import dataclass

NUMBER_LENGTH = 20
ACCOUNT_LENGTH = 20
_PLAIN = re.compile(r"[A-Z0-9-]+")

ERP_SCOPE = "erp"
ORDERS_SCOPE = "erp_orders"
"""The ERP answers and takes no order, whichever it is: looks go on, and their success says nothing about this."""
DESPATCH_SCOPE = "despatch_files"
TRACKING_SCOPE = "tracking_source"
"""Rows of the client's own in the ERP: what is wrong with them stops the way back, and no order's creation."""
BRIDGE_SHOP = "_bridge"
"""Holds what belongs to no shop (an ERP outage); the underscore keeps it apart from every shop's slug."""


@dataclass(frozen=True, slots=True, order=True)
class OrderKey:
    """One order: our shop's slug (`[a-z0-9-]`) and Mirakl's opaque order id. An empty order id is the shop itself."""

    shop: str
    order: str

    def __str__(self) -> str:
        return f"{self.shop}|{self.order}"


def company_scope(company: str) -> str:
    """One company of the ERP, where the others go on without it."""
    return f"{ERP_SCOPE}:company {company}"


def shop_scope(shop: str) -> str:
    return f"shop:{shop}"


def operation_scope(shop: str, operation: str) -> str:
    return f"shop:{shop}:{operation}"


def scope_subject(scope: str) -> OrderKey:
    """Where the exception of a paused scope is kept: at its shop, or at the bridge itself."""
    kind, _, rest = scope.partition(":")
    return OrderKey(rest.split(":")[0], "") if kind == "shop" else OrderKey(BRIDGE_SHOP, "")


def external_reference(prefix: str, order_id: str) -> str:
    """The order's reference in the ERP: the marketplace's prefix and Mirakl's order id, as it is."""
    return f"{prefix}-{order_id}"


def derived_number(prefix: str, marketplace: str, order_id: str) -> str:
    """The number we give an order where the ERP takes one from us (at most 20 of `[A-Z0-9-]`).

    The id as it is where it fits; otherwise a digest, because folding case or cutting could make two orders one.
    """
    plain = f"{prefix}-{order_id}"
    if len(plain) <= NUMBER_LENGTH and _PLAIN.fullmatch(plain):
        return plain
    return f"{prefix}-{_digest(f'{marketplace}|{order_id}')}"[:NUMBER_LENGTH]


def customer_account(prefix: str, marketplace: str, customer_id: str) -> str:
    """A shopper's account in the ERP, by marketplace and Mirakl's `customer_id` alone (at most 20 of `[A-Z0-9-]`).

    Always a digest: it tells nobody who the shopper is, and an ERP that folds case does not make two shoppers one.
    """
    return f"{prefix}-{_digest(f'customer|{marketplace}|{customer_id}')}"[:ACCOUNT_LENGTH]


def _digest(name: str) -> str:
    return base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()


def lane(key: OrderKey, lanes: int) -> str:
    """The session in which everything about this order is written to the ERP; lanes bound the ERP's concurrency."""
    return f"lane-{zlib.crc32(str(key).encode()) % lanes}"
