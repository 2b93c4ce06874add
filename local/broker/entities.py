"""A queue as Service Bus means it: its messages (`store.py`) received under locks and in sessions. No AMQP in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from local.broker.agenda import Deadline, Item
from local.broker.lanes import Entry, Hold, Lane, Lock
from local.broker.store import Store
from local.broker.terms import LockLost, Refused, SessionHeld, SessionLost, Settings


class Queue(Store):
    """One entity with its dead-letter queue. Not for several threads.

    Whoever serves receivers reads after each call which lanes have something new (`take_stirred`) and which sessions
    were lost (`take_lost`), here and in `dead_letters`. A dead-letter queue has `source`, and no `dead_letters`.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float], *, source: Queue | None = None) -> None:
        self.source = source
        self._below = None if source else Queue(settings.of_dead_letters(), clock, source=self)
        super().__init__(settings, clock, self._below)
        self._locks: dict[UUID, Lock] = {}
        self._lost: list[Hold] = []

    @property
    def dead_letters(self) -> Queue:
        assert self._below is not None, "a dead-letter queue has none of its own"
        return self._below

    # ---- receiving and settling

    def receive(self, hold: Hold | None = None) -> Lock | None:
        """Lock the next message of the held session, or of a queue without sessions; None when there is none."""
        now = self.catch_up()
        if hold is not None and hold.lost:
            return None
        sequence = (hold.lane if hold else self._lanes.of(None)).take(self._entries)
        if sequence is None:
            return None
        self.stats.deliveries += 1
        return self._grant(self._entries[sequence], hold, now)

    def complete(self, token: UUID) -> None:
        """Raises LockLost or SessionLost, as all of the following do."""
        entry = self._unlock(token)
        del self._entries[entry.sequence]
        self.stats.completed += 1

    def abandon(self, token: UUID) -> None:
        """Back into its place, the delivery counted."""
        entry = self._unlock(token)
        self.stats.abandoned += 1
        self._failed(entry)

    def release(self, token: UUID) -> None:
        """Back into its place as if it had not been delivered."""
        self._put(self._unlock(token))

    def dead_letter(self, token: UUID, reason: str | None, description: str | None) -> None:
        """Raises Refused on a dead-letter queue."""
        if self.source:
            raise Refused("a message in a dead-letter queue cannot be dead-lettered again")
        self._bury(self._unlock(token), reason, description)

    def renew(self, token: UUID) -> float:
        """Until when the message is locked now."""
        now = self.catch_up()
        lock = self._lock(token)
        lock.until = now + self.settings.lock_seconds
        self._agenda.add(lock.until, Deadline.LOCK, token)
        return lock.until

    def _grant(self, entry: Entry, hold: Hold | None, now: float) -> Lock:
        lock = Lock(uuid4(), entry, hold.until if hold else now + self.settings.lock_seconds, hold)
        entry.locked = True
        self._locked += 1
        self._locks[lock.token] = lock
        if hold:
            hold.locks[lock.token] = lock
        else:
            self._agenda.add(lock.until, Deadline.LOCK, lock.token)
        return lock

    def _lock(self, token: UUID) -> Lock:
        if token in self._locks:
            return self._locks[token]
        if self.settings.requires_session:
            raise SessionLost("the session's lock has expired, or the message is settled already")
        raise LockLost("the message's lock has expired, or the message is settled already")

    def _unlock(self, token: UUID) -> Entry:
        self.catch_up()
        return self._let_go(self._lock(token))

    def _let_go(self, lock: Lock) -> Entry:
        del self._locks[lock.token]
        if lock.hold:
            del lock.hold.locks[lock.token]
        lock.entry.locked = False
        self._locked -= 1
        return lock.entry

    def _failed(self, entry: Entry) -> None:
        entry.delivery_count += 1
        most = self.settings.max_delivery_count
        if most is not None and entry.delivery_count >= most:
            self._bury(entry, "MaxDeliveryCountExceeded", f"The message was delivered {most} times and not settled.")
        else:
            self._put(entry)

    # ---- sessions

    def accept(self, session: str | None, holder: Any) -> Hold | None:
        """Lock a session for `holder`; None as `session` means the one that waits longest, if there is one.

        Raises SessionHeld if the session named is locked.
        """
        now = self.catch_up()
        lane = self._lanes.next_available(self._entries) if session is None else self._lanes.of(session)
        if lane is None:
            return None
        if lane.hold:
            raise SessionHeld(f"session {session!r} is locked by another receiver")
        lane.hold = Hold(lane, holder, now + self.settings.lock_seconds)
        self._agenda.add(lane.hold.until, Deadline.SESSION, lane.session)
        return lane.hold

    def renew_session(self, hold: Hold) -> float:
        """Until when the session is locked now. Raises SessionLost."""
        now = self.catch_up()
        if hold.lost:
            raise SessionLost("the session's lock has expired")
        hold.until = now + self.settings.lock_seconds
        self._agenda.add(hold.until, Deadline.SESSION, hold.lane.session)
        return hold.until

    def free(self, hold: Hold) -> None:
        """Its receiver is gone: the session is available, its messages are back and no delivery is counted."""
        self.catch_up()
        if not hold.lost:
            for entry in self._end(hold):
                self._put(entry)

    def hold_of(self, session: str) -> Hold | None:
        self.catch_up()
        return self._lanes.of(session).hold

    def take_lost(self) -> Sequence[Hold]:
        """The sessions whose locks expired since last asked."""
        lost, self._lost = self._lost, []
        return lost

    def _end(self, hold: Hold) -> Sequence[Entry]:
        """Nobody holds the session any more; the messages that were locked under it, unlocked."""
        hold.lost, hold.lane.hold = True, None
        entries = [self._let_go(lock) for lock in list(hold.locks.values())]
        self._lanes.stir(hold.lane)
        return entries

    # ---- time

    def _holds(self, item: Item) -> bool:
        when, deadline, key = item
        if deadline is Deadline.LOCK:
            return key in self._locks and self._locks[key].until == when
        if deadline is Deadline.SESSION:
            hold = self._lanes.of(key).hold
            return hold is not None and hold.until == when
        return super()._holds(item)

    def _happen(self, item: Item) -> None:
        _, deadline, key = item
        if deadline is Deadline.LOCK:
            self.stats.lock_lost += 1
            self._failed(self._let_go(self._locks[key]))
        elif deadline is Deadline.SESSION:
            self._lose(self._lanes.of(key))
        else:
            super()._happen(item)

    def _lose(self, lane: Lane) -> None:
        """The session's lock expired: each message received under it counts as delivered in vain."""
        assert lane.hold is not None
        self._lost.append(lane.hold)
        for entry in self._end(lane.hold):
            self.stats.lock_lost += 1
            self._failed(entry)
