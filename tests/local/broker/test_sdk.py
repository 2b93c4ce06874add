"""The unmodified azure-servicebus against the broker: what works with Microsoft's emulator works here.

Opening or closing a receiver costs the SDK up to a second, so receivers without sessions are shared; every test leaves
the queues it used empty, and time is moved in the broker instead of being waited for.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceivedMessage,
    ServiceBusReceiveMode,
    ServiceBusReceiver,
    ServiceBusSender,
    ServiceBusSubQueue,
)
from azure.servicebus.aio import ServiceBusClient as AsyncClient
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageNotFoundError,
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    OperationTimeoutError,
    ServiceBusError,
    SessionCannotBeLockedError,
    SessionLockLostError,
)

from local.broker.inside import Inside, running
from local.broker.terms import Settings
from tests.local.running import until

pytestmark = pytest.mark.stack

QUEUES = (
    Settings("plain", lock_seconds=30, max_delivery_count=3),
    Settings("other", lock_seconds=30),
    Settings("async", lock_seconds=30, max_delivery_count=3),
    Settings("buries", lives=60, dead_letters_expired=True),
    Settings("drops", lives=60),
    Settings("sessions", requires_session=True, lock_seconds=30, max_delivery_count=3),
)


@dataclass
class Bus:
    """One client with its open senders and receivers."""

    inside: Inside
    client: ServiceBusClient
    _senders: dict[str, ServiceBusSender] = field(default_factory=dict)
    _receivers: dict[tuple[str, bool], ServiceBusReceiver] = field(default_factory=dict)

    def sender(self, queue: str) -> ServiceBusSender:
        if queue not in self._senders:
            self._senders[queue] = self.client.get_queue_sender(queue)
        return self._senders[queue]

    def receiver(self, queue: str, *, dead: bool = False) -> ServiceBusReceiver:
        if (queue, dead) not in self._receivers:
            below = ServiceBusSubQueue.DEAD_LETTER if dead else None
            self._receivers[queue, dead] = self.client.get_queue_receiver(queue, sub_queue=below)
        return self._receivers[queue, dead]

    def send(self, queue: str, *bodies: str, **fields: Any) -> None:
        self.sender(queue).send_messages([ServiceBusMessage(body, **fields) for body in bodies])

    def receive(self, queue: str, count: int = 1, *, dead: bool = False) -> list[ServiceBusReceivedMessage]:
        return take(self.receiver(queue, dead=dead), count)

    def nothing(self, queue: str, *, dead: bool = False) -> bool:
        return not self.receiver(queue, dead=dead).receive_messages(1, 0.3)

    def close(self) -> None:
        """All at once: each close waits up to a second for the SDK's own keep-alive thread."""
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda handler: handler.close(), [*self._senders.values(), *self._receivers.values()]))

    def operations(self) -> dict[str, int]:
        return self.inside.call(lambda: dict(self.inside.broker.namespace.operations))


def take(receiver: ServiceBusReceiver, count: int) -> list[ServiceBusReceivedMessage]:
    """Exactly `count` messages: a receive may end early after a gap."""
    taken: list[ServiceBusReceivedMessage] = []
    while len(taken) < count and (more := receiver.receive_messages(count - len(taken), 3)):
        taken += more
    assert len(taken) == count
    return taken


def bodies(messages: Sequence[ServiceBusReceivedMessage]) -> list[str]:
    return [str(message) for message in messages]


@pytest.fixture(scope="module")
def whole() -> Iterator[Bus]:
    with (
        running(QUEUES) as inside,
        ServiceBusClient.from_connection_string(inside.connection_string, retry_total=0) as client,
    ):
        bus = Bus(inside, client)
        yield bus
        bus.close()
        assert inside.broker.failures == 0


@pytest.fixture
def bus(whole: Bus) -> Iterator[Bus]:
    yield whole
    for queue in QUEUES:
        counts = whole.inside.counts(queue.name)
        left = {what: counts[what] for what in ("active", "locked", "scheduled", "dead_letter") if counts[what]}
        assert not left, f"{queue.name} was not left empty: {left}"


# ---- sending


