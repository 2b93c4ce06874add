"""What `Outbox` and `DeadLetters` do, in memory and with the real SDK at the local broker alike."""

from __future__ import annotations

import gc
import json
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from local.processes import ROOT, Child
from shared.bus.dead_letters import ServiceBusDeadLetters
from shared.bus.messages import decode
from shared.bus.outbox import ServiceBusOutbox, connect
from shared.bus.queues import QUEUES
from shared.errors import Unavailable
from shared.model.keys import OrderKey, lane
from shared.model.steps import StepMessage
from shared.ports.own import DeadLetters, Outbox
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus, Received
from tests.local.running import complete

LANES = 2
SEEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def acknowledge(order: str) -> StepMessage:
    return StepMessage("acknowledge_order", "shop-a", order, 3, SEEN)


def create(order: str) -> StepMessage:
    return StepMessage("create_order", "shop-a", order)


class Wire(Protocol):
    """The ports, and the other end of the queues."""

    outbox: Outbox
    dead_letters: DeadLetters

    async def take(self, queue: str, session: str | None = None) -> list[StepMessage]:
        """Complete everything that can be received now."""
        ...

    async def bury(self, queue: str, session: str | None = None) -> None:
        """Abandon the next message until it is a dead letter."""
        ...

    async def put(self, queue: str, body: str) -> None: ...

    async def advance(self, by: timedelta) -> None: ...


class MemoryWire:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.bus = MemoryBus(self.clock, lanes=LANES)
        self.outbox: Outbox = self.bus
        self.dead_letters: DeadLetters = self.bus

    async def take(self, queue: str, session: str | None = None) -> list[StepMessage]:
        taken = []
        while (received := self._next(queue, session)) is not None:
            self.bus.complete(received, self.clock.now())
            taken.append(received.message)
        return taken

    async def bury(self, queue: str, session: str | None = None) -> None:
        for _ in range(QUEUES[queue].max_delivery_count):
            received = self._next(queue, session)
            assert received is not None
            self.bus.abandon(received, self.clock.now())

    async def put(self, queue: str, body: str) -> None:
        self.bus.inject(queue, body)

    async def advance(self, by: timedelta) -> None:
        self.bus.expire_locks(self.clock.advance(by))

    def _next(self, queue: str, session: str | None) -> Received | None:
        return self.bus.receive(queue, self.clock.now(), session)


class BrokerWire:
    """`advanced` is how far the broker's clock was set on; its schedules are of that clock."""

    def __init__(self, connection: str, status: str) -> None:
        self.advanced = timedelta(0)
        self.client: ServiceBusClient = connect(connection=connection)
        self.real_outbox = ServiceBusOutbox(self.client, lanes=LANES, wall=self._broker_time)
        self.real_dead_letters = ServiceBusDeadLetters(self.client, idle_seconds=0.5)
        self.outbox: Outbox = self.real_outbox
        self.dead_letters: DeadLetters = self.real_dead_letters
        self._status = status

    def _broker_time(self) -> datetime:
        return datetime.now(UTC) + self.advanced

    async def take(self, queue: str, session: str | None = None) -> list[StepMessage]:
        taken: list[StepMessage] = []
        async with self._receiver(queue, session) as receiver:
            while page := await self._page(receiver):
                for message in page:
                    taken.append(decode(b"".join(message.body)))
                    await receiver.complete_message(message)
        return taken

    async def bury(self, queue: str, session: str | None = None) -> None:
        async with self._receiver(queue, session) as receiver:
            for _ in range(QUEUES[queue].max_delivery_count):
                [message] = await receiver.receive_messages(max_message_count=1, max_wait_time=5)
                await receiver.abandon_message(message)

    async def put(self, queue: str, body: str) -> None:
        session = "lane-0" if QUEUES[queue].requires_session else None
        async with self.client.get_queue_sender(queue) as sender:
            await sender.send_messages(ServiceBusMessage(body, session_id=session))

    async def advance(self, by: timedelta) -> None:
        body = json.dumps({"seconds": by.total_seconds()}).encode()
        request = urllib.request.Request(f"{self._status}/advance", body, method="POST")  # noqa: S310 -- loopback
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310, ASYNC210 -- loopback, and nothing else runs
            self.advanced += by

    async def close(self) -> None:
        await self.real_outbox.close()
        await self.real_dead_letters.close()
        await self.client.close()

    def _receiver(self, queue: str, session: str | None) -> ServiceBusReceiver:
        if session is None:
            return self.client.get_queue_receiver(queue)
        return self.client.get_queue_receiver(queue, session_id=session)

    @staticmethod
    async def _page(receiver: ServiceBusReceiver) -> Sequence[ServiceBusReceivedMessage]:
        return await receiver.receive_messages(max_message_count=500, max_wait_time=0.5)


StartBroker = Callable[[int], Coroutine[Any, Any, Child]]


@pytest.fixture(scope="session")
def start_broker(tmp_path_factory: pytest.TempPathFactory) -> StartBroker:
    logs: Path = tmp_path_factory.mktemp("broker")

    async def start(port: int) -> Child:
        config = str(ROOT / "infra" / "Config.json")
        argv = [sys.executable, "-m", "local.broker", "--config", config, "--port", str(port), "--status-port", "0"]
        ready = r"(?s)(?=.*^listening on (?P<port>\d+))(?=.*^status on (?P<status>\d+))"
        return await Child.start("broker", argv, ready=ready, folder=logs)

    return start


