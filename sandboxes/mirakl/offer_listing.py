"""OF21 and OF22: the pages of a shop's offers, and one offer. Meant for somebody who looks, not for polling."""

from __future__ import annotations

from urllib.parse import urlencode

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.listing import DEFAULT_PAGE, LARGEST_PAGE
from sandboxes.mirakl.offer_book import OfferBook
from sandboxes.mirakl.offer_rendering import listed_json
from sandboxes.mirakl.parameters import Query, choice, integer
from sandboxes.mirakl.refusals import Refusal
from sandboxes.wire import Response


def of21(call: Call, offers: OfferBook) -> Response:
    """Active and inactive ones, by id; a deleted offer is not there."""
    query = Query(call.request)
    sku, product, states = query.text("sku"), query.text("product_id"), query.items("offer_state_codes")
    size = query.read("max", integer(1, LARGEST_PAGE)) or DEFAULT_PAGE
    offset = query.read("offset", integer(0)) or 0
    query.read("order", choice(("asc", "desc")))
    found = [
        offer
        for offer in offers.of_shop(call.shop.label).values()
        if not offer.deleted
        and sku in (None, offer.sku)
        and product in (None, offer.product_sku)
        and (states is None or offer.terms.state_code in states)
    ]
    page = [listed_json(offer, call.now) for offer in found[offset : offset + size]]
    more = {"link": _next(call, offset + size)} if offset + size < len(found) else {}
    return Response.of(200, {"offers": page, "total_count": len(found)}, **more)


def of22(call: Call, offers: OfferBook) -> Response:
    offer = offers.numbered(int(call.subject)) if call.subject.isdecimal() else None
    if offer is None or offer.deleted or offer.shop != call.shop:
        raise Refusal(404, "Not Found")
    return Response.of(200, listed_json(offer, call.now))


def _next(call: Call, offset: int) -> str:
    kept = [(name, value) for name, value in call.request.query if name != "offset"]
    return f'<{call.base}/api/offers?{urlencode([*kept, ("offset", str(offset))])}>; rel="next"'
