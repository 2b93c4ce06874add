"""One import of a file: its states, the errors of its lines, and who was told of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sandboxes.mirakl.csv_tables import Table
from sandboxes.mirakl.platform import NO_TIME
from sandboxes.mirakl.shops import Shop

ImportOperation = Literal["STO01", "OF01"]
Fate = Literal["fails", "sticks", "late"]


@dataclass(frozen=True, slots=True)
class Meddling:
    """What happens to an import beside its rules; `late` is how much longer it runs."""

    fate: Fate
    late: timedelta = NO_TIME


@dataclass(slots=True, kw_only=True)
class Import:
    """`table` is None where the file is none of its kind. `ends` is None while the import is stuck.

    `ended` is COMPLETE or FAILED, `ended_at` says since when. `errors` are reasons by line number; `effects` counts
    offers inserted, updated and deleted. `told_at` is when STO02 or OF02 first told the end, `report_read_at` when
    STO03 or OF03 first gave the report; `repeated` is when the same file came again.
    """

    id: str
    operation: ImportOperation
    shop: Shop
    mode: str
    table: Table | None
    created: datetime
    starts: datetime
    ends: datetime | None
    fails: bool = False
    ended: str = ""
    ended_at: datetime | None = None
    errors: dict[int, str] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)
    told_at: datetime | None = None
    report_read_at: datetime | None = None
    repeated: list[datetime] = field(default_factory=list)

    def status(self, now: datetime) -> str:
        return self.ended or ("WAITING" if now < self.starts else "RUNNING")

    @property
    def lines(self) -> int:
        return len(self.table.rows) if self.table else 0