def wire_to(broker: Child) -> BrokerWire:
    address = f"sb://127.0.0.1:{broker.matched['port']}"
    connection = f"Endpoint={address};SharedAccessKeyName=x;SharedAccessKey=eA==;UseDevelopmentEmulator=true;"
    return BrokerWire(connection, f"http://127.0.0.1:{broker.matched['status']}")


@pytest.fixture(params=["memory", pytest.param("broker", marks=[pytest.mark.stack, pytest.mark.slow])])
def broker(request: pytest.FixtureRequest) -> Iterator[Child | None]:
    """A broker of the test's own: what a test leaves in the queues must not reach the next one."""
    if request.param == "memory":
        yield None
        return
    child = complete(request.getfixturevalue("start_broker")(0))
    yield child
    complete(child.end())


@pytest.fixture
async def wire(broker: Child | None) -> AsyncIterator[Wire]:
    if broker is None:
        yield MemoryWire()
        return
    real = wire_to(broker)
    try:
        yield real
    finally:
        await real.close()


async def test_messages_arrive_at_their_steps_queues_in_order(wire: Wire) -> None:
    polls = [StepMessage("poll_orders", "shop-a")]
    acceptances = [acknowledge(order) for order in ("1", "0_2/Ł#?'", "3")]
    await wire.outbox.send([*polls, *acceptances])
    assert await wire.take("poll-orders") == polls
    assert await wire.take("acknowledge-order") == acceptances


async def test_an_order_keeps_its_lane(wire: Wire) -> None:
    orders = [create(str(number)) for number in range(6)]
    await wire.outbox.send([*orders, *orders])
    taken = {}
    for name in ("lane-0", "lane-1"):
        taken[name] = [one.order for one in orders if lane(OrderKey(one.shop, one.order), LANES) == name] * 2
    assert all(taken.values())
    received = {name: [one.order for one in await wire.take("create-order", name)] for name in taken}
    assert received == taken


async def test_nothing_sent_is_nothing(wire: Wire) -> None:
    await wire.outbox.send([])
    assert await wire.take("acknowledge-order") == []


async def test_more_than_one_batch_holds_arrives_whole(wire: Wire) -> None:
    """A batch holds 256 KiB; these are more."""
    orders = [f"{number}-{'x' * 150}" for number in range(1_500)]
    await wire.outbox.send([acknowledge(order) for order in orders])
    assert [one.order for one in await wire.take("acknowledge-order")] == orders


async def test_later_is_not_before_its_time(wire: Wire) -> None:
    await wire.outbox.later(acknowledge("1"), 10 * MINUTE)
    await wire.outbox.later(create("1"), 10 * MINUTE)
    await wire.advance(9 * MINUTE)
    assert await wire.take("acknowledge-order") == []
    await wire.advance(MINUTE + timedelta(seconds=1))
    assert await wire.take("acknowledge-order") == [acknowledge("1")]
    assert await wire.take("create-order", lane(OrderKey("shop-a", "1"), LANES)) == [create("1")]


async def test_dead_letters_are_seen_and_removed_by_number(wire: Wire) -> None:
    for order in ("1", "2", "3"):
        await wire.outbox.send([acknowledge(order)])
        await wire.bury("acknowledge-order")
    letters = await wire.dead_letters.peek("acknowledge-order", 10)
    assert [one.message for one in letters] == [acknowledge("1"), acknowledge("2"), acknowledge("3")]
    assert {(one.queue, one.reason) for one in letters} == {("acknowledge-order", "MaxDeliveryCountExceeded")}
    assert list(await wire.dead_letters.peek("acknowledge-order", 2)) == list(letters[:2])
    assert await wire.dead_letters.remove("acknowledge-order", [letters[1].sequence, 4711]) == 1
    left = await wire.dead_letters.peek("acknowledge-order", 10)
    assert [one.message for one in left] == [acknowledge("1"), acknowledge("3")]
    assert await wire.dead_letters.remove("acknowledge-order", [one.sequence for one in left]) == 2
    assert await wire.dead_letters.peek("acknowledge-order", 10) == []
    assert await wire.dead_letters.remove("acknowledge-order", []) == 0


async def test_a_dead_letter_of_a_lane_is_seen_and_removed_without_its_session(wire: Wire) -> None:
    await wire.outbox.send([create("1")])
    await wire.bury("create-order", lane(OrderKey("shop-a", "1"), LANES))
    [letter] = await wire.dead_letters.peek("create-order", 10)
    assert letter.message == create("1")
    assert await wire.dead_letters.remove("create-order", [letter.sequence]) == 1


async def test_a_dead_letter_that_cannot_be_read_has_no_message(wire: Wire) -> None:
    await wire.put("acknowledge-order", '{"v9": {}}')
    await wire.bury("acknowledge-order")
    [letter] = await wire.dead_letters.peek("acknowledge-order", 10)
    assert letter.message is None
    assert await wire.dead_letters.remove("acknowledge-order", [letter.sequence]) == 1


@pytest.mark.stack
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_broker_that_comes_back_is_used_again(start_broker: StartBroker) -> None:
    async def story() -> None:
        first = await start_broker(0)
        wire = wire_to(first)
        await wire.outbox.send([acknowledge("1")])
        assert await wire.dead_letters.peek("acknowledge-order", 1) == []
        first.kill()
        with pytest.raises(Unavailable):
            await wire.outbox.send([acknowledge("2")])
        second = await start_broker(int(first.matched["port"]))
        await wire.outbox.send([acknowledge("3")])
        assert await wire.take("acknowledge-order") == [acknowledge("3")]
        assert await wire.dead_letters.peek("acknowledge-order", 1) == []
        await wire.close()
        await second.end()

    complete(story())
    gc.collect()  # while the sockets that the SDK leaves open after a broken link may still be complained of
