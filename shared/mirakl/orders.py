"""A shop's orders: page by page (OR11), and as an export where there are many (OR13, OR14, OR15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import Refused, unusable
from shared.mirakl.sighting import sightings
from shared.mirakl.wire import stamp
from shared.ports.marketplace import Export, Page
from shared.ports.own import Clock

PAGE = 100
TAX_MODE = "TAX_EXCLUDED"
GONE = "GONE"
"""Our word for an export that OR14 does not know any more (404 or 410)."""

_PAGING = {"order_tax_mode": TAX_MODE, "sort": "dateCreated", "order": "asc", "max": str(PAGE)}
_SMALLEST_FILES = {"items_per_chunk": 10_000, "megabytes_per_chunk": 10}


class MiraklOrders:
    """Port `Orders`. Taxes are always asked for apart, so that amounts mean the same on every platform."""

    def __init__(self, client: MiraklClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def waiting(self) -> Page:
        """OR11 without dates: the states of orders that nobody touches do not change any date."""
        return await self._page({"order_state_codes": "WAITING_ACCEPTANCE", "offset": "0"})

    async def changed(self, since: datetime, offset: int) -> Page:
        """OR11 by update date, with neither an end nor a state: an order may enter the set, but never leave it."""
        return await self._page({"start_update_date": stamp(since), "offset": str(offset)})

    async def by_ids(self, order_ids: Sequence[str]) -> Page:
        """OR11 by 1 to 100 ids; without any, Mirakl would list every order."""
        if not 1 <= len(order_ids) <= PAGE:
            raise ValueError(f"OR11 takes 1 to {PAGE} order ids, not {len(order_ids)}")
        return await self._page({"order_ids": ",".join(order_ids), "offset": "0"})

    async def _page(self, query: Mapping[str, str]) -> Page:
        asked = self._clock.now()
        content = await self._client.or11({**_PAGING, **query})
        total = content.get("total_count") if isinstance(content, dict) else None
        if type(total) is not int:
            raise unusable("OR11", self._client.shop, "the answer has no total_count; the page cannot be trusted")
        return page("OR11", self._client.shop, content.get("orders"), total=total, asked=asked, now=self._clock.now())


class MiraklOrderExport:
    """Port `OrderExport`."""

    def __init__(self, client: MiraklClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def start(self, since: datetime, until: datetime) -> str:
        """OR13 by update date; Mirakl takes at most one year and one export at a time. Files as small as it makes."""
        dates = {"start_update_date": stamp(since), "end_update_date": stamp(until)}
        content = await self._client.or13({**dates, **_SMALLEST_FILES, "order_tax_mode": TAX_MODE})
        tracking = content.get("tracking_id") if isinstance(content, dict) else None
        if not isinstance(tracking, str) or not tracking:
            raise unusable("OR13", self._client.shop, "the answer has no tracking_id")
        return tracking

    async def status(self, tracking: str) -> Export:
        """OR14. `status` is Mirakl's word (PENDING, COMPLETED, FAILED, CANCELED, …) or GONE."""
        try:
            content = await self._client.or14(tracking)
        except Refused as refused:
            if refused.status in (404, 410):
                return Export(GONE)
            raise
        status = content.get("status") if isinstance(content, dict) else None
        if not isinstance(status, str):
            raise unusable("OR14", self._client.shop, "the answer has no status")
        return Export(status, _urls(content.get("urls"), self._client.shop))

    async def fetch(self, url: str) -> Page:
        """OR15. A file has no `total_count`: it holds what it holds."""
        asked = self._clock.now()
        content = await self._client.or15(url)
        listed = content.get("orders") if isinstance(content, dict) else content
        total = len(listed) if isinstance(listed, list) else 0
        return page("OR15", self._client.shop, listed, total=total, asked=asked, now=self._clock.now())


def page(operation: str, shop: str, records: Any, *, total: int, asked: datetime, now: datetime) -> Page:
    """Raises Unavailable where the answer has no list of orders: an empty page would count as complete."""
    if not isinstance(records, list):
        raise unusable(operation, shop, "the answer has no list of orders")
    read, skipped = sightings(records, seen=now)
    return Page(read, records=len(records), total=total, asked=asked, answered=now, skipped=skipped)


def _urls(listed: Any, shop: str) -> tuple[str, ...]:
    """All or none: a file left out would be orders left out."""
    if listed is None:
        return ()
    if not isinstance(listed, list) or not all(isinstance(url, str) for url in listed):
        raise unusable("OR14", shop, "the answer's urls are not a list of addresses")
    return tuple(listed)
