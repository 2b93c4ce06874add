"""The books of customers: those that callers created, without who they are."""

from __future__ import annotations

from typing import Any

from sandboxes.finance_supply_chain.customers import SET_UP
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.records import Row


def customers(installation: Installation) -> list[dict[str, Any]]:
    return [_customer(row) for row in installation.customers.ever if row.created > SET_UP]


def _customer(row: Row) -> dict[str, Any]:
    """`organization`, `tax_number` and `has_alias` say whether the field was filled in."""
    return {
        "company": row.text("dataAreaId"),
        "account": row.text("CustomerAccount"),
        "group": row.text("CustomerGroupId"),
        "currency": row.text("SalesCurrencyCode"),
        "tax_group": row.text("SalesTaxGroup"),
        "country": row.text("AddressCountryRegionId"),
        "invoice_account": row.text("InvoiceAccount"),
        "party_type": row.text("PartyType"),
        "organization": bool(row.values["OrganizationName"]),
        "tax_number": bool(row.values["TaxExemptNumber"]),
        "has_alias": bool(row.values["PrimaryContactEmail"]),
        "created": row.created,
        "deleted": row.deleted,
    }
