"""The index of exceptions: one partition of open ones, one per month of closed ones."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from shared.errors import Conflict
from shared.model.exception import OpenException
from shared.ports.own import Clock
from shared.store.columns import columns, moment
from shared.store.exception_rows import exception_columns, exception_of
from shared.store.keys import join, under
from shared.store.tables import Delete, Insert, Range, Tables, Upsert, Where

TABLE = "exceptions"
OPEN = "open"


class TableExceptions:
    """The port `Exceptions`, and the writes by which `Progress.commit` keeps it in step."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def open(self, *, owner: str = "", kind: str = "", limit: int = 1000) -> Sequence[OpenException]:
        ranges = (under(owner),) if owner else (Range(),)
        where = (Where("kind", "eq", kind),) if kind else ()
        rows = await self._tables.query(TABLE, OPEN, ranges=ranges, where=where, limit=limit)
        return [exception_of(row) for row in rows]

    async def forget(self, exception: OpenException) -> None:
        await self._tables.commit(TABLE, OPEN, [Delete(_row(exception))])

    async def put(self, exception: OpenException) -> str | None:
        """The row's version if it is new; None where one was there, which is another's."""
        row, values = _row(exception), exception_columns(exception)
        if exception.version is None:
            with contextlib.suppress(Conflict):
                [version] = await self._tables.commit(TABLE, OPEN, [Insert(row, values)])
                return version
        await self._tables.commit(TABLE, OPEN, [Upsert(row, values)])
        return None

    async def take_back(self, exception: OpenException, version: str) -> None:
        """Remove the row as we put it; where somebody has written it since, it is theirs."""
        with contextlib.suppress(Conflict):
            await self._tables.commit(TABLE, OPEN, [Delete(_row(exception), version)])

    async def close(self, exception: OpenException) -> None:
        """Move it to this month's closed ones; done twice is done once, because the row names when it was opened."""
        now = self._clock.now()
        values = exception_columns(exception) | columns(closed=now)
        row = join(*_identity(exception), moment(exception.opened))
        await self._tables.commit(TABLE, join("closed", f"{now:%Y-%m}"), [Upsert(row, values)])
        await self.forget(exception)


def _row(exception: OpenException) -> str:
    return join(*_identity(exception))


def _identity(exception: OpenException) -> tuple[str, ...]:
    key = exception.key
    return exception.owner, key.shop, key.order, exception.kind, exception.subject
