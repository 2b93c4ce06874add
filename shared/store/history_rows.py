"""The timeline's rows: `history|<time>|<id>`; a step that comes to the same again counts up its last row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.ports.own import History
from shared.store.columns import columns, moment, needed_time, number, read, short, text, time
from shared.store.keys import join
from shared.store.tables import Operation, Row, Upsert

HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Told:
    """The last row that a step wrote in the timeline; the step's own row remembers it."""

    row: str
    at: datetime
    digest: str
    count: int


def history_operations(
    lines: Iterable[History], told: Mapping[str, Told], new_id: Callable[[], str]
) -> tuple[tuple[Operation, ...], dict[str, Told]]:
    """The rows to write, and what each step has told last after that. One row is written once per transaction."""
    last = dict(told)
    operations: dict[str, Operation] = {}
    for line in lines:
        last[line.step] = _next(line, last.get(line.step), new_id)
        now = last[line.step]
        seen = line.last if now.count == line.count else line.at
        counted = replace(line, at=now.at, count=now.count, last=seen)
        operations[now.row] = Upsert(now.row, _columns(counted))
    return tuple(operations.values()), last


def _next(line: History, before: Told | None, new_id: Callable[[], str]) -> Told:
    digest = hashlib.sha256(line.text.encode()).hexdigest()[:16]
    if before is not None and before.digest == digest:
        return replace(before, count=before.count + line.count)
    row = join(HISTORY, moment(line.at), new_id())
    return Told(row, line.at, digest, line.count)


def _columns(line: History) -> dict[str, str | int | bool | bytes]:
    return columns(
        at=line.at,
        step=line.step,
        attempt=line.attempt,
        text=short(line.text),
        reference=line.reference,
        count=line.count,
        last=line.last,
    )


def history_of(row: Row) -> History:
    values = read(row)
    return History(
        at=needed_time(values, "at"),
        step=text(values, "step"),
        attempt=number(values, "attempt"),
        text=text(values, "text"),
        reference=text(values, "reference"),
        count=number(values, "count", 1),
        last=time(values, "last"),
    )
