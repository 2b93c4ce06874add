"""A broker for the session, and for each test two queues of its own, a journal, and hosts that end with it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient

from local.processes import Child, Children
from tests.local.running import complete

APPS = Path(__file__).parent / "apps"
READY = r"^admin on (?P<port>\d+)\nhost ready: (?P<functions>\d+) functions$"
LOCK_SECONDS = 3
_QUEUES = 40
_taken = count()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of a broker whose locks last three seconds."""
    child = complete(start_broker(tmp_path_factory.mktemp("broker")))
    yield connection_string(child.port)
    complete(child.end())


async def start_broker(folder: Path, port: int = 0) -> Child:
    config = folder / "Config.json"
    config.write_text(json.dumps({"UserConfig": {"Namespaces": [{"Name": "sbemulatorns", "Queues": _queues()}]}}))
    argv = [sys.executable, "-m", "local.broker", "--config", str(config), "--port", str(port)]
    return await Child.start("broker", argv, ready=r"^listening on (?P<port>\d+)$", folder=folder)


def connection_string(port: int) -> str:
    return f"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=any;SharedAccessKey=any;UseDevelopmentEmulator=true;"


def _queues() -> list[dict[str, Any]]:
    lock = {"LockDuration": f"PT{LOCK_SECONDS}S", "MaxDeliveryCount": 5}
    return [
        {"Name": f"{kind}-{number}", "Properties": {**lock, "RequiresSession": kind == "lanes"}}
        for number in range(_QUEUES)
        for kind in ("work", "lanes")
    ]


@dataclass
class Stack:
    """Queues `work` and `lanes`, and the hosts that listen to them."""

    connection: str
    folder: Path
    children: Children
    number: int = field(default_factory=lambda: next(_taken))

    @property
    def work(self) -> str:
        return f"work-{self.number}"

    @property
    def lanes(self) -> str:
        return f"lanes-{self.number}"

    async def host(self, *arguments: str, app: str = "orders", ready: str = READY, **settings: str) -> Child:
        environment = {
            **os.environ,
            "BUS": self.connection,
            "WORK_QUEUE": self.work,
            "LANES_QUEUE": self.lanes,
            "TICK_SCHEDULE": "0 0 0 1 1 *",
            "JOURNAL": str(self.folder / "journal"),
            "CONTAINER_NAME": "box",
            **settings,
        }
        argv = [sys.executable, "-m", "local.host", "--app", str(APPS / app), *arguments]
        return await self.children.start(f"host-{len(self.children)}", argv, ready=ready, env=environment)

    def journal(self, event: str = "") -> list[dict[str, Any]]:
        file = self.folder / "journal"
        lines = file.read_text().splitlines() if file.exists() else []
        return [entry for line in lines if (entry := json.loads(line))["event"] == event or not event]

    async def send(self, queue: str, *orders: dict[str, Any], session: str | None = None, **beside: Any) -> None:
        """Each order goes into the one versioned key; `beside` stands at the top of the body, where it should not."""
        messages = [ServiceBusMessage(json.dumps({"v1": order, **beside}), session_id=session) for order in orders]
        async with (
            ServiceBusClient.from_connection_string(self.connection) as client,
            client.get_queue_sender(queue) as sender,
        ):
            await sender.send_messages(messages)

    async def peek(self, queue: str, *, dead: bool = False) -> list[ServiceBusReceivedMessage]:
        part = ServiceBusSubQueue.DEAD_LETTER if dead else None
        async with (
            ServiceBusClient.from_connection_string(self.connection) as client,
            client.get_queue_receiver(queue, sub_queue=part) as receiver,
        ):
            return await receiver.peek_messages(max_message_count=50, sequence_number=1)

    async def dead_letters(self, queue: str, expected: int) -> list[ServiceBusReceivedMessage]:
        """Once there are so many."""
        async with asyncio.timeout(20):
            while len(found := await self.peek(queue, dead=True)) < expected:  # noqa: ASYNC110 -- the broker's event
                await asyncio.sleep(0.1)
        return found


@pytest.fixture
async def stack(broker: str, tmp_path: Path) -> AsyncIterator[Stack]:
    async with Children(tmp_path) as children:
        yield Stack(broker, tmp_path, children)
        children.kill()  # draining has its own tests


async def status(host: Child) -> dict[str, dict[str, Any]]:
    """The host's functions by name."""
    address = f"http://127.0.0.1:{host.port}/admin/host/status"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return {one["name"]: one for one in (await answer.json())["functions"]}
