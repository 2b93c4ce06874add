"""OR13, OR14 and OR15: the export of a shop's orders, asked for, waited for, and fetched file by file."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.bodies import json_body, note_unknown
from sandboxes.mirakl.dates import written
from sandboxes.mirakl.filters import OrderFilter
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import ORDER_STATES, Order
from sandboxes.mirakl.parameters import Body, Query, boolean, choice, choices, integer, moment, texts
from sandboxes.mirakl.platform import TAX_MODES, Platform, TaxMode
from sandboxes.mirakl.refusals import Refusal, wrong
from sandboxes.mirakl.rendering import order_json
from sandboxes.mirakl.routes import FILES
from sandboxes.wire import Response

LONGEST = timedelta(days=366)
FIELDS = frozenset(
    {
        "channel_codes", "end_date", "end_update_date", "fulfillment_center_codes", "items_per_chunk",
        "megabytes_per_chunk", "only_null_channel", "order_state_codes", "order_tax_mode", "start_date",
        "start_update_date",
    }
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Export:
    """PENDING until `completes`; its files then hold the orders as they were at that time."""

    id: str
    platform: Platform
    shop_id: int
    wanted: OrderFilter
    mode: TaxMode
    items: int
    completes: datetime
    updated: datetime
    fails: bool = False
    status: str = "PENDING"
    files: list[list[dict[str, Any]]] = field(default_factory=list)

    def complete(self, orders: Sequence[Order]) -> None:
        self.status, self.updated = "FAILED" if self.fails else "COMPLETED", self.completes
        found = [order for order in orders if self.wanted.meets(order)]
        rendered = [order_json(order, self.platform, self.mode) for order in found]
        self.files = [rendered[start : start + self.items] for start in range(0, max(1, len(rendered)), self.items)]


class Exports:
    """Every export ever asked for. `failing` is how many of the next ones will end FAILED."""

    def __init__(self, chance: random.Random) -> None:
        self.failing = 0
        self._chance = chance
        self._known: dict[str, Export] = {}

    def advance(self, book: OrderBook, now: datetime) -> None:
        """Complete what is due, each from the book as it was at its time."""
        pending = [export for export in self._known.values() if export.status == "PENDING"]
        for export in sorted(pending, key=lambda export: export.completes):
            if export.completes <= now:
                book.advance(export.completes)
                export.complete(book.of_shop(export.platform.code, export.shop_id))

    def or13(self, call: Call) -> Response:
        """200 with a tracking id. One export at a time per shop; a second one is refused."""
        export = self._wanted(call)
        if any(other.status == "PENDING" and _same_shop(other, export) for other in self._known.values()):
            raise Refusal(400, "Only one export request can be created for the same shop account")
        export.fails = self.failing > 0
        self.failing = max(0, self.failing - 1)
        self._known[export.id] = export
        return Response.of(200, {"tracking_id": export.id})

    def or14(self, call: Call) -> Response:
        """The status, and the files' URLs once it is COMPLETED."""
        export = self._known.get(call.subject)
        if export is None or export.platform != call.platform or export.shop_id != call.shop.id:
            raise Refusal(404, "Not Found")
        status: dict[str, Any] = {"last_updated": written(export.updated), "status": export.status}
        if export.status == "COMPLETED":
            status["urls"] = [f"{call.base}{FILES}/{export.id}?file={n}" for n, _ in enumerate(export.files, 1)]
        return Response.of(200, status)

    def or15(self, call: Call) -> Response:
        """One file of a completed export; its URL is called with the key that asked for it, as it stands."""
        export = self._known.get(call.subject)
        number = Query(call.request).read("file", integer(1)) or 1
        if export is None or export.platform != call.platform or export.shop_id not in call.key.shops:
            raise Refusal(404, "Not Found")
        if export.status != "COMPLETED" or number > len(export.files):
            raise Refusal(404, "Not Found")
        return Response.of(200, {"orders": export.files[number - 1]})

    def _wanted(self, call: Call) -> Export:
        content = json_body(call.request)
        if not isinstance(content, dict):
            raise Refusal(400, "Bad Request")
        note_unknown(call, content, FIELDS)
        body = Body(content)
        items = body.read("items_per_chunk", integer(10_000, 1_000_000)) or 1_000_000
        body.read("megabytes_per_chunk", integer(10, 1024))
        mode = body.read("order_tax_mode", choice(TAX_MODES)) or call.platform.order_tax_mode
        return Export(
            id=str(uuid.UUID(int=self._chance.getrandbits(128), version=4)),
            platform=call.platform,
            shop_id=call.shop.id,
            wanted=_filter(body, content, call.platform),
            mode=cast("TaxMode", mode),
            items=min(items, call.platform.export_items),
            completes=call.now + call.platform.export_delay,
            updated=call.now,
        )


def _filter(body: Body, content: Mapping[str, Any], platform: Platform) -> OrderFilter:
    created, updated = _range(body, "start_date", "end_date"), _range(body, "start_update_date", "end_update_date")
    if created is None and updated is None:
        raise Refusal(400, "At least one date range must be given: created or last updated date")
    return OrderFilter(
        states=body.read("order_state_codes", choices(ORDER_STATES)),
        channels=body.read("channel_codes", texts),
        only_null_channel=body.read("only_null_channel", boolean) or False,
        created_from=created[0] if created else None,
        created_to=created[1] if created else None,
        updated_from=updated[0] - platform.update_delta if updated else None,
        updated_to=updated[1] if updated else None,
        fulfillment_centers=_centers(content),
    )


def _range(body: Body, start_name: str, end_name: str) -> tuple[datetime, datetime] | None:
    """Both ends or none, in order, and at most one year apart."""
    start, end = body.read(start_name, moment), body.read(end_name, moment)
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise wrong(start_name if start is None else end_name, f"{start_name} must be used with {end_name}.")
    if end < start:
        raise wrong(end_name, f"It must not be before {start_name}.")
    if end - start > LONGEST:
        raise wrong(end_name, f"The interval from {start_name} must not exceed one year.")
    return start, end


def _centers(content: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Documented as one text, whatever its plural says."""
    given = content.get("fulfillment_center_codes")
    if given is not None and (not isinstance(given, str) or len(given) > 100):
        raise wrong("fulfillment_center_codes", "It must be a text of at most 100 characters.")
    return (given,) if given else None


def _same_shop(one: Export, other: Export) -> bool:
    return one.platform.code == other.platform.code and one.shop_id == other.shop_id
