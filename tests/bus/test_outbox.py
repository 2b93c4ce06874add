"""What the outbox does when a link breaks, over senders that break on demand and show what they delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    ServiceBusAuthorizationError,
    ServiceBusConnectionError,
)

from shared.bus.messages import decode
from shared.bus.outbox import ServiceBusOutbox, connect
from shared.errors import Unauthorized, Unavailable
from shared.model.steps import StepMessage

WALL = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BATCH = 10


@dataclass
class Batch:
    messages: list[ServiceBusMessage] = field(default_factory=list)

    def add_message(self, message: ServiceBusMessage) -> None:
        if len(self.messages) == BATCH:
            raise MessageSizeExceededError(message="full")
        self.messages.append(message)


@dataclass
class FarEnd:
    """The service: what arrived, and the failures that its senders meet next (None: none)."""

    arrived: list[ServiceBusMessage] = field(default_factory=list)
    sends: int = 0
    failures: list[BaseException | None] = field(default_factory=list)
    open_senders: int = 0
    opened: int = 0
    busy: bool = False

    def get_queue_sender(self, name: str) -> Sender:
        self.opened += 1
        self.open_senders += 1
        return Sender(self)


@dataclass
class Sender:
    end: FarEnd
    closed: bool = False

    async def create_message_batch(self) -> Batch:
        return Batch()

    async def send_messages(self, given: Batch | ServiceBusMessage, **_: float) -> None:
        assert not self.end.busy, "a sender was used by two at once"
        if self.closed:
            raise ValueError("The handler has already been shutdown.")
        self.end.busy = True
        await asyncio.sleep(0)
        self.end.busy = False
        failure = self.end.failures.pop(0) if self.end.failures else None
        if failure is not None:
            raise failure
        self.end.sends += 1
        self.end.arrived += given.messages if isinstance(given, Batch) else [given]

    async def close(self) -> None:
        self.closed = True
        self.end.open_senders -= 1


def outbox(end: FarEnd, **options: Any) -> ServiceBusOutbox:
    return ServiceBusOutbox(cast(ServiceBusClient, end), lanes=2, wall=lambda: WALL, **options)


def orders(numbers: Iterable[int]) -> list[StepMessage]:
    return [StepMessage("acknowledge_order", "shop-a", str(number)) for number in numbers]


def arrived(end: FarEnd) -> list[int]:
    return [int(decode(b"".join(message.body)).order) for message in end.arrived]


@pytest.mark.parametrize(("number", "sends"), [(0, 0), (1, 1), (10, 1), (11, 2), (25, 3)])
async def test_messages_go_in_as_few_batches_as_they_fit(number: int, sends: int) -> None:
    end = FarEnd()
    await outbox(end).send(orders(range(number)))
    assert (arrived(end), end.sends) == (list(range(number)), sends)


async def test_a_batch_stays_far_from_the_services_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "BATCH", 10_000)
    end = FarEnd()
    await outbox(end).send(orders(range(600)))
    assert (arrived(end), end.sends) == (list(range(600)), 3)


async def test_one_sender_serves_a_queue_and_never_two_at_once() -> None:
    end = FarEnd()
    sending = outbox(end)
    await asyncio.gather(*(sending.send(orders([number])) for number in range(20)))
    assert (sorted(arrived(end)), end.opened) == (list(range(20)), 1)
    await sending.close()
    assert end.open_senders == 0


@pytest.mark.parametrize("failure", [ServiceBusConnectionError(message="gone"), OSError("gone"), ValueError("shut")])
async def test_a_broken_link_is_opened_anew_once_and_what_was_sent_is_not_sent_again(failure: Exception) -> None:
    end = FarEnd(failures=[None, failure])
    await outbox(end).send(orders(range(25)))
    assert (arrived(end), end.opened, end.open_senders) == (list(range(25)), 2, 1)


async def test_a_service_that_stays_away_is_transient_and_comes_back_by_itself() -> None:
    end = FarEnd(failures=[ServiceBusConnectionError(message="gone")] * 2)
    sending = outbox(end)
    with pytest.raises(Unavailable) as raised:
        await sending.send(orders([1]))
    assert (raised.value.scope, end.open_senders) == ("bus", 0)
    assert "ServiceBusConnectionError" in str(raised.value)
    await sending.send(orders([2]))
    assert arrived(end) == [2]


async def test_a_missing_role_is_said() -> None:
    end = FarEnd(failures=[ServiceBusAuthorizationError(message="no")] * 2)
    with pytest.raises(Unauthorized, match="role"):
        await outbox(end).send(orders([1]))


async def test_a_send_that_is_cancelled_leaves_no_half_used_sender() -> None:
    end = FarEnd(failures=[asyncio.CancelledError()])
    sending = outbox(end)
    with pytest.raises(asyncio.CancelledError):
        await sending.send(orders([1]))
    assert end.open_senders == 0
    await sending.send(orders([2]))
    assert arrived(end) == [2]


@pytest.mark.parametrize(("acceleration", "waits"), [(1.0, 600), (60.0, 10)])
async def test_a_delay_is_turned_into_the_brokers_time(acceleration: float, waits: int) -> None:
    end = FarEnd()
    await outbox(end, acceleration=acceleration).later(orders([1])[0], timedelta(minutes=10))
    [message] = end.arrived
    assert message.scheduled_enqueue_time_utc == WALL + timedelta(seconds=waits)


async def test_every_message_has_an_id_of_its_own_and_a_session_only_where_the_queue_has_lanes() -> None:
    end = FarEnd()
    message = StepMessage("create_order", "shop-a", "1")
    await outbox(end).send([message, message, *orders([1])])
    ids = {one.message_id for one in end.arrived}
    assert len(ids) == 3
    assert [one.session_id for one in end.arrived] == ["lane-0", "lane-0", None]
    assert {one.content_type for one in end.arrived} == {"application/json"}


def test_a_namespace_needs_a_credential() -> None:
    with pytest.raises(ValueError, match="credential"):
        connect(namespace="example.servicebus.windows.net")
