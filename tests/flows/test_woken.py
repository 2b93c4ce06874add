"""An order that slept, with its row hours ahead, and that a message acts on all the same: whatever becomes of it is
found soon, also where the process dies.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.flows.open_work import LOOK_AGAIN, SLEEP, open_work
from shared.model.keys import OrderKey
from shared.model.steps import Step, StepName
from shared.ports.own import Change, OpenWork
from shared.store.open_work import TableWorkList
from tests.builders import NOW
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.shipping import FakeMirakl
from tests.flows import shipping_desk
from tests.flows.shipping_desk import slip
from tests.flows.test_create_order import ORDER, OUTSTANDING, Desk
from tests.simulation.mortal import Killed

REFUSED = replace(OUTSTANDING, state="exception", kind="dead_letter", due=None)


async def row(tables: MemoryTables, key: OrderKey) -> OpenWork | None:
    found = await TableWorkList(tables).due(key.shop, NOW + 10 * SLEEP, 10)
    return next((one for one in found if one.key == key), None)


async def asleep(tables: MemoryTables, key: OrderKey, step: Step) -> None:
    work = open_work(key, {step.name: step}, now=NOW)
    assert work is not None
    assert work.due == NOW + SLEEP
    await TableWorkList(tables).put([work])


def dying(tables: MemoryTables, at: int) -> None:
    """The `at`-th write, and every one behind it, meets a dead process."""
    beats = 0

    def meet(when: str, verb: str, table: str) -> None:
        nonlocal beats
        if verb == "commit" and (beats := beats + 1) >= at:
            raise Killed

    tables.interrupt = meet


@pytest.mark.parametrize("at", range(1, 9))
async def test_a_creation_is_found_soon_wherever_its_process_dies(at: int) -> None:
    desk = await Desk().prepared(REFUSED)
    await asleep(desk.tables, ORDER.key, REFUSED)
    dying(desk.tables, at)
    with suppress(Killed):
        await desk.create()
    desk.tables.interrupt = None
    moved, work = (await desk.step()).state != "exception", await row(desk.tables, ORDER.key)
    assert work is not None
    assert (work.due <= NOW + LOOK_AGAIN) or not moved


async def test_only_a_creation_that_slept_costs_a_write_more() -> None:
    costs = []
    for step in (OUTSTANDING, REFUSED):
        desk = await Desk().prepared(step)
        desk.tables.requests.clear()
        await desk.create()
        costs.append(sum(desk.tables.requests.values()))
    assert costs[1] == costs[0] + 1


@pytest.mark.parametrize("multi", [False, True])
async def test_a_shipment_told_after_an_exception_is_looked_at_soon(multi: bool) -> None:
    name: StepName = "confirm_shipment"
    refused = Step(name, "exception", kind="unexpected")
    desk = await shipping_desk.Desk(mirakl=FakeMirakl(multi=multi)).prepared(slip())
    key = shipping_desk.ORDER.key
    refused = replace(refused, version=(await desk.step()).version)
    await desk.progress.commit(key, Change(steps=(refused,)))
    await asleep(desk.tables, key, refused)
    await desk.one()
    work = await row(desk.tables, key)
    assert desk.mirakl.states[key.order] == "SHIPPED"
    assert work is not None
    assert work.due <= NOW + timedelta(hours=2)


async def test_two_at_once_wake_it_once_and_create_it_once() -> None:
    desk = await Desk().prepared(REFUSED)
    await asleep(desk.tables, ORDER.key, REFUSED)
    await asyncio.gather(desk.create(), desk.create())
    work = await row(desk.tables, ORDER.key)
    assert desk.erp.placed == 1
    assert work is not None
    assert work.due <= NOW + LOOK_AGAIN
