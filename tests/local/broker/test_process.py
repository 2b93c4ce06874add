"""The broker as a process of its own: how it starts, what it publishes, how it ends."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local.broker.configuration import connection_string
from local.emulator_config import CONFIG

pytestmark = pytest.mark.stack


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.broker", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=CONFIG.parent.parent,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def said(process: asyncio.subprocess.Process, pattern: str) -> int:
    assert process.stdout is not None
    async with asyncio.timeout(10):
        line = (await process.stdout.readline()).decode()
    found = re.fullmatch(pattern + r" (\d+)\n", line)
    assert found, line
    return int(found.group(1))


async def test_it_serves_publishes_its_books_and_ends_on_request() -> None:
    arguments = ("--config", str(CONFIG), "--port", "0", "--lock-seconds", "5", "--status-port", "0")
    async with started(*arguments) as process:
        port, status = await said(process, "listening on"), await said(process, "status on")
        async with aiohttp.ClientSession(f"http://127.0.0.1:{status}") as books:
            await books.post("/duplicate", json={"queue": "acknowledge-order", "on": True})
            async with (
                ServiceBusClient.from_connection_string(connection_string(port)) as client,
                client.get_queue_sender("acknowledge-order") as sender,
                client.get_queue_receiver("acknowledge-order") as receiver,
            ):
                await sender.send_messages([ServiceBusMessage("a"), ServiceBusMessage("b")])
                received = await receiver.receive_messages(4, 3)
                await receiver.complete_message(received[0])
                await books.post("/advance", json={"seconds": 6})
                counts = await (await books.get("/counts")).json()
                operations = await (await books.get("/operations")).json()
            unknown = await books.post("/duplicate", json={"queue": "missing", "on": True})
        assert [str(one) for one in received] == ["a", "a", "b", "b"]
        assert counts["acknowledge-order"] == {
            "active": 3,
            "locked": 0,
            "scheduled": 0,
            "dead_letter": 0,
            "enqueued": 2,
            "completed": 1,
            "abandoned": 0,
            "dead_lettered": 0,
            "lock_lost": 3,
            "deliveries": 4,
            "duplicates": 2,
            "expired": 0,
            "cancelled": 0,
            "dead_letters_completed": 0,
        }
        did = {"sends": 1, "receives": 4, "settlements": 1}
        assert operations == {**did, "renewals": 0, "peeks": 0, "cancellations": 0}
        assert unknown.status == 404
        process.terminate()
        async with asyncio.timeout(10):
            out, errors = await process.communicate()
        assert (process.returncode, out, errors) == (0, b"", b"")


async def test_a_client_that_does_not_speak_amqp_is_cut_off_and_harms_nobody() -> None:
    async with started("--config", str(CONFIG), "--port", "0") as process:
        port = await said(process, "listening on")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        async with asyncio.timeout(10):
            assert (await reader.read()).startswith(b"AMQP")
        writer.close()
        async with (
            ServiceBusClient.from_connection_string(connection_string(port)) as client,
            client.get_queue_sender("acknowledge-order") as sender,
        ):
            await sender.send_messages(ServiceBusMessage("a"))


async def test_a_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    async with started("--config", str(tmp_path / "missing.json"), "--port", "0") as process:
        _, errors = await process.communicate()
        assert process.returncode == 2
        assert b"missing.json" in errors
