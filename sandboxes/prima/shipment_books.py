"""The books of what left: every version of every consignment, with its lines and the numbers it ever had."""

from __future__ import annotations

from typing import Any

from sandboxes.prima.installation import Installation
from sandboxes.prima.orders import Despatch, Order


def shipments(installation: Installation) -> list[dict[str, Any]]:
    """In the order in which they were made."""
    made = [(sent, order) for order in installation.ever for sent in order.despatches]
    return [_despatch(installation, order, sent) for sent, order in sorted(made, key=lambda one: one[0].id)]


def _despatch(installation: Installation, order: Order, sent: Despatch) -> dict[str, Any]:
    """Versions of one consignment have one `slip` and an `id` each; tracking belongs to the consignment."""
    by_reference = installation.world.reference_in == "CustomerRef"
    return {
        "company": order.company,
        "slip": sent.consignment,
        "id": sent.id,
        "number": order.number,
        "reference": order.customer_ref if by_reference else order.tpguid,
        "created": sent.created,
        "visible_from": sent.visible_from,
        "carrier": sent.carrier,
        "service": sent.service,
        "delivery_mode": order.header["CarrServ"],
        "lines": [
            {
                "reference": line.reference,
                "lot": f"{order.number}-{line.number}",
                "ordered": line.quantity,
                "shipped": quantity,
            }
            for line, quantity in sent.lines
        ],
        "tracking": [{"number": one.number, "from": one.since, "until": one.until} for one in sent.tracking],
    }
