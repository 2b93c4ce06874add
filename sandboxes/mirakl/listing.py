"""OR11, the list of a shop's orders: filters, the margin off `start_update_date`, and pages by offset."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.filters import OrderFilter
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import ORDER_STATES, Order
from sandboxes.mirakl.parameters import Query, boolean, choice, choices, integer, moment
from sandboxes.mirakl.platform import PAYMENT_WORKFLOWS, TAX_MODES, Platform, TaxMode
from sandboxes.mirakl.rendering import order_json
from sandboxes.wire import Response

DEFAULT_PAGE, LARGEST_PAGE = 10, 100


def or11(call: Call, book: OrderBook) -> Response:
    """One page of the shop's orders, sorted by creation date and id; `total_count` counts all that were asked for."""
    query = Query(call.request)
    wanted = order_filter(query, call.platform)
    mode = cast("TaxMode", query.read("order_tax_mode", choice(TAX_MODES)) or call.platform.order_tax_mode)
    size = query.read("max", integer(1, LARGEST_PAGE)) or DEFAULT_PAGE
    offset = query.read("offset", integer(0)) or 0
    query.read("sort", choice(("dateCreated",)))
    query.read("locale", choice(call.platform.locales))
    found = [order for order in book.of_shop(call.platform.code, call.shop.id) if wanted.meets(order)]
    if query.read("order", choice(("asc", "desc"))) == "desc":
        found.reverse()
    page = found[offset : offset + size]
    note_waiting(page, call)
    content = {
        "orders": [order_json(order, call.platform, mode) for order in page],
        "total_count": len(found),
    }
    return Response.of(200, content, **_links(call, offset, size, len(found)))


def order_filter(query: Query, platform: Platform) -> OrderFilter:
    updated_from = query.read("start_update_date", moment)
    return OrderFilter(
        ids=query.items("order_ids"),
        references_for_customer=query.items("order_references_for_customer"),
        references_for_seller=query.items("order_references_for_seller"),
        states=query.read("order_state_codes", choices(ORDER_STATES)),
        channels=query.items("channel_codes"),
        only_null_channel=query.read("only_null_channel", boolean) or False,
        created_from=query.read("start_date", moment),
        created_to=query.read("end_date", moment),
        updated_from=updated_from - platform.update_delta if updated_from else None,
        updated_to=query.read("end_update_date", moment),
        debited=query.read("customer_debited", boolean),
        payment_workflow=query.read("payment_workflow", choice(PAYMENT_WORKFLOWS)),
        has_incident=query.read("has_incident", boolean),
        fulfillment_centers=query.items("fulfillment_center_code"),
    )


def note_waiting(orders: list[Order], call: Call) -> None:
    """The books know since when a seller could have known."""
    for order in orders:
        if order.state == "WAITING_ACCEPTANCE":
            order.shown_waiting.add(call.now)


def _links(call: Call, offset: int, size: int, total: int) -> dict[str, Any]:
    links = []
    if offset:
        links.append(f'<{_page(call, max(0, offset - size))}>; rel="previous"')
    if offset + size < total:
        links.append(f'<{_page(call, offset + size)}>; rel="next"')
    return {"link": ", ".join(links)} if links else {}


def _page(call: Call, offset: int) -> str:
    kept = [(name, value) for name, value in call.request.query if name != "offset"]
    return f"{call.base}/api/orders?{urlencode([*kept, ('offset', str(offset))])}"
