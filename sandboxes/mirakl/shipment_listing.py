"""ST11, the list of a shop's shipments: filters, and pages by token, which makes every other parameter void."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.multi_shipment import require_multi_shipment
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.parameters import Query, choice, integer
from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.routes import ST11_PARAMETERS
from sandboxes.mirakl.shipment_filters import shipment_filter
from sandboxes.mirakl.shipment_rendering import shipment_json
from sandboxes.mirakl.shipments import Shipment
from sandboxes.wire import Request, Response

DEFAULT_PAGE, LARGEST_PAGE = 10, 100
SORTS = ("dateCreated", "dateCreated,ASC", "dateCreated,DESC")
TOKEN, AFTER, SHOP = "page_token", "after", "shop"
Pairs = Sequence[tuple[str, str]]
Found = tuple[Order, Shipment]


@dataclass(frozen=True, slots=True)
class Page:
    """What a call asks for; `after` is the number of the shipment that the page before ended with."""

    shop: str
    pairs: Pairs
    size: int
    backwards: bool
    after: int | None

    def start(self, found: Sequence[Found]) -> int:
        if self.after is None:
            return 0
        return sum(self._comes_before(shipment.number, self.after) for _, shipment in found)

    def _comes_before(self, number: int, after: int) -> bool:
        return number >= after if self.backwards else number <= after

    def token(self, last: Shipment | None) -> str:
        """Of the page that comes after `last`: the same parameters again, and the place."""
        kept = [(name, value) for name, value in self.pairs if name != AFTER]
        after = [(AFTER, str(last.number))] if last else []
        return base64.urlsafe_b64encode(urlencode([*kept, (SHOP, self.shop), *after]).encode()).decode()


def st11(call: Call, book: OrderBook) -> Response:
    """One page, by creation; a token goes on after the shipment that its page ended with."""
    require_multi_shipment(call)
    pairs, shop = _asked(call)
    query = Query(Request("GET", "", tuple(pairs)))
    page, wanted = _page(query, pairs, shop), shipment_filter(query)
    orders = book.of_shop(call.platform.code, int(shop.rpartition("/")[2]))
    found = [(order, one) for order in orders for one in order.shipments if wanted.meets(order, one)]
    found.sort(key=lambda pair: pair[1].number, reverse=page.backwards)
    return Response.of(200, _content(page, found))


def _content(page: Page, found: Sequence[Found]) -> dict[str, Any]:
    """A token is left out where there is no such page."""
    start = page.start(found)
    end, before = start + page.size, start - page.size
    content: dict[str, Any] = {"data": [shipment_json(shipment, order) for order, shipment in found[start:end]]}
    if end < len(found):
        content["next_page_token"] = page.token(found[end - 1][1])
    if start:
        content["previous_page_token"] = page.token(found[before - 1][1] if before > 0 else None)
    return content


def _page(query: Query, pairs: Pairs, shop: str) -> Page:
    size = query.read("limit", integer(1, LARGEST_PAGE)) or DEFAULT_PAGE
    backwards = (query.read("sort", choice(SORTS)) or "").endswith("DESC")
    return Page(shop, pairs, size, backwards, query.read(AFTER, integer(1)))


def _asked(call: Call) -> tuple[Pairs, str]:
    """The parameters that count and the shop: those of the call, or those inside its token."""
    token = call.request.parameter(TOKEN)
    given = [(name, value) for name, value in call.request.query if name in ST11_PARAMETERS - {TOKEN, "shop_id"}]
    if not token:
        return given, call.shop.label
    call.ignored.extend(f"query {name}" for name, value in given if value)
    pairs = _decoded(token)
    shop = dict(pairs).get(SHOP, "")
    if shop not in {f"{call.platform.code}/{shop_id}" for shop_id in call.key.shops}:
        raise Refusal(400, "Invalid page token")
    return [pair for pair in pairs if pair[0] != SHOP], shop


def _decoded(token: str) -> Pairs:
    try:
        return parse_qsl(base64.b64decode(token, altchars=b"-_", validate=True).decode())
    except ValueError:
        raise Refusal(400, "Invalid page token") from None
