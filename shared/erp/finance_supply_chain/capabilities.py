"""What Finance & Supply Chain offers and promises, by how the client has set it up."""

from __future__ import annotations

from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.saga import CALLS
from shared.erp.offers import Offered, missing, offers
from shared.model.sales_order import Capabilities, Offer

TITLE = "Dynamics 365 Finance & Supply Chain"
_DOCUMENT = {"packing_slip": "posted packing slips", "warehouse_shipment": "confirmed warehouse shipments"}


def capabilities(configuration: Configuration) -> Capabilities:
    derived = configuration.order_numbers == "derived"
    return Capabilities(
        name=TITLE,
        uniqueness="enforced" if derived else "looked_up",
        numbers="derived" if derived else "drawn",
        holds=True,
        settle=configuration.settle,
        lanes=configuration.lanes,
        cancels_lines=True,
        calls=4 if derived else CALLS,
        offers=_offers(configuration),
    )


def _offers(configuration: Configuration) -> tuple[Offer, ...]:
    derived = configuration.order_numbers == "derived"
    minutes = f"{configuration.settle.total_seconds() / 60:g} minutes"
    return offers(
        numbers=Offered("ours, from Mirakl's order id" if derived else "drawn from the ERP's number sequence"),
        uniqueness=Offered(
            "by the ERP's primary key: a second order is refused, however often it is sent"
            if derived
            else f"one writer per order, and a look-up by our reference; settle time {minutes} counted from sending"
        ),
        lines=Offered("every line with its amount, in the call that reads the order back"),
        totals=Offered("as the ERP's own job calculates them; 20 orders a call"),
        hold=Offered("processing is stopped, and let go"),
        line_cancellation=Offered("lines of which nothing was picked or has left are deleted"),
        release=missing("no order has to be released", instead="an order can be picked as soon as it stands"),
        shipments=Offered(f"{_DOCUMENT[configuration.shipped_when]}, with their lines"),
        tracking=Offered("the packing slips' tracking information; 20 orders a call"),
        customers=Offered("created under an account derived from Mirakl's customer id; two at once make one"),
        references=Offered("by their time of creation: the ERP tells no time of a change"),
        invoices=Offered("posted invoices by order number; 20 orders a call"),
    )