def test_a_message_arrives_with_everything_it_was_sent_with(bus: Bus) -> None:
    properties: dict[str | bytes, Any] = {"text": "x", "number": 5, "share": 1.5, "flag": True, "id": uuid.UUID(int=5)}
    sent = ServiceBusMessage(
        b"\x00\x01binary",
        message_id="m",
        correlation_id="c",
        subject="s",
        content_type="application/json",
        to="t",
        reply_to="r",
        time_to_live=timedelta(hours=1),
        application_properties=properties,
    )
    bus.sender("plain").send_messages(sent)
    (got,) = bus.receive("plain")
    assert b"".join(got.body) == b"\x00\x01binary"
    assert (got.message_id, got.correlation_id, got.subject, got.content_type) == ("m", "c", "s", "application/json")
    assert (got.to, got.reply_to, got.time_to_live) == ("t", "r", timedelta(hours=1))
    received = got.application_properties or {}
    assert received[b"text"] == b"x"
    assert (received[b"number"], received[b"share"], received[b"flag"]) == (5, 1.5, True)
    assert received[b"id"] == uuid.UUID(int=5)
    assert got.delivery_count == 0
    assert isinstance(got.lock_token, uuid.UUID)
    assert got.locked_until_utc is not None
    assert 25 < (got.locked_until_utc - datetime.now(UTC)).total_seconds() <= 30
    bus.receiver("plain").complete_message(got)


def test_a_batch_is_one_operation_and_many_messages(bus: Bus) -> None:
    before = bus.operations()
    batch = bus.sender("plain").create_message_batch()
    for number in range(50):
        batch.add_message(ServiceBusMessage(f"m{number}", message_id=str(number), time_to_live=timedelta(hours=1)))
    bus.sender("plain").send_messages(batch)
    received = bus.receive("plain", 50)
    assert [(str(one), one.message_id) for one in received] == [(f"m{n}", str(n)) for n in range(50)]
    for one in received:
        bus.receiver("plain").complete_message(one)
    after = bus.operations()
    assert {name: after[name] - before.get(name, 0) for name in ("sends", "receives", "settlements")} == {
        "sends": 1,
        "receives": 50,
        "settlements": 50,
    }


def test_what_is_too_large_is_refused_on_both_sides(bus: Bus) -> None:
    batch = bus.sender("plain").create_message_batch()
    assert batch.max_size_in_bytes == 256 * 1024
    for _ in range(5):
        batch.add_message(ServiceBusMessage("x" * 50_000))
    with pytest.raises(MessageSizeExceededError):
        batch.add_message(ServiceBusMessage("x" * 50_000))
    with pytest.raises(MessageSizeExceededError):
        bus.send("plain", "x" * 300_000)


def test_a_message_of_several_frames_arrives_whole(bus: Bus) -> None:
    bus.send("plain", "y" * 200_000)
    (got,) = bus.receive("plain")
    assert str(got) == "y" * 200_000
    bus.receiver("plain").complete_message(got)


def test_scheduled_messages_come_in_their_time_and_can_be_cancelled(bus: Bus) -> None:
    sender, later = bus.sender("plain"), datetime.now(UTC) + timedelta(minutes=5)
    _, second = sender.schedule_messages([ServiceBusMessage("first"), ServiceBusMessage("second")], later)
    sender.cancel_scheduled_messages(second)
    with pytest.raises(MessageNotFoundError):
        sender.cancel_scheduled_messages(second)
    sender.send_messages(ServiceBusMessage("third", scheduled_enqueue_time_utc=later))
    assert bus.nothing("plain")
    peeked = bus.receiver("plain").peek_messages(10, sequence_number=1)
    assert [(str(one), one.state.name) for one in peeked] == [("first", "SCHEDULED"), ("third", "SCHEDULED")]
    bus.inside.advance(301)
    received = bus.receive("plain", 2)
    assert bodies(received) == ["first", "third"]
    for one in received:
        bus.receiver("plain").complete_message(one)


