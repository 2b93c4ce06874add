"""The books: what the installation holds and ever held, for whoever judges; nothing about persons.

The keys are those of every ERP sandbox's books; statuses are told in the same words (Backorder, Delivered, Canceled)
whatever Prima calls them, which stands beside them as `word`.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sandboxes.prima.installation import Installation, NewCustomer
from sandboxes.prima.line_books import line_books, line_status
from sandboxes.prima.order_status import word
from sandboxes.prima.orders import NOTHING, Invoice, Order
from sandboxes.prima.shipment_books import shipments


def books(installation: Installation, now: datetime | None = None) -> dict[str, Any]:
    """Every order ever created, and what was counted on the way; `word` is empty where no `now` is given."""
    tally = installation.tally
    return {
        "orders": [_order(installation, one, now) for one in installation.ever],
        "shipments": shipments(installation),
        "invoices": [_invoice(installation, order, one) for order in installation.ever for one in order.invoices],
        "customers": [_customer(one) for one in installation.new_customers],
        "creations_per_reference": dict(
            Counter(f"{one.company}|{reference(installation, one)}" for one in installation.ever)
        ),
        "ignored_inputs": dict(tally.ignored),
        "calls": dict(tally.calls),
        "refusals": dict(tally.refusals),
        "throttled": tally.refusals["throttled"],
        "conflicts": 0,
        "duplicates_refused": tally.refusals["E:21"],
        "rolled_back": 0,
        "lost_characters": tally.lost_characters,
        "despatch_rows": len(installation.rows),
    }


def reference(installation: Installation, order: Order) -> str:
    """The caller's own name of the order."""
    return order.customer_ref if installation.world.reference_in == "CustomerRef" else order.tpguid


def _order(installation: Installation, order: Order, now: datetime | None) -> dict[str, Any]:
    return {
        "company": order.company,
        "number": order.number,
        "reference": reference(installation, order),
        "requisition": order.tpguid,
        "customer": order.customer,
        "currency": order.currency,
        "origin": order.header["OrderChannel"],
        "tax_group": "",
        "delivery_mode": order.header["CarrServ"],
        "country": order.country,
        "requested_shipping_date": min((line.due for line in order.lines if line.due), default=""),
        "status": _status(order),
        "word": word(installation, order, now) if now is not None and order.deleted is None else "",
        "prices_include_tax": order.vat_inclusive,
        "held": order.held,
        "order_specific_address": _has_address(order),
        "address_present": _has_address(order),
        "created": order.created,
        "deleted": order.deleted,
        "shipped_at": _shipped_at(order),
        "totals": _totals(order),
        "unique_id": order.unique_id,
        "header": dict(order.header),
        "consents": dict(order.consents),
        "payments": [dict(one) for one in order.payments],
        "lines": line_books(order),
    }


def _has_address(order: Order) -> bool:
    return any(value for name, value in order.label.items() if name.startswith("AddrLine"))


def _status(order: Order) -> str:
    statuses = {line_status(line) for line in order.lines}
    if statuses == {"Canceled"}:
        return "Canceled"
    if statuses <= {"Canceled", "Invoiced"}:
        return "Invoiced"
    return "Delivered" if order.is_despatched else "Backorder"


def _shipped_at(order: Order) -> datetime | None:
    """When the last of its goods left; a correction does not make an order leave anew."""
    if not order.is_despatched:
        return None
    first: dict[str, datetime] = {}
    for one in order.despatches:
        first.setdefault(one.consignment, one.created)
    return max(first.values())


def _totals(order: Order) -> dict[str, Any]:
    """Tax is not told apart."""
    charges = sum((value for _, value in order.charges), NOTHING)
    return {"total": sum((line.amount for line in order.lines), NOTHING) + charges, "tax": NOTHING, "charges": charges}


def _invoice(installation: Installation, order: Order, made: Invoice) -> dict[str, Any]:
    return {
        "company": order.company,
        "invoice": made.number,
        "number": order.number,
        "reference": reference(installation, order),
        "currency": order.currency,
        "total": made.total,
        "tax": NOTHING,
        "created": made.created,
    }


def _customer(made: NewCustomer) -> dict[str, Any]:
    return {
        "company": made.company,
        "account": made.code,
        "group": "",
        "currency": made.currency,
        "tax_group": "",
        "country": made.country,
        "invoice_account": "",
        "party_type": "",
        "organization": False,
        "tax_number": False,
        "has_alias": made.has_email,
        "created": made.created,
        "deleted": None,
    }
