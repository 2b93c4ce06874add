"""OR23, and what Mirakl asks of any tracking: a registered carrier's code, or a name where the operator allows it.

Mirakl documents which field is mandatory when, and no code of a refusal: here it is VALIDATION_ERROR with the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.bodies import invalid, json_body, note_unknown, text
from sandboxes.mirakl.carriers import Carrier, Carriers
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.shipments import Tracking
from sandboxes.mirakl.shipping import REFUSED, shipped_as_a_whole
from sandboxes.wire import Response

FIELDS = ("carrier_code", "carrier_name", "carrier_standard_code", "tracking_number")
ORDER_URL, SHIPMENT_URL = "carrier_url", "tracking_url"


def or23(call: Call, book: OrderBook, carriers: Carriers) -> Response:
    """204; a repetition overwrites. Mirakl documents no state for it: SHIPPING and SHIPPED are inferred."""
    content = json_body(call.request)
    if not isinstance(content, dict):
        raise Refusal(400, "Bad Request")
    given = read_fields(call, content, ORDER_URL)
    order = shipped_as_a_whole(call, book)
    if order.state not in ("SHIPPING", "SHIPPED"):
        raise Refusal(400, REFUSED)
    order.tracking = accepted(call, given, carriers)
    order.tracking_count += 1
    order.updated = call.now
    book.changed(order)
    return Response(204)


def read_fields(call: Call, content: Mapping[str, Any], url: str, path: str = "") -> dict[str, str | None]:
    """The documented fields, the link under `url`. The name that other operations give the link is passed over, and
    so is any link beside a carrier code: it is unused there.
    """
    note_unknown(call, content, (*FIELDS, url), path)
    given = {**{name: text(content, name, path) for name in FIELDS}, "url": text(content, url, path)}
    if given["carrier_code"] and given["url"]:
        call.ignored.append(f"body {path}{url}")
    return given


def accepted(call: Call, given: Mapping[str, str | None], carriers: Carriers) -> Tracking:
    """Raises Refusal naming the field; its message repeats nothing that was sent."""
    try:
        return _taken(call, given, carriers)
    except Refusal:
        carriers.refused[call.shop.label] += 1
        raise


def _taken(call: Call, given: Mapping[str, str | None], carriers: Carriers) -> Tracking:
    if given["carrier_code"] is None:
        return _alternative(call, given)
    carrier = carriers.find(call.platform.code, given["carrier_code"])
    if carrier is None:
        raise invalid("carrier_code", "The carrier is not registered.")
    return _registered(call, given, carrier)


def _alternative(call: Call, given: Mapping[str, str | None]) -> Tracking:
    if given["carrier_name"] is None:
        raise invalid("carrier_code", "A registered carrier needs its code, any other one a carrier_name.")
    if not call.platform.alternative_carriers:
        raise invalid("carrier_name", "Only registered carriers are allowed: carrier_code is required.")
    return Tracking(
        at=call.now,
        carrier_name=given["carrier_name"],
        standard_code=given["carrier_standard_code"],
        number=given["tracking_number"],
        url=given["url"],
    )


def _registered(call: Call, given: Mapping[str, str | None], carrier: Carrier) -> Tracking:
    if carrier.needs_number and given["tracking_number"] is None:
        raise invalid("tracking_number", "It is mandatory for this carrier.")
    return Tracking(
        at=call.now,
        carrier_code=carrier.code,
        carrier_name=carrier.label,
        standard_code=carrier.standard_code,
        number=given["tracking_number"],
        url=carrier.url(given["tracking_number"]),
    )
