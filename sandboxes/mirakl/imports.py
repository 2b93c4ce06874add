"""Imports of files: received, queued, run, and reported when their time has come, each on its own.

Mirakl documents the states, and that a duplicate is answered with the import that is there (OF01; taken for STO01 as
well). How long an import takes, that several run side by side, that one stands as a whole when it ends, and for how
long a duplicate is known are settings of a platform or chosen.
"""

from __future__ import annotations

import heapq
import random
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.csv_tables import Table
from sandboxes.mirakl.file_import import Import, ImportOperation, Meddling
from sandboxes.mirakl.refusals import Refusal

FIRST_OFFER_IMPORT = 2001

Effect = Callable[[Import, datetime], None]
"""Carry a file out: change the offers, fill `errors` and `effects`."""


class Imports:
    """Every import ever received. `meddling` meets the next ones, in turn."""

    def __init__(self, chance: random.Random) -> None:
        self.meddling: list[Meddling] = []
        self._chance = chance
        self._known: dict[str, Import] = {}
        self._files: dict[tuple[str, str, str, str], Import] = {}
        self._agenda: list[tuple[datetime, int, str]] = []
        self._noted = 0
        self._offer_imports = FIRST_OFFER_IMPORT

    def receive(
        self, call: Call, operation: ImportOperation, table: Table | None, digest: str, mode: str = ""
    ) -> Import:
        """A new import, or the one of the same file, shop and mode while it is kept, however it ended."""
        key = (operation, call.shop.label, mode, digest)
        known = self._files.get(key)
        if known and call.now - known.created <= call.platform.imports_kept:
            known.repeated.append(call.now)
            return known
        one = Import(
            id=self._next_id(operation),
            operation=operation,
            shop=call.shop,
            mode=mode,
            table=table,
            created=call.now,
            starts=call.now + call.platform.import_queue,
            ends=call.now + call.platform.import_queue + call.platform.import_run,
        )
        self._known[one.id] = self._files[key] = one
        if self.meddling:
            self.meddle(one, self.meddling.pop(0))
        self._note(one)
        return one

    def meddle(self, one: Import, meddling: Meddling) -> None:
        """Raises ValueError where it has ended."""
        if one.ended:
            raise ValueError(f"import {one.id} has ended {one.ended}: name one that is waiting or running")
        if meddling.fate == "fails":
            one.fails = True
        elif meddling.fate == "sticks":
            one.ends = None
        elif one.ends is not None:
            one.ends += meddling.late
        self._note(one)

    def release(self, one: Import, now: datetime) -> None:
        """It ends now, stuck or not. Raises ValueError where it has ended."""
        if one.ended:
            raise ValueError(f"import {one.id} has ended {one.ended}: name one that is waiting or running")
        one.ends = now
        self._note(one)

    def named(self, import_id: str) -> Import:
        """Raises ValueError where there is none."""
        if import_id not in self._known:
            raise ValueError(f"there is no import {import_id!r}: name one as in the books")
        return self._known[import_id]

    def find(self, call: Call, operation: ImportOperation) -> Import:
        """The call's own; another shop's, or one that is kept no more, is not there (404)."""
        one = self._known.get(call.subject)
        if one is None or (one.operation, one.shop) != (operation, call.shop):
            raise Refusal(404, "Not Found")
        if call.now - one.created > call.platform.imports_kept:
            raise Refusal(404, "Not Found")
        return one

    def due(self) -> datetime | None:
        while self._agenda and not self._holds(self._agenda[0]):
            heapq.heappop(self._agenda)
        return self._agenda[0][0] if self._agenda else None

    def finish(self, at: datetime, effects: dict[ImportOperation, Effect]) -> None:
        """End what is due, each at its own time. A file that is none of its kind ends FAILED and changes nothing."""
        while (when := self.due()) is not None and when <= at:
            one = self._known[heapq.heappop(self._agenda)[2]]
            if one.table is not None and not one.fails:
                effects[one.operation](one, when)
            one.ended = "FAILED" if one.table is None or one.fails else "COMPLETE"
            one.ended_at = when

    def __iter__(self) -> Iterator[Import]:
        return iter(self._known.values())

    def _holds(self, note: tuple[datetime, int, str]) -> bool:
        one = self._known[note[2]]
        return not one.ended and one.ends == note[0]

    def _note(self, one: Import) -> None:
        if one.ends is not None:
            self._noted += 1
            heapq.heappush(self._agenda, (one.ends, self._noted, one.id))

    def _next_id(self, operation: ImportOperation) -> str:
        if operation == "STO01":
            return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))
        self._offer_imports += 1
        return str(self._offer_imports - 1)
