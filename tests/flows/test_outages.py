"""An outage's exception never outlives it, whoever counted at it while it was closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.errors import Conflict, Rejected, Unavailable
from shared.exceptions import opened
from shared.flows import outages
from shared.model.keys import ERP_SCOPE, scope_subject
from shared.ports.own import Change
from shared.store.exceptions import TableExceptions
from shared.store.pauses import TablePauses
from shared.store.progress import TableProgress
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables

DOWN = Unavailable("HTTP 503", scope=ERP_SCOPE)


async def test_a_count_that_met_the_closing_leaves_nothing_open_for_people() -> None:
    clock, tables = VirtualClock(), MemoryTables()
    progress, index, pauses = TableProgress(tables, clock), TableExceptions(tables, clock), TablePauses(tables, clock)
    await outages.begun(DOWN, pauses=pauses, progress=progress, now=clock.now())
    await pauses.standing([ERP_SCOPE])
    key = scope_subject(ERP_SCOPE)
    stood = (await progress.load(key)).exceptions
    await outages.over(ERP_SCOPE, pauses=pauses, progress=progress)
    again = opened(key, Rejected("outage", subject=ERP_SCOPE, reason="HTTP 503"), step="", now=clock.now(), stand=stood)
    with pytest.raises(Conflict):
        await progress.commit(key, Change(opened=(again,)))
    assert len(await index.open()) == 1

    clock.advance(outages.AGE + timedelta(minutes=1))
    await outages.left_behind(exceptions=index, pauses=pauses, progress=progress, now=clock.now())
    assert await index.open() == []
