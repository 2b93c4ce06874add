"""Who orders and who is invoiced: the marketplace's account, or each shopper as a customer of the ERP.

A shopper is marketplace and Mirakl's `customer_id`, never the proxy address, which differs from order to order.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import Rejected
from shared.model.keys import customer_account
from shared.model.mappings import MappingRow
from shared.model.order import Address, Order, Organization, Shopper
from shared.model.sales_order import CustomerDraft
from shared.model.shop import Shop
from shared.rules.mapping_lookup import OrderMappings, invalid, text


@dataclass(frozen=True, slots=True)
class Terms:
    """A row of `accounts`: who is invoiced, and which groups a new customer gets."""

    customer: str
    group: str
    tax_group: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """`account` orders; `is_new`: the shopper is no customer yet.

    An empty `account` is the marketplace's own, and of one that is new it is the ERP's to give.
    """

    account: str = ""
    is_new: bool = False


def buyer(order: Order, *, shop: Shop, rows: OrderMappings, returned: str | None = None) -> Buyer:
    """`returned` is as for `draft`. Raises Rejected (`order_unreadable`, `mapping_invalid`)."""
    marketplace, shopper = shop.marketplace, order.shopper
    if marketplace.customers == "per_marketplace":
        return Buyer()
    if not shopper.id:
        raise Rejected(
            "order_unreadable",
            subject="customer.customer_id",
            reason="customers are kept per shopper, and the order has no customer.customer_id",
        )
    if listed := _listed(order, shop, rows):
        return Buyer(text(listed, "customer"))
    if returned is not None:
        return Buyer(returned, is_new=not returned)
    return Buyer(customer_account(marketplace.prefix, marketplace.id, shopper.id), is_new=True)


def terms(
    order: Order, country: str, *, shop: Shop, rows: OrderMappings, groups: bool, returned: str | None = None
) -> Terms:
    """By who owes the tax where the goods go; `groups`: a customer that we make ourselves needs one.

    Raises Rejected (`mapping_missing`, `mapping_invalid`).
    """
    marketplace = shop.marketplace
    row = rows.row("accounts", marketplace.id, order.currency, country, marketplace.liability(country))
    group = text(row, "customer_group")
    ours = marketplace.customers == "per_shopper" and returned is None and not _listed(order, shop, rows)
    if ours and groups and not group:
        raise invalid(row, "customer_group", "is empty; fill it")
    return Terms(text(row, "customer"), group, text(row, "tax_group"))


def customer_draft(
    buying: Buyer, terms: Terms, order: Order, *, shop: Shop, currency: str, country: str, address: Address
) -> CustomerDraft | None:
    """The customer to be, None where it exists; `currency` and `country` are the ERP's codes."""
    if not buying.is_new:
        return None
    shopper, company = order.shopper, order.shopper.organization or Organization("")
    return CustomerDraft(
        company=shop.company,
        account=buying.account,
        group=terms.group,
        currency=currency,
        tax_group=terms.tax_group,
        invoice_account=terms.customer,
        first_name=shopper.first_name,
        last_name=shopper.last_name,
        organization=company.name,
        tax_number=company.tax_number,
        identification_number=company.identification_number,
        country=country,
        address=address,
        alias=shopper.alias if shop.marketplace.store_alias else "",
    )


def note(order: Order, *, shop: Shop) -> str:
    """The delivery instructions; where shoppers are no customers, a company's name and numbers have no other place."""
    told = _company(order.shopper) if shop.marketplace.customers == "per_marketplace" else ""
    return "\n".join(part for part in (order.delivery_instructions, told) if part)


def _company(shopper: Shopper) -> str:
    company = shopper.organization
    if company is None:
        return ""
    parts = (
        ("Organisation: ", company.name),
        ("tax number ", company.tax_number),
        ("identification number ", company.identification_number),
    )
    return "; ".join(f"{name}{value}" for name, value in parts if value)


def _listed(order: Order, shop: Shop, rows: OrderMappings) -> MappingRow | None:
    """The row of `customers` that names the shopper's account, which exists then."""
    key = (shop.marketplace.id, order.shopper.id)
    return next((row for row in rows.tables.get("customers", ()) if row.key == key), None)
