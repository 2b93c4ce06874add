"""The row by which an open order is found comes back as it was put."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shared.model.keys import OrderKey
from shared.ports.own import OpenWork
from shared.store.open_work import TableWorkList
from tests.builders import NOW
from tests.fakes.memory_tables import MemoryTables


@pytest.mark.parametrize("since", [None, NOW - timedelta(days=3, microseconds=7)])
async def test_a_row_comes_back_as_it_was_put(since: datetime | None) -> None:
    work = TableWorkList(MemoryTables())
    row = OpenWork(OrderKey("north-de", "A"), "change_order", NOW, mark="erp", reference="P-1", lines=2, since=since)
    await work.put([row])
    assert await work.marked("north-de", "erp", 10) == [row]
