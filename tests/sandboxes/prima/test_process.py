"""The sandbox as a process behind a real socket: the WSDL, an order, a file written by the clock alone, the books."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.sandboxes.prima.caller import HEADERS, PATH, data, envelope, request


@asynccontextmanager
async def sandbox(world: Path) -> AsyncIterator[str]:
    more = ("--accelerate", "600", "--world", str(world), "--seed", "1")
    command = (sys.executable, "-m", "sandboxes.prima", "--port", "0", *more)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield f"http://127.0.0.1:{int(line.split()[-1])}"
    finally:
        process.terminate()
        await process.wait()


async def first_file(folder: Path) -> str:
    for _ in range(300):
        if found := await asyncio.to_thread(lambda: list(folder.glob("*.csv"))):
            return await asyncio.to_thread(found[0].read_text)
        await asyncio.sleep(0.1)
    raise AssertionError("no file was written")


@pytest.mark.stack
async def test_an_order_goes_in_over_a_socket_and_leaves_by_the_clock(tmp_path: Path) -> None:
    world, folder = tmp_path / "world.json", tmp_path / "files"
    world.write_text(json.dumps({"ships_after_seconds": 60, "despatch_folder": str(folder)}))
    body = envelope("wsomhandler", {"pcRequest": request("MultiNewOrder", data())})
    headers = {name: value for name, value in HEADERS.items() if name != "host"}
    async with sandbox(world) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        wsdl = (await client.get(f"{PATH}/wsdl?targetURI=urn:omlink")).text
        await client.post("/_sandbox/faults", json={"faults": [{"kind": "fault_10921_before", "operation": "order"}]})
        refused = await client.post(PATH, content=body, headers=headers)
        answer = await client.post(PATH, content=body, headers=headers)
        file = await first_file(folder)
        books = (await client.post("/_sandbox/books", json={})).json()
        journal = (await client.get("/_sandbox/journal")).json()
    assert f'location="{url}{PATH}"' in wsdl
    assert (refused.status_code, answer.status_code) == (500, 200)
    assert "\n20100001,CN000001,ITEM-001," in file
    assert books["creations_per_reference"] == {"1|NO-N000001-A": 1}
    assert [(one["operation"], one["status"]) for one in journal] == [("wsdl", 200), ("order", 500), ("order", 200)]
