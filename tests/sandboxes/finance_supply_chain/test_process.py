"""The sandbox as a process behind a real socket: a token, an order, the journal and the books."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from sandboxes.finance_supply_chain import worlds
from tests.sandboxes.finance_supply_chain.caller import order_changeset


@asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    command = (sys.executable, "-m", "sandboxes.finance_supply_chain", "--port", "0", "--accelerate", "60")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield f"http://127.0.0.1:{int(line.split()[-1])}"
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.stack
async def test_an_order_goes_in_over_a_socket_and_is_in_the_books() -> None:
    async with sandbox() as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        form = {
            "grant_type": "client_credentials",
            "client_id": worlds.CLIENT_ID,
            "client_secret": worlds.CLIENT_SECRET,
            "scope": f"{url}/.default",
        }
        granted = (await client.post("/tenant/oauth2/v2.0/token", data=form)).json()
        headers = {
            "authorization": f"Bearer {granted['access_token']}",
            "content-type": "multipart/mixed; boundary=batch_1",
        }
        answer = await client.post("/data/$batch", content=order_changeset(), headers=headers)
        path = "/data/SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')"
        found = (await client.get(path, headers=headers)).json()
        books = (await client.post("/_sandbox/books", json={})).json()
        journal = (await client.get("/_sandbox/journal")).json()

    assert answer.status_code == 200
    assert found["CustomersOrderReference"] == "MKA-0001-A"
    assert books["creations_per_reference"] == {"usmf|MKA-0001-A": 1}
    assert [(one["operation"], one["subject"]) for one in journal] == [
        ("token", ""),
        ("batch", "MKA-0001-A"),
        ("read", "MKA-0001-A"),
    ]
