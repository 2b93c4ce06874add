"""What Business Central offers and promises, by how the client has set it up."""

from __future__ import annotations

from collections.abc import Mapping

from shared.erp.business_central.configuration import Configuration, Release
from shared.erp.business_central.placing import CALLS
from shared.erp.offers import Offered, missing, offers
from shared.model.sales_order import Capabilities, Offer

TITLE = "Dynamics 365 Business Central"
_RELEASE: Mapping[Release, Offered] = {
    "client_job": Offered("by a job of the client's; an order that it leaves unreleased is told when it is due"),
    "action": Offered("by the client's bound action, with the order's creation"),
    "none": missing("no order has to be released", instead="whoever ships takes it as it stands"),
}


def capabilities(configuration: Configuration) -> Capabilities:
    return Capabilities(
        name=TITLE,
        uniqueness="looked_up",
        numbers="drawn",
        holds=False,
        settle=configuration.settle,
        lanes=configuration.lanes,
        cancels_lines=True,
        calls=CALLS,
        releases=configuration.release != "none",
        tracks=configuration.tracking is not None,
        shoppers="ensured" if configuration.shoppers else "no",
        customer_groups=False,
        offers=_offers(configuration),
    )


def _offers(configuration: Configuration) -> tuple[Offer, ...]:
    minutes = f"{configuration.settle.total_seconds() / 60:g} minutes"
    return offers(
        numbers=Offered("drawn from the ERP's number series"),
        uniqueness=Offered(
            "one writer per order, and a look-up in orders, shipments and invoices by our reference; settle time "
            f"{minutes} counted from sending (8 queued + 8 running + margin): the ERP enforces no key"
        ),
        lines=Offered("every line with its amount, in the answer that creates the order"),
        totals=Offered("with the order, at once; 20 orders a call"),
        hold=missing("the ERP has no hold of a sales order", instead="an exception for people, due now"),
        line_cancellation=Offered("lines are deleted while the order is a draft; a released one is left to people"),
        release=_RELEASE[configuration.release],
        shipments=Offered("posted shipments with their lines; what was undone is taken off"),
        tracking=_tracking(configuration),
        customers=_customers(configuration),
        references=Offered("orders, shipments and invoices by their time of change"),
        invoices=Offered("posted invoices by order number; 20 orders a call"),
    )


def _tracking(configuration: Configuration) -> Offered:
    if configuration.tracking:
        return Offered(f"from {configuration.tracking.path}; 20 orders a call")
    return missing(
        "the standard API has no tracking numbers, and tracking_source names no other rows",
        instead="a published page or an API page (tracking_source), despatch files, or bridge shipments enter; "
        "untracked = ship goes without a number where carrier and operator allow",
    )


def _customers(configuration: Configuration) -> Offered:
    if configuration.shoppers:
        return Offered("created under an account derived from Mirakl's customer id, from the client's template")
    return missing(
        "not confirmed: customer_numbers = manual and customer_template = true",
        instead="the customer of the marketplace, by the accounts mapping",
    )
