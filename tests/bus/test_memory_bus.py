"""The bus of the simulation: nothing is lost, nothing appears from nowhere, time does what it does at Service Bus."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.bus.messages import UnreadableMessage
from shared.bus.queues import QUEUES
from shared.model.keys import OrderKey, lane
from shared.model.steps import StepMessage
from tests.fakes.clock import START, VirtualClock
from tests.fakes.memory_bus import EXHAUSTED, EXPIRED, LockLost, MemoryBus, Received

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def create(order: str, attempt: int = 1) -> StepMessage:
    return StepMessage("create_order", "shop-a", order, attempt)


def acknowledge(order: str) -> StepMessage:
    return StepMessage("acknowledge_order", "shop-a", order, 1, START)


class World:
    def __init__(self, **options: object) -> None:
        self.clock = VirtualClock()
        self.bus = MemoryBus(self.clock, **options)  # type: ignore[arg-type]

    def take(self, queue: str) -> Received:
        received = self.bus.receive(queue, self.clock.now())
        assert received is not None
        return received

    def complete(self, received: Received) -> None:
        self.bus.complete(received, self.clock.now())

    def abandon(self, received: Received) -> None:
        self.bus.abandon(received, self.clock.now())

    def pass_time(self, by: timedelta) -> int:
        return self.bus.expire_locks(self.clock.advance(by))

    def deliverable(self) -> tuple[str, ...]:
        return self.bus.deliverable(self.clock.now())


@pytest.fixture
def world() -> World:
    return World()


async def test_messages_come_in_the_order_they_were_sent(world: World) -> None:
    await world.bus.send([acknowledge(str(number)) for number in range(5)])
    taken = [world.take("acknowledge-order") for _ in range(5)]
    assert [one.message.order for one in taken] == ["0", "1", "2", "3", "4"]
    assert world.bus.receive("acknowledge-order", world.clock.now()) is None
    for one in taken:
        world.complete(one)
    assert (world.deliverable(), world.bus.waiting("acknowledge-order")) == ((), 0)


async def test_what_is_sent_for_later_appears_then(world: World) -> None:
    await world.bus.later(acknowledge("1"), 10 * MINUTE)
    assert world.deliverable() == ()
    assert world.bus.next_event(world.clock.now()) == START + 10 * MINUTE
    world.pass_time(10 * MINUTE - SECOND)
    assert world.deliverable() == ()
    world.pass_time(SECOND)
    assert world.deliverable() == ("acknowledge-order",)
    assert world.take("acknowledge-order").delivery.enqueued == START + 10 * MINUTE


async def test_an_abandoned_message_comes_again_until_it_is_a_dead_letter(world: World) -> None:
    await world.bus.send([acknowledge("1")])
    for count in range(1, 6):
        received = world.take("acknowledge-order")
        assert received.delivery.count == count
        world.abandon(received)
    assert world.deliverable() == ()
    [letter] = world.bus.dead("acknowledge-order")
    assert (letter.message, letter.reason) == (acknowledge("1"), EXHAUSTED)


async def test_a_lock_that_runs_out_counts_and_cannot_settle_any_more(world: World) -> None:
    await world.bus.send([acknowledge("1")])
    first = world.take("acknowledge-order")
    assert world.pass_time(MINUTE - SECOND) == 0
    assert world.bus.next_event(world.clock.now()) == START + MINUTE
    assert world.pass_time(SECOND) == 1
    second = world.take("acknowledge-order")
    assert second.delivery.count == 2
    for settle in (world.complete, world.abandon):
        with pytest.raises(LockLost):
            settle(first)
    world.complete(second)
    with pytest.raises(LockLost):
        world.complete(second)


async def test_a_lane_gives_one_message_at_a_time_in_order(world: World) -> None:
    await world.bus.send([create("1"), create("2"), create("1", 2)])
    first = world.take("create-order")
    assert world.deliverable() == ()
    world.abandon(first)
    again = world.take("create-order")
    assert (again.message, again.delivery.count) == (create("1"), 2)
    world.complete(again)
    assert world.take("create-order").message == create("2")


async def test_lanes_do_not_wait_for_one_another() -> None:
    world = World(lanes=2)
    orders = [str(number) for number in range(12)]
    await world.bus.send([create(order) for order in orders])
    lanes = {lane(OrderKey("shop-a", order), 2) for order in orders}
    assert len(lanes) == 2
    assert {world.take("create-order").session for _ in lanes} == lanes
    assert world.deliverable() == ()


async def test_a_poll_that_nobody_takes_is_gone_and_an_order_message_is_a_dead_letter(world: World) -> None:
    await world.bus.send([StepMessage("poll_orders", "shop-a"), acknowledge("1")])
    world.pass_time(MINUTE)
    assert world.deliverable() == ("acknowledge-order",)
    assert world.bus.waiting("poll-orders") == 0
    world.pass_time(timedelta(days=14))
    assert world.bus.waiting("acknowledge-order") == 0
    assert [letter.reason for letter in world.bus.dead("acknowledge-order")] == [EXPIRED]
    assert world.bus.dead("poll-orders") == ()


async def test_what_cannot_be_read_is_said_when_it_is_read(world: World) -> None:
    world.bus.inject("create-order", "nonsense")
    for _ in range(5):
        received = world.take("create-order")
        with pytest.raises(UnreadableMessage):
            received.message  # noqa: B018 -- reading it is the point
        world.abandon(received)
    assert [letter.message for letter in await world.bus.peek("create-order", 10)] == [None]


async def test_operations_are_counted_as_the_account_counts_them(world: World) -> None:
    await world.bus.send([acknowledge("1"), acknowledge("2"), create("1")])
    await world.bus.later(create("1"), MINUTE)
    world.complete(world.take("acknowledge-order"))
    world.abandon(world.take("acknowledge-order"))
    assert world.bus.counts == {"sends": 3, "receives": 2, "settlements": 2}


async def test_with_randomness_order_and_number_vary_but_never_within_a_lane() -> None:
    world = World(lanes=1, randomness=random.Random(7), duplicates=0.5)
    await world.bus.send([acknowledge(str(number)) for number in range(40)])
    orders = []
    while "acknowledge-order" in world.deliverable():
        received = world.take("acknowledge-order")
        orders.append(received.message.order)
        world.complete(received)
    assert set(orders) == {str(number) for number in range(40)}
    assert len(orders) > 45
    assert orders != sorted(orders, key=int)
    await world.bus.send([create("1", attempt) for attempt in range(20)])
    attempts = []
    while world.deliverable():
        received = world.take("create-order")
        attempts.append(received.message.attempt)
        world.complete(received)
    assert attempts == sorted(attempts)


class Conservation(RuleBasedStateMachine):
    """Whatever happens, a message is exactly one of: waiting, a dead letter, completed, or an expired poll."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = VirtualClock()
        self.bus = MemoryBus(self.clock, lanes=2)
        self.held: list[Received] = []
        self.sent = self.completed = 0

    def put(self, message: StepMessage, delay: timedelta) -> None:
        self.sent += 1
        coroutine = self.bus.later(message, delay) if delay else self.bus.send([message])
        with pytest.raises(StopIteration):
            coroutine.send(None)

    @rule(order=st.integers(0, 5), delay=st.sampled_from([0, 30, 600]))
    def send_work(self, order: int, delay: int) -> None:
        self.put(create(str(order)), delay * SECOND)
        self.put(acknowledge(str(order)), delay * SECOND)

    @rule(queue=st.sampled_from(["acknowledge-order", "create-order"]))
    def receive(self, queue: str) -> None:
        offered = queue in self.bus.deliverable(self.clock.now())
        received = self.bus.receive(queue, self.clock.now())
        assert (received is not None) == offered
        if received is not None:
            self.held.append(received)

    @precondition(lambda self: self.held)
    @rule(complete=st.booleans(), data=st.data())
    def settle(self, complete: bool, data: st.DataObject) -> None:
        received = self.held.pop(data.draw(st.integers(0, len(self.held) - 1)))
        try:
            if complete:
                self.bus.complete(received, self.clock.now())
                self.completed += 1
            else:
                self.bus.abandon(received, self.clock.now())
        except LockLost:
            return

    @rule(seconds=st.sampled_from([1, 59, 61, 600]))
    def wait(self, seconds: int) -> None:
        self.bus.expire_locks(self.clock.advance(seconds * SECOND))

    @invariant()
    def nothing_is_lost_and_nothing_appears(self) -> None:
        there = sum(self.bus.waiting(name) + len(self.bus.dead(name)) for name in QUEUES)
        assert there + self.completed == self.sent

    @invariant()
    def one_message_of_a_lane_is_locked_at_most(self) -> None:
        locked = [one.session for one in self.bus._queues["create-order"].messages.values() if one.lock is not None]
        assert len(locked) == len(set(locked))


TestConservation = Conservation.TestCase
TestConservation.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
