"""Whatever clients and time do to a queue, every message is in exactly one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from local.broker.entities import Queue
from local.broker.lanes import Hold, Lock
from local.broker.terms import LockLost, NotFound, SessionHeld, SessionLost, Settings

MOST = 3
SECONDS = st.integers(0, 40)


class Conservation(RuleBasedStateMachine):
    """A model knows by its tokens alone which locks are live; the queue must agree, and lose or invent nothing."""

    scheduled: Bundle[int] = Bundle("scheduled")
    locks: Bundle[tuple[Queue, Lock]] = Bundle("locks")
    holds: Bundle[Hold] = Bundle("holds")

    @initialize(sessions=st.booleans(), lives=st.sampled_from([None, 25.0]), buries=st.booleans())
    def begin(self, sessions: bool, lives: float | None, buries: bool) -> None:
        self.now = 0.0
        given = Settings("q", sessions, 30.0, MOST, lives, buries)
        self.queue = Queue(given, lambda: self.now)
        self.settled: set[UUID] = set()

    # ---- what clients do

    @rule(session=st.sampled_from("ab"), lives=st.none() | st.integers(1, 50))
    def send(self, session: str, lives: int | None) -> None:
        self.queue.enqueue(object(), session=session, lives=lives)

    @rule(target=scheduled, session=st.sampled_from("ab"), delay=SECONDS)
    def schedule(self, session: str, delay: int) -> int:
        return self.queue.enqueue(object(), session=session, at=self.now + delay)

    @rule(number=scheduled)
    def cancel(self, number: int) -> None:
        try:
            self.queue.cancel(number)
        except NotFound:
            assert all(entry.scheduled is None for entry in self.queue.peek(number, 1) if entry.sequence == number)

    @rule(on=st.booleans())
    def duplicate(self, on: bool) -> None:
        self.queue.duplicating = on

    @rule(target=holds, session=st.sampled_from([None, "a", "b"]))
    def accept(self, session: str | None) -> Any:
        if not self.queue.settings.requires_session:
            return multiple()
        held = session and self.queue.hold_of(session)
        try:
            hold = self.queue.accept(session, None)
        except SessionHeld:
            assert held
            return multiple()
        assert not held
        return multiple() if hold is None else hold

    @rule(hold=holds)
    def free(self, hold: Hold) -> None:
        self.queue.free(hold)
        assert not hold.locks

    @rule(hold=holds)
    def renew_session(self, hold: Hold) -> None:
        try:
            assert self.queue.renew_session(hold) == self.now + 30
        except SessionLost:
            assert hold.lost
            assert hold.until <= self.now or not hold.locks

    @rule(target=locks, hold=holds)
    def receive_in_session(self, hold: Hold) -> Any:
        lock = self.queue.receive(hold)
        assert lock is None or not hold.lost
        return multiple() if lock is None else (self.queue, lock)

    @rule(target=locks, dead=st.booleans())
    def receive(self, dead: bool) -> Any:
        if self.queue.settings.requires_session and not dead:
            return multiple()
        queue = self.queue.dead_letters if dead else self.queue
        lock = queue.receive()
        return multiple() if lock is None else (queue, lock)

    @rule(given=locks, how=st.sampled_from(["complete", "abandon", "release", "dead_letter"]))
    def settle(self, given: tuple[Queue, Lock], how: str) -> None:
        queue, lock = given
        if how == "dead_letter" and queue.source:
            return
        live = self._live(lock)
        try:
            queue.dead_letter(lock.token, "r", None) if how == "dead_letter" else getattr(queue, how)(lock.token)
        except (LockLost, SessionLost):
            assert not live
        else:
            assert live
            self.settled.add(lock.token)

    @rule(given=locks)
    def renew(self, given: tuple[Queue, Lock]) -> None:
        queue, lock = given
        if lock.hold is None and self._live(lock):
            assert queue.renew(lock.token) == self.now + 30

    def _live(self, lock: Lock) -> bool:
        until = lock.hold.until if lock.hold else lock.until
        return lock.token not in self.settled and until > self.now and not (lock.hold and lock.hold.lost)

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        self.now += seconds

    # ---- what always holds

    @invariant()
    def every_message_is_in_exactly_one_place(self) -> None:
        counts, stats = self.queue.counts(), self.queue.stats
        below = self.queue.dead_letters.counts()
        inside = counts["active"] + counts["locked"] + counts["scheduled"]
        assert stats.enqueued + stats.duplicates == (
            inside + stats.completed + stats.dead_lettered + stats.expired + stats.cancelled
        )
        assert stats.dead_lettered == counts["dead_letter"] + self.queue.dead_letters.stats.completed
        assert counts["dead_letter"] == below["active"] + below["locked"]
        assert min(*asdict(stats).values(), *counts.values(), *below.values()) >= 0

    @invariant()
    def no_message_is_in_two_places_or_counted_beyond_its_limit(self) -> None:
        inside, below = self.queue.peek(1, 10_000), self.queue.dead_letters.peek(1, 10_000)
        numbers = [entry.sequence for entry in [*inside, *below]]
        assert len(numbers) == len(set(numbers))
        assert all(entry.delivery_count < MOST for entry in inside)

    @invariant()
    def every_delivery_ended_or_is_under_way(self) -> None:
        stats, locked = self.queue.stats, self.queue.counts()["locked"]
        assert stats.deliveries >= stats.completed + stats.abandoned + stats.lock_lost + locked

    @invariant()
    def what_is_active_can_be_received(self) -> None:
        """The lanes hold exactly the active messages, once each."""
        waiting = [
            number
            for lane in self.queue._lanes._lanes.values()
            for number in lane._waiting
            if number in self.queue._entries
        ]
        assert len(waiting) == len(set(waiting)) == self.queue.counts()["active"]


TestConservation = Conservation.TestCase
TestConservation.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


class Forgetful(Queue):
    """Wrong on purpose: loses what it should put back."""

    def release(self, token: UUID) -> None:
        del self._entries[self._unlock(token).sequence]


class Doubling(Queue):
    """Wrong on purpose: an abandoned message is receivable twice."""

    def abandon(self, token: UUID) -> None:
        entry = self._locks[token].entry
        super().abandon(token)
        self._put(entry)


@pytest.mark.parametrize(
    ("wrong", "settle", "check"),
    [
        (Forgetful, "release", Conservation.every_message_is_in_exactly_one_place),
        (Doubling, "abandon", Conservation.what_is_active_can_be_received),
    ],
)
def test_the_invariants_fail_for_a_wrong_queue(
    wrong: type[Queue], settle: str, check: Callable[[Conservation], None]
) -> None:
    machine = Conservation()
    machine.begin(sessions=False, lives=None, buries=False)
    machine.queue = wrong(machine.queue.settings, lambda: machine.now)
    machine.queue.enqueue(object())
    lock = machine.queue.receive()
    assert lock is not None
    getattr(machine.queue, settle)(lock.token)
    with pytest.raises(AssertionError):
        check(machine)
