"""The truth about every order: its partition, read in one query and changed in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from shared.errors import Conflict
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.steps import Step
from shared.ports.own import Change, Clock, History, OrderRecord
from shared.store.changes import Fitted, fit
from shared.store.exception_rows import EXCEPTION, exception_row, standing_exception
from shared.store.exceptions import TableExceptions
from shared.store.history_rows import HISTORY, history_of
from shared.store.keys import join, under
from shared.store.lookup import TableLookup
from shared.store.open_work import TableWorkList
from shared.store.shipment_rows import SHIPMENT, shipments_of
from shared.store.snapshots import FACTS, snapshot_of
from shared.store.step_rows import STEP, step_of
from shared.store.tables import Range, Row, Tables

TABLE = "orders"
_HISTORY = under(HISTORY)
_ALL_BUT_HISTORY = (Range("", _HISTORY.start), Range(_HISTORY.end, ""))


def _random_id() -> str:
    return uuid.uuid4().hex


class TableProgress:
    """The port `Progress`. Requests: `load` 1; `commit` 1, and 1 more for each pointer written or removed."""

    def __init__(self, tables: Tables, clock: Clock, *, new_id: Callable[[], str] = _random_id) -> None:
        self._tables = tables
        self._new_id = new_id
        self._work = TableWorkList(tables)
        self._index = TableExceptions(tables, clock)
        self._lookup = TableLookup(tables)

    async def load(self, key: OrderKey) -> OrderRecord:
        rows = await self._tables.query(TABLE, _partition(key), ranges=_ALL_BUT_HISTORY)
        return _record(key, rows)

    async def commit(self, key: OrderKey, change: Change) -> Sequence[Step]:
        """Pointers, then the truth, then removals: a death in between leaves a pointer too many, never one too few.

        The first transaction is everything but the closings of exceptions that do not fit it any more; those follow
        in transactions of their own, so that a death in between leaves exceptions open that are over. What a conflict
        keeps from being opened leaves the index again: people would look for it, and nobody would ever close it.
        """
        fitted = fit(change, self._new_id)
        new = await self._point(key, change, fitted)
        versions: list[str | None] = []
        try:
            for operations in fitted.transactions:
                versions += await self._tables.commit(TABLE, _partition(key), operations)
        except Conflict:
            await self._take_back(key, new)
            raise
        await self._unpoint(key, change)
        return fitted.recorded(change.steps, versions)

    async def history(self, key: OrderKey) -> Sequence[History]:
        rows = await self._tables.query(TABLE, _partition(key), ranges=[_HISTORY])
        return [history_of(row) for row in rows]

    async def _point(self, key: OrderKey, change: Change, fitted: Fitted) -> Sequence[tuple[OpenException, str]]:
        """The exceptions that are new in the index, with their rows' versions."""
        if change.open_work is not None:
            await self._work.put([change.open_work])
        for kind, value in change.lookup:
            await self._lookup.file(kind, value, key)
        put = [(exception, await self._index.put(exception)) for exception in fitted.opened]
        return [(exception, version) for exception, version in put if version is not None]

    async def _take_back(self, key: OrderKey, new: Sequence[tuple[OpenException, str]]) -> None:
        """Read first: a conflict may be about our own success."""
        if not new:
            return
        stand = {exception_row(one) for one in (await self.load(key)).exceptions}
        for exception, version in new:
            if exception_row(exception) not in stand:
                await self._index.take_back(exception, version)

    async def _unpoint(self, key: OrderKey, change: Change) -> None:
        for exception in change.closed:
            await self._index.close(exception)
        if change.remove_open_work:
            await self._work.remove([key])


def _partition(key: OrderKey) -> str:
    return join(key.shop, key.order)


def _record(key: OrderKey, rows: Sequence[Row]) -> OrderRecord:
    named = {row.row: row for row in rows}
    steps = [step_of(row) for row in rows if row.row.startswith(under(STEP).start)]
    return OrderRecord(
        key=key,
        snapshot=snapshot_of(named),
        snapshot_version=named[FACTS].version if FACTS in named else None,
        steps={step.name: step for step in steps},
        exceptions=tuple(standing_exception(row) for row in rows if row.row.startswith(under(EXCEPTION).start)),
        shipments=shipments_of(row for row in rows if row.row.startswith(under(SHIPMENT).start)),
    )
