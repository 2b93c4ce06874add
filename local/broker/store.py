"""The messages of a queue: numbered, scheduled, expiring, dead-lettered. Who receives them is `entities.py`'s part."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from local.broker.agenda import Agenda, Deadline, Item
from local.broker.lanes import Entry, Lane, Lanes
from local.broker.terms import NotFound, Settings, Stats


class Store:
    """Every method first lets happen what is due by `clock` (seconds). `duplicating` turns each message into two."""

    def __init__(self, settings: Settings, clock: Callable[[], float], dead_letters: Store | None) -> None:
        self.settings = settings
        self.stats = Stats()
        self.duplicating = False
        self._dead_letters = dead_letters  # None: this is one
        self._clock = clock
        self._numbers = itertools.count(1)
        self._entries: dict[int, Entry] = {}
        self._scheduled = 0
        self._locked = 0
        self._lanes = Lanes(sessions=settings.requires_session)
        self._agenda = Agenda(self._holds)

    @property
    def size(self) -> int:
        return len(self._entries)

    def enqueue(
        self, content: Any, *, session: str | None = None, lives: float | None = None, at: float | None = None
    ) -> int:
        """Its sequence number; a scheduled message gets another one when its time comes, as in Azure."""
        now = self.catch_up()
        limits = [one for one in (lives, self.settings.lives) if one is not None]
        entry = Entry(next(self._numbers), content, session, now, min(limits, default=None))
        self.stats.enqueued += 1
        self._entries[entry.sequence] = entry
        if at is None or at <= now:
            self._activate(entry, now)
        else:
            entry.scheduled = at
            self._scheduled += 1
            self._agenda.add(at, Deadline.SCHEDULED, entry.sequence)
        return entry.sequence

    def cancel(self, sequence: int) -> None:
        """Raises NotFound unless the message is scheduled."""
        self.catch_up()
        entry = self._entries.get(sequence)
        if entry is None or entry.scheduled is None:
            raise NotFound(f"no message is scheduled under {sequence}")
        del self._entries[sequence]
        self._scheduled -= 1
        self.stats.cancelled += 1

    def peek(self, start: int, count: int, session: str | None = None) -> Sequence[Entry]:
        """Up to `count` messages numbered from `start` on, of every state, in order. Nothing is locked."""
        self.catch_up()
        numbers = (
            number
            for number, entry in self._entries.items()
            if number >= start and (session is None or entry.session == session)
        )
        return [self._entries[number] for number in heapq.nsmallest(count, numbers)]

    def counts(self) -> dict[str, int]:
        """How many messages are active, locked, scheduled, and dead-lettered (in whatever state there)."""
        self.catch_up()
        return {
            "active": len(self._entries) - self._locked - self._scheduled,
            "locked": self._locked,
            "scheduled": self._scheduled,
            "dead_letter": self._dead_letters.size if self._dead_letters is not None else 0,
        }

    def take_stirred(self) -> Sequence[Lane]:
        """The lanes that may have something to receive which they had not when last asked."""
        return self._lanes.take_stirred()

    # ---- what happens to a message

    def _activate(self, entry: Entry, now: float) -> None:
        entry.enqueued = now
        entry.expires = None if entry.lives is None else now + entry.lives
        self._put(entry)
        if self.duplicating:
            twin = replace(entry, sequence=next(self._numbers))
            self._entries[twin.sequence] = twin
            self.stats.duplicates += 1
            self._put(twin)

    def _put(self, entry: Entry) -> None:
        """Ready to be received, in its place."""
        if entry.expires is not None:
            self._agenda.add(entry.expires, Deadline.EXPIRY, entry.sequence)
        lane = self._lanes.of(entry.session)
        lane.put(entry.sequence)
        self._lanes.stir(lane)

    def _bury(self, entry: Entry, reason: str | None, description: str | None) -> None:
        """Into the dead-letter queue, where it keeps its sequence number."""
        assert self._dead_letters is not None
        del self._entries[entry.sequence]
        self.stats.dead_lettered += 1
        entry.reason, entry.description, entry.expires = reason, description, None
        self._dead_letters.take_over(entry)

    def take_over(self, entry: Entry) -> None:
        """A message that its queue dead-lettered."""
        self.stats.enqueued += 1
        self._entries[entry.sequence] = entry
        self._put(entry)

    # ---- time

    def catch_up(self) -> float:
        """Let happen what is due; the time."""
        now = self._clock()
        while item := self._agenda.pop_due(now):
            self._happen(item)
        return now

    def next_time(self) -> float | None:
        """When something will happen by itself."""
        return self._agenda.next_time()

    def _holds(self, item: Item) -> bool:
        when, deadline, key = item
        entry = self._entries.get(key)
        if deadline is Deadline.SCHEDULED:
            return entry is not None and entry.scheduled == when
        return entry is not None and not entry.locked  # a locked message expires when it is put back

    def _happen(self, item: Item) -> None:
        when, deadline, key = item
        if deadline is Deadline.SCHEDULED:
            self._due(self._entries.pop(key), when)
        else:
            self._expire(self._entries[key])

    def _due(self, entry: Entry, when: float) -> None:
        entry.scheduled, entry.sequence = None, next(self._numbers)
        self._scheduled -= 1
        self._entries[entry.sequence] = entry
        self._activate(entry, when)

    def _expire(self, entry: Entry) -> None:
        if self.settings.dead_letters_expired:
            self._bury(entry, "TTLExpiredException", "The message expired and was dead-lettered.")
        else:
            del self._entries[entry.sequence]
            self.stats.expired += 1
