"""OF52, OF53 and OF54: the export of a shop's offers, in full or since a date, waited for and fetched file by file.

Documented: in full only active offers come (an offer of quantity 0 is inactive: OF21's reasons) unless
`include_inactive_offers` says otherwise; since a date all of them come, deleted ones too, and then that field makes the
call fail; a duplicate request is answered with the export that is there, which is taken for one still pending
(chosen). A JSON file is a bare list of offers, as in Mirakl's example.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.bodies import json_body, note_unknown
from sandboxes.mirakl.csv_tables import DELIMITERS, written_table
from sandboxes.mirakl.dates import written
from sandboxes.mirakl.offer_book import OfferBook
from sandboxes.mirakl.offer_rendering import exported_cells, exported_json
from sandboxes.mirakl.offers import Offer
from sandboxes.mirakl.parameters import Body, Query, boolean, choice, integer, moment, texts
from sandboxes.mirakl.refusals import Refusal, wrong
from sandboxes.mirakl.routes import OFFER_FILES
from sandboxes.wire import Request, Response

CSV, JSON = "text/csv", "application/json"
NOT_SIMULATED = ("channel_codes", "ongoing_discount_campaign_identifiers", "rename_fields", "shipping_zones")
FIELDS = (
    "export_type", "include_fields", "include_inactive_offers", "items_per_chunk", "last_request_date",
    "megabytes_per_chunk", *NOT_SIMULATED,
)  # fmt: skip
FILE = re.compile(r"of52-export/offers/(\d+)\.(?:json|csv)")


@dataclass(slots=True, kw_only=True)
class OfferExport:
    """PENDING until `completes`; its files then hold the offers as they were at that time."""

    id: str
    call: Call
    kind: str
    since: datetime | None
    inactive: bool
    fields: tuple[str, ...] | None
    items: int
    completes: datetime
    updated: datetime
    fails: bool = False
    status: str = "PENDING"
    files: list[bytes] = field(default_factory=list)

    def complete(self, offers: OfferBook) -> None:
        self.status, self.updated = "FAILED" if self.fails else "COMPLETED", self.completes
        found = [offer for offer in offers.of_shop(self.call.shop.label).values() if self._meets(offer)]
        parts = [found[start : start + self.items] for start in range(0, max(1, len(found)), self.items)]
        self.files = [self._written(part) for part in parts]

    def _meets(self, offer: Offer) -> bool:
        if self.since is not None:
            return offer.updated >= self.since
        return not offer.deleted and (self.inactive or not offer.inactivity(self.completes))

    def _written(self, offers: Sequence[Offer]) -> bytes:
        if self.kind == JSON:
            content = [self._kept(exported_json(offer, self.completes)) for offer in offers]
            return Response.of(200, content).body
        rows = [self._kept(exported_cells(offer, self.completes)) for offer in offers]
        header = list(rows[0]) if rows else []
        return written_table(header, [list(row.values()) for row in rows], DELIMITERS[self.call.platform.csv_delimiter])

    def _kept(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in content.items() if self.fields is None or name in self.fields}


class OfferExports:
    """Every export ever asked for. `failing` is how many of the next ones will end FAILED."""

    def __init__(self, chance: random.Random) -> None:
        self.failing = 0
        self._chance = chance
        self._known: dict[str, OfferExport] = {}
        self._pending: list[OfferExport] = []

    def due(self) -> datetime | None:
        return min((one.completes for one in self._pending), default=None)

    def finish(self, at: datetime, offers: OfferBook) -> None:
        for one in [one for one in self._pending if one.completes <= at]:
            one.complete(offers)
            self._pending.remove(one)

    def of52(self, call: Call) -> Response:
        for other in self._pending:
            if (other.call.shop, other.call.request.body) == (call.shop, call.request.body):
                return Response.of(200, {"tracking_id": other.id})
        one = self._wanted(call)
        one.fails = self.failing > 0
        self.failing = max(0, self.failing - 1)
        self._known[one.id] = one
        self._pending.append(one)
        return Response.of(200, {"tracking_id": one.id})

    def of53(self, call: Call) -> Response:
        one = self._known.get(call.subject)
        if one is None or one.call.shop != call.shop:
            raise Refusal(404, "Not Found")
        told: dict[str, Any] = {"last_updated": written(one.updated), "status": one.status}
        if one.status == "FAILED":
            told["error"] = {"code": "1", "detail": "Internal error"}
        if one.status == "COMPLETED":
            told["urls"] = [_url(call, one, number) for number, _ in enumerate(one.files)]
        return Response.of(200, told)

    def of54(self, call: Call) -> Response:
        """One file; its URL is called with a key of the shop, as it stands."""
        one = self._known.get(call.subject)
        match = FILE.fullmatch(Query(call.request).text("file") or "")
        if one is None or match is None or one.status != "COMPLETED" or not _opens(call, one):
            raise Refusal(404, "Not Found")
        if int(match.group(1)) >= len(one.files):
            raise Refusal(404, "Not Found")
        return Response(200, one.files[int(match.group(1))], {"content-type": f"{one.kind};charset=UTF-8"})

    def _wanted(self, call: Call) -> OfferExport:
        content = json_body(call.request)
        if not isinstance(content, dict):
            raise Refusal(400, "Bad Request")
        note_unknown(call, content, FIELDS)
        call.ignored.extend(f"body {name}" for name in NOT_SIMULATED if content.get(name))
        body = Body(content)
        items = body.read("items_per_chunk", integer(10_000, 1_000_000)) or 1_000_000
        body.read("megabytes_per_chunk", integer(10, 1000))
        since, inactive = body.read("last_request_date", moment), body.read("include_inactive_offers", boolean)
        if since is not None and inactive is not None:
            raise wrong("include_inactive_offers", "It cannot be used with last_request_date.")
        return OfferExport(
            id=str(uuid.UUID(int=self._chance.getrandbits(128), version=4)),
            call=call,
            kind=body.read("export_type", choice((CSV, JSON))) or CSV,
            since=since,
            inactive=inactive or False,
            fields=body.read("include_fields", texts),
            items=min(items, call.platform.export_items),
            completes=call.now + call.platform.export_delay,
            updated=call.now,
        )


def wants_all(request: Request) -> bool:
    """Whether an OF52 is a full one: those have a limit of their own."""
    try:
        content = request.json()
    except ValueError:
        return False
    return isinstance(content, dict) and content.get("last_request_date") is None


def _url(call: Call, one: OfferExport, number: int) -> str:
    ending = "json" if one.kind == JSON else "csv"
    return f"{call.base}{OFFER_FILES}/{one.id}?file=of52-export%2Foffers%2F{number}.{ending}"


def _opens(call: Call, one: OfferExport) -> bool:
    return call.platform == one.call.platform and one.call.shop.id in call.key.shops