def test_an_unknown_queue_is_the_sdks_own_error(bus: Bus) -> None:
    with pytest.raises(MessagingEntityNotFoundError), bus.client.get_queue_sender("missing") as sender:
        sender.send_messages(ServiceBusMessage("x"))
    with pytest.raises(MessagingEntityNotFoundError), bus.client.get_queue_receiver("missing") as receiver:
        receiver.peek_messages(1)


# ---- receiving and settling


def test_an_abandoned_message_counts_until_it_is_dead_lettered(bus: Bus) -> None:
    bus.send("plain", "a")
    for delivery in range(3):
        (got,) = bus.receive("plain")
        assert got.delivery_count == delivery
        bus.receiver("plain").abandon_message(got)
    assert bus.nothing("plain")
    dead = bus.receiver("plain", dead=True)
    (peeked,) = dead.peek_messages(sequence_number=1)
    (got,) = bus.receive("plain", dead=True)
    assert peeked.dead_letter_reason == got.dead_letter_reason == "MaxDeliveryCountExceeded"
    assert (got.delivery_count, got.dead_letter_source) == (3, "plain")
    dead.complete_message(got)


def test_a_message_is_dead_lettered_with_its_reason(bus: Bus) -> None:
    bus.send("plain", "d", message_id="dd", application_properties={"k": "v"})
    (got,) = bus.receive("plain")
    bus.receiver("plain").dead_letter_message(got, reason="Bad", error_description="why")
    (dead,) = bus.receive("plain", dead=True)
    assert (dead.dead_letter_reason, dead.dead_letter_error_description, dead.message_id) == ("Bad", "why", "dd")
    assert (dead.application_properties or {})[b"k"] == b"v"
    bus.receiver("plain", dead=True).complete_message(dead)


def test_an_expired_lock_redelivers_and_refuses_its_old_holder(bus: Bus) -> None:
    bus.send("plain", "l")
    (first,) = bus.receive("plain")
    bus.inside.advance(31)  # the client's clock believes in the lock, so the refusal is the broker's
    with pytest.raises(MessageLockLostError):
        bus.receiver("plain").complete_message(first)
    with pytest.raises(MessageLockLostError):
        bus.receiver("plain").renew_message_lock(first)
    (second,) = bus.receive("plain")
    token = second.lock_token
    assert second.delivery_count == 1
    assert token is not None
    bus.receiver("plain").complete_message(second)
    with pytest.raises(MessageLockLostError):  # settled once is settled for good
        bus.receiver("plain")._settle_message_via_mgmt_link("completed", [token])


def test_a_renewed_lock_lasts(bus: Bus) -> None:
    bus.send("plain", "r")
    (got,) = bus.receive("plain")
    for _ in range(3):
        bus.inside.advance(20)
        until = bus.receiver("plain").renew_message_lock(got)
        assert 25 < (until - datetime.now(UTC)).total_seconds() <= 30
    bus.receiver("plain").complete_message(got)
    assert bus.nothing("plain")


def test_expired_messages_are_dropped_or_dead_lettered(bus: Bus) -> None:
    bus.send("drops", "gone")
    bus.send("buries", "kept")
    bus.send("buries", "sooner", time_to_live=timedelta(seconds=10))
    bus.inside.advance(11)
    (sooner,) = bus.receive("buries", dead=True)
    bus.inside.advance(50)
    (kept,) = bus.receive("buries", dead=True)
    assert bodies([sooner, kept]) == ["sooner", "kept"]
    assert {sooner.dead_letter_reason, kept.dead_letter_reason} == {"TTLExpiredException"}
    for one in (sooner, kept):
        bus.receiver("buries", dead=True).complete_message(one)
    assert bus.inside.counts("drops")["expired"] == 1


def test_receive_and_delete_settles_as_it_sends(bus: Bus) -> None:
    bus.send("other", "1", "2")
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    with bus.client.get_queue_receiver("other", receive_mode=mode) as receiver:
        assert bodies(take(receiver, 2)) == ["1", "2"]


def test_peeking_goes_on_where_it_ended(bus: Bus) -> None:
    bus.send("other", *map(str, range(7)))
    with bus.client.get_queue_receiver("other") as receiver:
        assert bodies(receiver.peek_messages(3)) + bodies(receiver.peek_messages(10)) == list("0123456")
        assert receiver.peek_messages(1) == []
        for one in take(receiver, 7):
            receiver.complete_message(one)


