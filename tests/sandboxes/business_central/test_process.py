"""The sandbox as a process behind a real socket: a token, an order, the journal and the books."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from sandboxes.business_central import worlds
from tests.sandboxes.business_central.caller import header


@asynccontextmanager
async def sandbox(world: Path) -> AsyncIterator[str]:
    arguments = ("--port", "0", "--accelerate", "60", "--world", str(world), "--seed", "3")
    command = (sys.executable, "-m", "sandboxes.business_central", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield f"http://127.0.0.1:{int(line.split()[-1])}"
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.stack
async def test_an_order_goes_in_over_a_socket_and_is_in_the_books(tmp_path: Path) -> None:
    world = tmp_path / "world.json"
    world.write_text(json.dumps({"environment": "test"}))
    async with sandbox(world) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        form = {
            "grant_type": "client_credentials",
            "client_id": worlds.CLIENT_ID,
            "client_secret": worlds.CLIENT_SECRET,
            "scope": "https://api.businesscentral.dynamics.com/.default",
        }
        granted = (await client.post("/tenant/oauth2/v2.0/token", data=form)).json()
        headers = {"authorization": f"Bearer {granted['access_token']}"}
        path = f"/v2.0/tenant/test/api/v2.0/companies({worlds.COMPANY_ID})/salesOrders"
        answer = await client.post(path, json=header(), headers=headers)
        found = (await client.get(answer.headers["location"], headers=headers)).json()
        books = (await client.post("/_sandbox/books", json={})).json()
        journal = (await client.get("/_sandbox/journal")).json()

    assert answer.status_code == 201
    assert found["externalDocumentNumber"] == "MKA-0001-A"
    assert books["creations_per_reference"] == {"CRONUS|MKA-0001-A": 1}
    assert [(one["operation"], one["subject"]) for one in journal] == [
        ("token", ""),
        ("create", "MKA-0001-A"),
        ("read", "MKA-0001-A"),
    ]
