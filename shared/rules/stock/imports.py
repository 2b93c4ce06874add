"""Imports beside one another: what may be sent while one runs, and what must be sent again after two ran at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain, combinations
from typing import Literal

from shared.model.stock_imports import SentImport, StockLine

DECREASES_WAIT = timedelta(minutes=10)

MaySend = Literal["everything", "decreases", "nothing"]


def may_send(imports: Iterable[SentImport], *, now: datetime) -> MaySend:
    """While an import runs nothing is sent; after ten minutes it is given up, and a second file takes the decreases
    alone.
    """
    running = [one.sent for one in imports if one.reported is None]
    if not running:
        return "everything"
    return "decreases" if now - max(running) >= DECREASES_WAIT else "nothing"


def push_again(imports: Sequence[SentImport]) -> frozenset[str]:
    """SKUs of two imports that were unfinished at the same time and are both reported now: which of them came last
    is anybody's guess. The caller forgets imports whose SKUs were sent once more.
    """
    doubled: set[str] = set()
    for one, other in combinations(imports, 2):
        if one.reported is not None and other.reported is not None and _at_once(one, other):
            doubled |= _skus(one) & _skus(other)
    return frozenset(doubled)


def unlike(
    lines: Sequence[StockLine], *, earlier: Collection[Sequence[StockLine]], spare: Iterable[Sequence[StockLine]]
) -> tuple[StockLine, ...] | None:
    """The same numbers as a file that was not sent before: Mirakl does nothing with a file that it knows.

    Turned round, or with all the lines of another offer (`spare`, as Mirakl must show it); None where nothing helps.
    """
    sent = {tuple(file) for file in earlier}
    candidates = chain((tuple(lines), tuple(reversed(lines))), ((*lines, *more) for more in spare))
    return next((file for file in candidates if file not in sent), None)


def _at_once(one: SentImport, other: SentImport) -> bool:
    first, second = sorted((one, other), key=lambda each: each.sent)
    return first.reported is None or second.sent < first.reported


def _skus(one: SentImport) -> set[str]:
    return {line.sku for line in one.lines}
