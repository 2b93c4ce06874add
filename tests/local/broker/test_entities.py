"""A queue's rules, with a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from local.broker.entities import Queue
from local.broker.lanes import Hold, Lock
from local.broker.terms import LockLost, NotFound, Refused, SessionHeld, SessionLost, Settings

PLAIN = Settings("plain", lock_seconds=30, max_delivery_count=3)
SESSIONS = replace(PLAIN, name="sessions", requires_session=True)


class Now:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def make(settings: Settings = PLAIN) -> tuple[Queue, Now]:
    now = Now()
    return Queue(settings, now), now


def taken(queue: Queue, hold: Hold | None = None) -> Lock:
    lock = queue.receive(hold)
    assert lock is not None
    return lock


def accepted(queue: Queue, session: str | None, holder: object = None) -> Hold:
    hold = queue.accept(session, holder)
    assert hold is not None
    return hold


def rest(queue: Queue, hold: Hold | None = None) -> list[tuple[str, int]]:
    """What is left to receive, with its delivery counts, completed on the way."""
    found = []
    while lock := queue.receive(hold):
        found.append((lock.entry.content, lock.entry.delivery_count))
        queue.complete(lock.token)
    return found


def counts(queue: Queue) -> dict[str, int]:
    return {what: count for what, count in queue.counts().items() if count}


# ---- locks


def test_messages_come_in_order_and_a_completed_one_is_gone() -> None:
    queue, _ = make()
    for content in "abc":
        queue.enqueue(content)
    assert rest(queue) == [("a", 0), ("b", 0), ("c", 0)]
    assert counts(queue) == {}
    assert (queue.stats.enqueued, queue.stats.completed, queue.stats.deliveries) == (3, 3, 3)


def test_an_abandoned_message_returns_to_its_place() -> None:
    queue, _ = make()
    for content in "abc":
        queue.enqueue(content)
    first, second = taken(queue), taken(queue)
    queue.abandon(second.token)
    queue.abandon(first.token)
    assert rest(queue) == [("a", 1), ("b", 1), ("c", 0)]


def test_a_released_message_returns_uncounted() -> None:
    queue, _ = make()
    queue.enqueue("a")
    queue.release(taken(queue).token)
    assert rest(queue) == [("a", 0)]


def test_an_expired_lock_counts_and_refuses_its_holder() -> None:
    queue, now = make()
    for content in "ab":
        queue.enqueue(content)
    first = taken(queue)
    now.seconds += 30
    with pytest.raises(LockLost):
        queue.complete(first.token)
    assert queue.stats.lock_lost == 1
    assert rest(queue) == [("a", 1), ("b", 0)]


@pytest.mark.parametrize("settle", ["complete", "abandon", "release", "renew"])
def test_nothing_can_be_done_without_the_lock(settle: str) -> None:
    queue, _ = make()
    queue.enqueue("a")
    lock = taken(queue)
    queue.complete(lock.token)
    for token in (lock.token, UUID(int=1)):
        with pytest.raises(LockLost):
            getattr(queue, settle)(token)
        with pytest.raises(LockLost):
            queue.dead_letter(token, "reason", None)


def test_a_renewed_lock_lasts_from_the_renewal_on() -> None:
    queue, now = make()
    queue.enqueue("a")
    lock = taken(queue)
    now.seconds += 29
    assert queue.renew(lock.token) == now.seconds + 30
    now.seconds += 29
    assert counts(queue) == {"locked": 1}
    now.seconds += 1
    assert counts(queue) == {"active": 1}


@pytest.mark.parametrize("fail", ["abandon", "expire"])
def test_too_many_deliveries_end_in_the_dead_letter_queue(fail: str) -> None:
    queue, now = make()
    queue.enqueue("a")
    for _ in range(3):
        lock = taken(queue)
        if fail == "abandon":
            queue.abandon(lock.token)
        else:
            now.seconds += 31
    assert queue.receive() is None
    dead = taken(queue.dead_letters).entry
    assert (dead.content, dead.delivery_count, dead.reason) == ("a", 3, "MaxDeliveryCountExceeded")


def test_a_dead_letter_keeps_its_number_and_its_reason_and_never_leaves_by_itself() -> None:
    queue, now = make(replace(PLAIN, lives=60))
    number = queue.enqueue("a")
    queue.dead_letter(taken(queue).token, "Bad", "why")
    for _ in range(20):
        now.seconds += 3600
        lock = taken(queue.dead_letters)
        queue.dead_letters.abandon(lock.token)
    assert (lock.entry.sequence, lock.entry.reason, lock.entry.description) == (number, "Bad", "why")
    assert counts(queue) == {"dead_letter": 1}
    with pytest.raises(Refused):
        queue.dead_letters.dead_letter(taken(queue.dead_letters).token, "again", None)


# ---- time


def test_a_scheduled_message_is_numbered_when_its_time_comes() -> None:
    queue, now = make()
    early = queue.enqueue("scheduled", at=now.seconds + 10)
    queue.enqueue("a")
    assert counts(queue) == {"active": 1, "scheduled": 1}
    assert queue.next_time() == now.seconds + 10
    now.seconds += 10
    queue.enqueue("b")
    first, second, third = taken(queue), taken(queue), taken(queue)
    assert [lock.entry.content for lock in (first, second, third)] == ["a", "scheduled", "b"]
    assert second.entry.sequence > early
    assert second.entry.enqueued == now.seconds


def test_a_schedule_in_the_past_is_now() -> None:
    queue, now = make()
    queue.enqueue("a", at=now.seconds - 5)
    assert counts(queue) == {"active": 1}


def test_only_what_is_scheduled_can_be_cancelled() -> None:
    queue, now = make()
    active, scheduled = queue.enqueue("a"), queue.enqueue("b", at=now.seconds + 10)
    queue.cancel(scheduled)
    for number in (active, scheduled, 99):
        with pytest.raises(NotFound):
            queue.cancel(number)
    now.seconds += 20
    assert rest(queue) == [("a", 0)]
    assert queue.stats.cancelled == 1


@pytest.mark.parametrize(
    ("queue_lives", "message_lives", "after"),
    [(60.0, None, 60), (60.0, 10.0, 10), (60.0, 90.0, 60), (None, 10.0, 10)],
    ids=["the queue's", "the message's shorter", "the message's longer", "no limit of the queue's"],
)
@pytest.mark.parametrize("buries", [True, False])
def test_a_message_expires(queue_lives: float | None, message_lives: float | None, after: int, buries: bool) -> None:
    queue, now = make(replace(PLAIN, lives=queue_lives, dead_letters_expired=buries))
    queue.enqueue("a", lives=message_lives)
    now.seconds += after - 1
    assert counts(queue) == {"active": 1}
    now.seconds += 1
    assert queue.receive() is None
    assert counts(queue) == ({"dead_letter": 1} if buries else {})
    assert queue.stats.expired == (0 if buries else 1)


def test_a_locked_message_expires_only_when_it_is_put_back() -> None:
    queue, now = make(replace(PLAIN, lives=10))
    queue.enqueue("a")
    queue.enqueue("b")
    kept, lost = taken(queue), taken(queue)
    now.seconds += 20
    queue.complete(kept.token)
    queue.abandon(lost.token)
    assert queue.receive() is None
    assert (queue.stats.completed, queue.stats.expired) == (1, 1)


def test_a_scheduled_message_lives_from_its_time_on() -> None:
    queue, now = make(replace(PLAIN, lives=10))
    queue.enqueue("a", at=now.seconds + 100)
    now.seconds += 109
    assert counts(queue) == {"active": 1}
    now.seconds += 1
    assert counts(queue) == {}


def test_nothing_due_means_no_time_to_wake_at() -> None:
    queue, _ = make()
    queue.enqueue("a")
    lock = taken(queue)
    assert queue.next_time() == lock.until
    queue.complete(lock.token)
    assert queue.next_time() is None


# ---- sessions


def test_a_session_is_received_in_order_by_its_holder_alone() -> None:
    queue, _ = make(SESSIONS)
    for content in ("a0", "b0", "a1"):
        queue.enqueue(content, session=content[0])
    first = accepted(queue, "a")
    with pytest.raises(SessionHeld):
        queue.accept("a", None)
    assert rest(queue, first) == [("a0", 0), ("a1", 0)]
    assert rest(queue, accepted(queue, "b")) == [("b0", 0)]


def test_the_next_session_is_the_one_that_waits_longest() -> None:
    queue, _ = make(SESSIONS)
    for session in "abc":
        queue.enqueue(session, session=session)
    first = accepted(queue, None)
    assert first.lane.session == "a"
    queue.free(first)  # what it did not complete waits again, behind the others
    assert [accepted(queue, None).lane.session for _ in range(3)] == ["b", "c", "a"]
    assert queue.accept(None, None) is None


def test_an_expired_session_loses_all_its_messages_and_can_be_accepted_again() -> None:
    queue, now = make(SESSIONS)
    for content in "012":
        queue.enqueue(content, session="s")
    old = accepted(queue, None, "old")
    zero, one = taken(queue, old), taken(queue, old)
    now.seconds += 30
    for token in (zero.token, one.token):
        with pytest.raises(SessionLost):
            queue.complete(token)
    with pytest.raises(SessionLost):
        queue.renew_session(old)
    assert queue.receive(old) is None
    assert queue.take_lost() == [old]
    assert rest(queue, accepted(queue, None, "new")) == [("0", 1), ("1", 1), ("2", 0)]
    assert queue.stats.lock_lost == 2


def test_a_session_lock_expiring_too_often_dead_letters() -> None:
    queue, now = make(SESSIONS)
    queue.enqueue("a", session="s")
    for _ in range(3):
        taken(queue, accepted(queue, None))
        now.seconds += 31
    assert queue.accept(None, None) is None
    assert counts(queue) == {"dead_letter": 1}
    assert rest(queue.dead_letters) == [("a", 3)]


def test_a_freed_session_returns_its_messages_uncounted_and_refuses_its_old_holder() -> None:
    queue, _ = make(SESSIONS)
    for content in "01":
        queue.enqueue(content, session="s")
    old = accepted(queue, "s")
    zero, one = taken(queue, old), taken(queue, old)
    queue.free(old)
    queue.free(old)
    for token in (zero.token, one.token):
        with pytest.raises(SessionLost):
            queue.abandon(token)
    assert rest(queue, accepted(queue, None)) == [("0", 0), ("1", 0)]
    assert queue.take_lost() == []


def test_a_renewed_session_lasts_with_all_its_messages() -> None:
    queue, now = make(SESSIONS)
    queue.enqueue("a", session="s")
    hold = accepted(queue, "s")
    lock = taken(queue, hold)
    for _ in range(3):
        now.seconds += 29
        assert queue.renew_session(hold) == now.seconds + 30
    queue.complete(lock.token)
    assert counts(queue) == {}


# ---- what whoever serves the receivers is told


def test_lanes_are_stirred_by_whatever_makes_a_message_receivable() -> None:
    queue, now = make()
    queue.enqueue("a")
    assert [lane.session for lane in queue.take_stirred()] == [None]
    assert queue.take_stirred() == []
    taken(queue)
    assert queue.take_stirred() == []
    now.seconds += 30
    queue.catch_up()
    assert len(queue.take_stirred()) == 1


def test_a_duplicated_message_is_two() -> None:
    queue, now = make()
    queue.duplicating = True
    queue.enqueue("a")
    queue.enqueue("later", at=now.seconds + 5)
    assert counts(queue) == {"active": 2, "scheduled": 1}
    now.seconds += 5
    numbers = {lock.entry.sequence for lock in iter(queue.receive, None)}
    assert len(numbers) == 4
    assert (queue.stats.enqueued, queue.stats.duplicates) == (2, 2)


def test_peeking_shows_every_state_in_order_and_changes_nothing() -> None:
    queue, now = make(SESSIONS)
    for content in ("a0", "b0", "a1"):
        queue.enqueue(content, session=content[0])
    queue.enqueue("a2", session="a", at=now.seconds + 10)
    taken(queue, accepted(queue, "a"))
    before = queue.counts()
    assert [entry.content for entry in queue.peek(1, 10)] == ["a0", "b0", "a1", "a2"]
    assert [entry.content for entry in queue.peek(2, 2)] == ["b0", "a1"]
    assert [entry.content for entry in queue.peek(1, 10, "a")] == ["a0", "a1", "a2"]
    assert queue.counts() == before


def test_deadlines_that_no_longer_hold_do_not_pile_up() -> None:
    queue, _ = make(replace(PLAIN, lives=3600))
    for _ in range(5000):
        queue.enqueue("a")
        queue.complete(taken(queue).token)
    assert len(queue._agenda) < 2000