def test_competing_receivers_share_and_settle_for_one_another(bus: Bus) -> None:
    bus.send("other", *map(str, range(6)))
    with bus.client.get_queue_receiver("other") as second:
        mine, theirs = bus.receive("other", 3), take(second, 3)
        assert sorted(bodies(mine + theirs)) == list("012345")
        mine[0]._receiver = second
        for one in [*theirs, mine[0]]:
            second.complete_message(one)  # the first receiver's message goes over the management link
        for one in mine[1:]:
            bus.receiver("other").complete_message(one)


def test_closing_a_receiver_gives_unread_messages_back_uncounted(bus: Bus) -> None:
    bus.send("other", *map(str, range(4)))
    with bus.client.get_queue_receiver("other", prefetch_count=10) as prefetching:
        prefetching.complete_message(take(prefetching, 1)[0])
    rest = bus.receive("other", 3)
    assert [(str(one), one.delivery_count) for one in rest] == [("1", 0), ("2", 0), ("3", 0)]
    for one in rest:
        bus.receiver("other").complete_message(one)


def test_what_this_broker_does_not_do_is_refused(bus: Bus) -> None:
    """After such an error the SDK takes the receiver for shut down, so this one is not shared."""
    bus.send("other", "d")
    with bus.client.get_queue_receiver("other") as receiver:
        (got,) = take(receiver, 1)
        with pytest.raises(ServiceBusError, match="defer"):
            receiver.defer_message(got)
        with pytest.raises(ServiceBusError, match="does not do"):
            receiver.receive_deferred_messages([1])
    bus.inside.advance(31)
    (again,) = bus.receive("other")
    bus.receiver("other").complete_message(again)


def test_duplicates_on_demand(bus: Bus) -> None:
    bus.inside.call(lambda: bus.inside.broker.namespace.duplicate("other", on=True))
    bus.send("other", "twice", message_id="same")
    bus.inside.call(lambda: bus.inside.broker.namespace.duplicate("other", on=False))
    first, second = bus.receive("other", 2)
    assert (str(first), first.message_id) == (str(second), second.message_id) == ("twice", "same")
    assert first.sequence_number != second.sequence_number
    for one in (first, second):
        bus.receiver("other").complete_message(one)


# ---- sessions


def test_sessions_are_received_in_order_by_one_at_a_time(bus: Bus) -> None:
    for number in range(3):
        for session in "ab":
            bus.send("sessions", f"{session}{number}", session_id=session)
    with bus.client.get_queue_receiver("sessions", session_id="a") as first:
        received = take(first, 3)
        assert bodies(received) == ["a0", "a1", "a2"]
        first.session.set_state(b"half way")
        assert first.session.get_state() == b"half way"
        with (
            pytest.raises(SessionCannotBeLockedError),
            bus.client.get_queue_receiver("sessions", session_id="a") as rival,
        ):
            rival.receive_messages(1, 1)
        with bus.client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION) as second:
            others = take(second, 3)
            assert second.session.session_id == "b"
            assert bodies(others) == ["b0", "b1", "b2"]
            for one in others:
                second.complete_message(one)
        for one in received:
            first.complete_message(one)


def test_a_session_queue_takes_and_gives_sessions_only(bus: Bus) -> None:
    with pytest.raises(ServiceBusError, match="session"):
        bus.send("sessions", "without")
    with pytest.raises(ServiceBusError), bus.client.get_queue_receiver("sessions") as receiver:
        receiver.receive_messages(1, 1)


def test_no_session_available_ends_in_a_time_out(bus: Bus) -> None:
    with (
        pytest.raises(OperationTimeoutError),
        bus.client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION, max_wait_time=0.5) as receiver,
    ):
        receiver.receive_messages(1, 2)


