"""The same calls as an acceptance makes, with the raw SDKs and nothing around them: the floor of its time."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx
from azure.core import MatchConditions
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableServiceClient
from azure.servicebus import ServiceBusReceivedMessage

from bench.real_side import SHOP, RealSide


class BareAcceptance:
    """`async with`: query the partition, PUT OR21, one transaction of the step's row and a line of history."""

    def __init__(self, side: RealSide) -> None:
        self._service = TableServiceClient.from_connection_string(side.settings["TABLES_CONNECTION"])
        self._table = self._service.get_table_client("orders")
        self._http = httpx.AsyncClient(timeout=30)
        self._url = side.shop.marketplace.url
        self._shop_id = str(side.shop.shop_id)
        self._headers = {"Authorization": side.settings["SECRET_MIRAKL_NORTH_MAIN"], "Accept": "application/json"}

    async def handle(self, message: ServiceBusReceivedMessage) -> None:
        order = json.loads(b"".join(message.body))["v1"]["order"]
        step = await self._step(order)
        await self._or21(order, json.loads(step["lines"]))
        await self._write(step)

    async def _step(self, order: str) -> Any:
        every = "(RowKey lt 'history|' or RowKey ge 'history}')"
        rows = self._table.query_entities(f"PartitionKey eq '{SHOP}|{order}' and {every}", results_per_page=1000)
        return {row["RowKey"]: row async for row in rows}["step|acknowledge_order"]

    async def _or21(self, order: str, lines: list[str]) -> None:
        answer = await self._http.put(
            f"{self._url}/api/orders/{quote(order, safe='')}/accept",
            params={"shop_id": self._shop_id},
            json={"order_lines": [{"id": line, "accepted": True} for line in lines]},
            headers=self._headers,
        )
        answer.raise_for_status()

    async def _write(self, step: Any) -> None:
        now = datetime.now(UTC).isoformat()
        told = {
            "PartitionKey": step["PartitionKey"],
            "RowKey": f"history|{now[:19]}|{uuid.uuid4().hex}",
            "text": "sent",
        }
        unchanged = {"etag": step.metadata["etag"], "match_condition": MatchConditions.IfNotModified}
        await self._table.submit_transaction(
            [
                ("update", {**step, "state": "waiting", "sent": now}, {"mode": UpdateMode.REPLACE, **unchanged}),
                ("upsert", told, {"mode": UpdateMode.REPLACE}),
            ]
        )

    async def __aenter__(self) -> BareAcceptance:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()
        await self._service.close()
