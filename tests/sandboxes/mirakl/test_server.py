"""The sandbox as a process of its own, on a loopback port and a clock that runs faster than the wall's."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sandboxes.mirakl.worlds import NORTH_KEY

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def url() -> AsyncIterator[str]:
    command = (sys.executable, "-m", "sandboxes.mirakl", "--port", "0", "--accelerate", "60")
    process = await asyncio.create_subprocess_exec(
        *command, "--epoch", datetime.now(UTC).isoformat(), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield f"http://127.0.0.1:{line.decode().split()[-1]}"
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.stack
async def test_a_seller_lists_accepts_and_is_seen_in_journal_and_books(url: str) -> None:
    headers = {"authorization": NORTH_KEY}
    async with httpx.AsyncClient(base_url=f"{url}/north", headers=headers, trust_env=False) as seller:
        await seller.post(f"{url}/_sandbox/place", json={"shop": "north/2001", "orders": [{"id": "a/b c"}]})
        page = await seller.get("/api/orders", params={"order_ids": "a/b c"})
        lines = [{"id": "a/b c-1", "accepted": True}]
        accepted = await seller.put("/api/orders/a%2Fb%20c/accept", json={"order_lines": lines})
        journal = (await seller.get(f"{url}/_sandbox/journal")).json()
        books = (await seller.post(f"{url}/_sandbox/books", json={})).json()

    assert [order["order_id"] for order in page.json()["orders"]] == ["a/b c"]
    assert (accepted.status_code, accepted.content) == (204, b"")
    assert [(entry["operation"], entry["subject"], entry["status"]) for entry in journal] == [
        ("OR11", "a/b c", 200),
        ("OR21", "a/b c", 204),
    ]
    assert {order["order_id"]: order["decided_how"] for order in books["orders"]}["a/b c"] == "accepted"