def test_an_expired_session_goes_to_another_receiver_with_deliveries_counted(bus: Bus) -> None:
    bus.send("sessions", "0", "1", "2", session_id="s")
    with bus.client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION) as old:
        zero, one = take(old, 2)
        bus.inside.advance(20)
        assert 25 < (old.session.renew_lock() - datetime.now(UTC)).total_seconds() <= 30
        bus.inside.advance(20)
        old.complete_message(zero)  # renewed in time
        bus.inside.advance(11)
        with pytest.raises(SessionLockLostError):
            old.complete_message(one)
        with bus.client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION) as new:
            received = take(new, 2)
            assert [(str(got), got.delivery_count) for got in received] == [("1", 1), ("2", 0)]
            for got in received:
                new.complete_message(got)
    assert bus.inside.counts("sessions")["lock_lost"] == 1


def test_closing_or_losing_the_link_frees_a_session_uncounted(bus: Bus) -> None:
    bus.send("sessions", "0", "1", session_id="s")
    with bus.client.get_queue_receiver("sessions", session_id="s") as closing:
        assert bodies(take(closing, 2)) == ["0", "1"]
    with ServiceBusClient.from_connection_string(bus.inside.connection_string, retry_total=0) as doomed:
        losing = doomed.get_queue_receiver("sessions", session_id="s")
        assert bodies(take(losing, 2)) == ["0", "1"]
        connection: Any = losing._handler._connection
        connection._transport.close()
        with bus.client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION) as heir:
            received = take(heir, 2)
            assert [(str(one), one.delivery_count) for one in received] == [("0", 0), ("1", 0)]
            for one in received:
                heir.complete_message(one)


# ---- the same on an event loop


async def test_the_asynchronous_client(bus: Bus) -> None:
    async with AsyncClient.from_connection_string(bus.inside.connection_string, retry_total=0) as client:
        async with client.get_queue_sender("async") as sender:
            await sender.send_messages([ServiceBusMessage(str(number)) for number in range(5)])
            later = datetime.now(UTC) + timedelta(minutes=5)
            numbers = await sender.schedule_messages(ServiceBusMessage("later"), later)
            await sender.cancel_scheduled_messages(numbers)
        async with client.get_queue_receiver("async") as receiver:
            received = await receiver.receive_messages(5, 3)
            assert bodies(received) == list("01234")
            await receiver.complete_message(received[0])
            await receiver.abandon_message(received[1])
            await receiver.dead_letter_message(received[2], reason="R", error_description="D")
            await receiver.renew_message_lock(received[3])
            bus.inside.advance(31)
            with pytest.raises(MessageLockLostError):
                await receiver.complete_message(received[4])
            with pytest.raises(MessageLockLostError):
                await receiver.complete_message(received[3])
            again = await receiver.receive_messages(3, 3)
            assert [(str(one), one.delivery_count) for one in again] == [("1", 1), ("3", 1), ("4", 1)]
            for one in again:
                await receiver.complete_message(one)
        async with client.get_queue_receiver("async", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead:
            (peeked,) = await dead.peek_messages()
            (got,) = await dead.receive_messages(1, 3)
            assert peeked.dead_letter_reason == got.dead_letter_reason == "R"
            await dead.complete_message(got)
        with pytest.raises(MessagingEntityNotFoundError):
            async with client.get_queue_sender("missing") as missing:
                await missing.send_messages(ServiceBusMessage("x"))


async def test_sessions_of_the_asynchronous_client(bus: Bus) -> None:
    async with AsyncClient.from_connection_string(bus.inside.connection_string, retry_total=0) as client:
        old = client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION)
        opening = asyncio.create_task(old.__aenter__())
        await until(lambda: bus.inside.call(lambda: any(bus.inside.broker._waiting.values())))
        bus.send("sessions", "0", "1", session_id="s")  # goes to the receiver that waits already
        await opening
        async with old:
            (zero,) = await old.receive_messages(1, 3)
            await old.complete_message(zero)
            await old.receive_messages(1, 3)
            bus.inside.advance(31)
            with pytest.raises(SessionLockLostError):
                await old.session.renew_lock()
        async with client.get_queue_receiver("sessions", session_id="s") as new:
            (one,) = await new.receive_messages(1, 3)
            assert (str(one), one.delivery_count) == ("1", 1)
            await new.session.renew_lock()
            await new.complete_message(one)
