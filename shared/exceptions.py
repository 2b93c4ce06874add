"""Every kind of exception: its title, who owns it, by when it must be dealt with, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Rejected
from shared.model.exception import OpenException, Owner
from shared.model.keys import OrderKey
from shared.model.mappings import TABLES

_NOW = timedelta(0)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """`due` counts from opening; `escalates` from due. `owner` None: the owner of the mapping table named."""

    title: str
    owner: Owner | None
    due: timedelta
    remedy: str
    escalates: timedelta = 4 * _HOUR


KINDS: Mapping[str, Kind] = {
    "mapping_missing": Kind(
        "A mapping is missing",
        None,
        4 * _HOUR,
        "Add the row to the mapping table named (bridge mappings import); the order goes on by itself.",
    ),
    "mapping_invalid": Kind(
        "A mapping row cannot be used",
        None,
        4 * _HOUR,
        "Correct the row named (bridge mappings check shows why); the order goes on by itself.",
    ),
    "quantity_not_representable": Kind(
        "The quantity does not fit the ERP's unit",
        "ecommerce",
        4 * _HOUR,
        "Correct the order unit or its factor in the items mapping; the order goes on by itself.",
    ),
    "text_does_not_fit": Kind(
        "A text is too long for the ERP's field",
        "operations",
        4 * _HOUR,
        "Enter the order's delivery details in the ERP by hand, or widen the field and its length in the profile, "
        "then bridge requeue.",
    ),
    "order_unreadable": Kind(
        "An order from Mirakl cannot be read",
        "integration",
        4 * _HOUR,
        "The field named is missing or malformed in Mirakl's answer; report it, then bridge requeue.",
    ),
    "snapshot_too_large": Kind(
        "An order is too large to store",
        "integration",
        4 * _HOUR,
        "Enter this order in the ERP by hand and report its size.",
    ),
    "erp_refused": Kind(
        "The ERP refuses the order",
        "operations",
        4 * _HOUR,
        "Correct in the ERP what it names (item, customer, posting set-up), then bridge requeue.",
    ),
    "erp_number_taken": Kind(
        "The ERP has another order under our number",
        "operations",
        4 * _HOUR,
        "Find out who created it; renumber it in the ERP, then bridge requeue.",
    ),
    "number_range_stopped": Kind(
        "No order number can be allocated for the shop",
        "integration",
        _NOW,
        "Find out who else uses the numbers; then bridge numbers move --shop SHOP --next COUNT, and the orders go on.",
        _HOUR,
    ),
    "not_released": Kind(
        "Created in the ERP, and not released there",
        "operations",
        4 * _HOUR,
        "Release the order in the ERP, or see why the job that releases does not run; it goes on by itself then.",
    ),
    "status_unknown": Kind(
        "The ERP shows a status that the settings do not know",
        "operations",
        _NOW,
        "Find out what the word named means and add it to the ERP's status words in the settings.",
    ),
    "amounts_differ": Kind(
        "The ERP's line amounts differ from Mirakl's",
        "finance",
        4 * _HOUR,
        "Correct the order's lines in the ERP before it is invoiced; look for trade agreements or auto charges.",
    ),
    "totals_differ": Kind(
        "The ERP's order total differs from what the shopper pays",
        "finance",
        4 * _HOUR,
        "Compare the tax groups with Mirakl's taxes and correct the order before it is invoiced.",
    ),
    "totals_late": Kind(
        "The ERP has not calculated the order's totals",
        "finance",
        4 * _HOUR,
        "Run the ERP's sales totals calculation, or check its batch job; the comparison then happens by itself.",
    ),
    "cancelled_after_creation": Kind(
        "Cancelled in Mirakl after it was created in the ERP",
        "operations",
        _NOW,
        "Cancel the order or the lines named in the ERP before they are shipped.",
        _HOUR,
    ),
    "shipped_without_order": Kind(
        "Shipped in Mirakl without an order in the ERP",
        "operations",
        4 * _HOUR,
        "Find out who shipped it; enter the order in the ERP by hand if it is owed.",
    ),
    "lines_after_creation": Kind(
        "Lines became due after the order was created in the ERP",
        "operations",
        4 * _HOUR,
        "Add the lines named to the order in the ERP by hand.",
    ),
    "cancelled_in_erp": Kind(
        "Cancelled or deleted in the ERP, and Mirakl still waits for it",
        "operations",
        _NOW,
        "Cancel the order in Mirakl, or enter it again in the ERP under the same number; the bridge does neither.",
        _HOUR,
    ),
    "erp_duplicate": Kind(
        "The ERP has two orders with the same reference",
        "operations",
        _NOW,
        "Cancel one of the two in the ERP before both are shipped, then bridge requeue.",
        _HOUR,
    ),
    "not_shipped": Kind(
        "Not shipped by its deadline",
        "operations",
        _NOW,
        "Ship it or cancel it in Mirakl; the shipment is confirmed by itself once the ERP shows it.",
    ),
    "carrier_unmapped": Kind(
        "No mapping for a carrier",
        None,
        _NOW,
        "Add the row to the carriers mapping (bridge mappings import); the shipment goes out by itself.",
        _HOUR,
    ),
    "carrier_not_accepted": Kind(
        "The marketplace does not accept a mapped carrier",
        None,
        _NOW,
        "Correct the row of the carriers mapping to one of the codes named; the shipment goes out by itself.",
        _HOUR,
    ),
    "tracking_refused": Kind(
        "Mirakl refuses the tracking",
        None,
        _NOW,
        "Correct the carriers mapping or the tracking number in the ERP; saving the mapping sends it again.",
        _HOUR,
    ),
    "tracking_late": Kind(
        "Shipped, and no tracking number has come",
        "operations",
        _NOW,
        "Enter the tracking number in the ERP, or map the carrier with tracking `none`; it goes out by itself.",
    ),
    "shipment_refused": Kind(
        "Mirakl does not take the shipment",
        "operations",
        _NOW,
        "See the order in Mirakl; confirm it there by hand, or bridge requeue once the reason is gone.",
        _HOUR,
    ),
    "shipment_untold": Kind(
        "A parcel has left, and Mirakl could not be told",
        "integration",
        _NOW,
        "See the outages (bridge exceptions list) and the order's timeline; it goes out by itself once Mirakl answers.",
    ),
    "shipment_incomplete": Kind(
        "A part has shipped, and its rest is overdue",
        "operations",
        _NOW,
        "Ship the rest, or cancel its lines in Mirakl; the shipment is confirmed by itself then.",
    ),
    "shipment_corrected": Kind(
        "A shipment was corrected after Mirakl was told of it",
        "operations",
        _NOW,
        "Compare the quantities; refund in Mirakl what did not leave, or tell the shopper.",
    ),
    "despatch_row_refused": Kind(
        "A row of a despatch file cannot be used",
        "operations",
        4 * _HOUR,
        "Correct the row at the file and line named and drop it in a new file, or bridge shipments enter.",
    ),
    "shipment_unmatched": Kind(
        "A shipment cannot be matched with its order",
        "operations",
        4 * _HOUR,
        "Confirm it in Mirakl by hand; report what is named if the order was created by the bridge.",
    ),
    "shipped_after_cancellation": Kind(
        "Shipped although Mirakl shows it cancelled",
        "operations",
        _NOW,
        "Stop the parcel if that is still possible; nobody pays for it.",
        _HOUR,
    ),
    "carrier_withdrawn": Kind(
        "The marketplace withdrew a carrier that a mapping uses",
        "operations",
        24 * _HOUR,
        "Map another of the operator's carriers before the next parcel needs it.",
    ),
    "delivery_mode_uncovered": Kind(
        "A delivery mode in use has no carrier mapping",
        "operations",
        24 * _HOUR,
        "Add a row to the carriers mapping before the first parcel needs it.",
    ),
    "order_number_refused": Kind(
        "Mirakl does not take the ERP's order number",
        "integration",
        24 * _HOUR,
        "See the field named; the order itself is not affected. bridge requeue tries again.",
    ),
    "acceptance_at_risk": Kind(
        "An order waits for acceptance past half of its window",
        "integration",
        _NOW,
        "See why it was not accepted (bridge orders show); accept it in Mirakl by hand if in doubt.",
        _HOUR,
    ),
    "auto_refused": Kind(
        "Mirakl refused an order because nobody accepted it in time",
        "operations",
        _NOW,
        "The sale is lost; tell ecommerce, and integration for the cause.",
        _HOUR,
    ),
    "acceptance_refused": Kind(
        "Mirakl does not take our acceptance",
        "integration",
        _NOW,
        "Accept the order in Mirakl by hand and report the code named.",
        _HOUR,
    ),
    "waits_too_long": Kind(
        "An order waits in Mirakl for longer than it should",
        "operations",
        24 * _HOUR,
        "Ask the marketplace's operator about this order (payment, fraud check).",
        24 * _HOUR,
    ),
    "outage": Kind(
        "The other side is down or refuses calls",
        "integration",
        _HOUR,
        "Work waits and goes on by itself once it answers; see its status page.",
    ),
    "unauthorized": Kind(
        "The key or the role is refused",
        "integration",
        _NOW,
        "Renew the secret named in the key vault, or give the user its role; work goes on by itself.",
        _HOUR,
    ),
    "shop_misconfigured": Kind(
        "A shop cannot be used as it is set up",
        "integration",
        _NOW,
        "Correct what is named; the other shops go on.",
        _HOUR,
    ),
    "unexpected": Kind(
        "A step failed again and again",
        "integration",
        _HOUR,
        "See the step's timeline and Application Insights; bridge requeue when the cause is gone.",
    ),
    "dead_letter": Kind(
        "A message ended in a dead-letter queue",
        "integration",
        _HOUR,
        "See the reason; bridge requeue sends a fresh message from our records.",
    ),
    "message_unreadable": Kind(
        "A message cannot be read",
        "integration",
        _HOUR,
        "It was written by another version, or by hand; nothing of the order is lost.",
    ),
}


def opened(
    key: OrderKey, reason: Rejected, *, step: str, now: datetime, stand: Iterable[OpenException] = ()
) -> OpenException:
    """The exception that this business reason opens, or the one of those that `stand`, met once more.

    The subject of a kind without an owner starts with its mapping table's name and `:`.
    """
    kind = KINDS[reason.kind]
    table, _, rest = reason.subject.partition(":")
    mapping = table if kind.owner is None else ""
    owners = {str(name): one.owner for name, one in TABLES.items()}
    subject = rest if mapping else reason.subject
    for one in stand:
        if one.identity == (reason.kind, subject):
            return replace(one, count=one.count + 1, last_seen=now, reason=reason.reason)
    due = now + kind.due
    return OpenException(
        key=key,
        kind=reason.kind,
        subject=subject,
        owner=kind.owner or owners.get(mapping, "integration"),
        opened=now,
        due=due,
        escalates=due + kind.escalates,
        reason=reason.reason,
        remedy=reason.remedy or kind.remedy,
        step=step,
        mapping=mapping,
        last_seen=now,
    )
