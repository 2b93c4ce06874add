"""What Prima offers and promises, by how the client has set it up."""

from __future__ import annotations

from shared.erp.offers import Offered, missing, offers
from shared.erp.prima.configuration import Configuration
from shared.model.sales_order import Capabilities, Offer

TITLE = "Prima"
CALLS = 6
"""The WSDL, a look, a look at nobody's number, the order, and both looks again after E:21."""
_RUNGS = (
    "(a) a request for despatches: named and empty, it needs the client's schema; {status}; "
    "(c) despatch files, where DESPATCH_FILES says where they are; (d) by hand (bridge shipments enter)"
)


def capabilities(configuration: Configuration) -> Capabilities:
    return Capabilities(
        name=TITLE,
        uniqueness="enforced",
        numbers="allocated",
        holds=False,
        settle=configuration.settle,
        lanes=configuration.lanes,
        cancels_lines=False,
        calls=CALLS,
        shows_lines=False,
        shows_totals=False,
        shipments="status",
        tracks=False,
        shoppers="returned",
        lists_references=False,
        lists_invoices=False,
        ranges=configuration.ranges,
        offers=_offers(configuration),
    )


def _offers(configuration: Configuration) -> tuple[Offer, ...]:
    minutes = f"{configuration.settle.total_seconds() / 60:g} minutes"
    return offers(
        numbers=Offered("allocated from a range for each shop that is the bridge's alone, and stored before sending"),
        uniqueness=Offered(
            "by Prima's refusal of a number that exists (E:21), while nobody else uses the range; "
            f"that an order is not there counts {minutes} after the last sending"
        ),
        lines=missing("an order's status is one word", instead="amounts are compared with nothing: test them first"),
        totals=missing("no public request tells them", instead="nothing: see lines"),
        hold=missing("only as it is created", instead="an exception to operations, at once"),
        line_cancellation=missing("no public request", instead="an exception to operations, at once"),
        release=missing("no order has to be released", instead="an order can be picked as soon as it stands"),
        shipments=Offered(_RUNGS.format(status=_by_status(configuration))),
        tracking=missing("an order's status names none", instead="despatch files, or bridge shipments enter"),
        customers=Offered("by the shopper's first order, sent without account: the code that Prima returns is kept"),
        references=missing("no public request", instead="the number that Mirakl shows at the order (OR04)"),
        invoices=missing("no public request", instead="nothing"),
    )


def _by_status(configuration: Configuration) -> str:
    told = configuration.despatch
    if told is None:
        return "(b) OrderStatus of each open order: off, only a part or the whole that left without a file is seen"
    carrier = f"as {told.carrier}" if told.carrier else "without a carrier"
    return f"(b) OrderStatus of each open order: on, the whole order {carrier}; a part is held until its due time"
