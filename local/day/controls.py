"""Hands on the sandboxes and the broker: what happens outside the bridge, and what their books say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

Entry = Mapping[str, Any]


@dataclass
class Side:
    """One sandbox behind its `/_sandbox/…`. `journal` holds every call it saw, as far as it was read."""

    http: httpx.AsyncClient
    address: str
    journal: list[Entry] = field(default_factory=list)

    async def do(self, control: str, **content: Any) -> Any:
        """Raises ValueError with what the sandbox says is wrong."""
        body = json.dumps(content, default=str)
        answer = await self.http.post(f"{self.address}/_sandbox/{control}", content=body)
        if answer.status_code != 200:
            raise ValueError(f"the sandbox refuses {control}: HTTP {answer.status_code}")
        return json.loads(answer.content, parse_float=Decimal)

    async def fail(self, *faults: Mapping[str, Any]) -> None:
        await self.do("faults", faults=[dict(fault) for fault in faults])

    async def read_journal(self) -> list[Entry]:
        answer = await self.http.get(f"{self.address}/_sandbox/journal", params={"after": len(self.journal)})
        # Several acts read at once: what another one has added meanwhile is not added again.
        self.journal += [entry for entry in answer.json() if entry["number"] > len(self.journal)]
        return self.journal

    async def books(self) -> Mapping[str, Any]:
        books: Mapping[str, Any] = await self.do("books")
        return books

    async def survived(self) -> Mapping[str, int]:
        survived: Mapping[str, int] = (await self.http.get(f"{self.address}/_sandbox/survived")).json()
        return survived


@dataclass
class Broker:
    """The broker's status page."""

    http: httpx.AsyncClient
    address: str

    async def counts(self) -> Mapping[str, Mapping[str, int]]:
        counts: Mapping[str, Mapping[str, int]] = (await self.http.get(f"{self.address}/counts")).json()
        return counts

    async def operations(self) -> Mapping[str, int]:
        operations: Mapping[str, int] = (await self.http.get(f"{self.address}/operations")).json()
        return operations

    async def duplicate(self, queues: Iterable[str], *, on: bool) -> None:
        for queue in queues:
            await self.http.post(f"{self.address}/duplicate", json={"queue": queue, "on": on})
