"""A person closes an exception: what stops a step cannot be closed, and a wait is left in peace for a day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows import close_exception
from shared.flows.close_exception import Ports, StillStuck
from shared.flows.watching.overdue import look
from shared.model.keys import OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.steps import Step
from shared.ports.own import Change, OpenWork
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from tests.builders import NOW, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables

SHOP = shop()
KEY = OrderKey(SHOP.id, "A-1")
DAY = timedelta(hours=24)
CONFIRM = Step("confirm_shipment", "waiting", due=NOW)


@dataclass
class Desk:
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.progress = TableProgress(self.tables, self.clock)

    async def order(self, step: Step, kind: str, *, told_by: str = "") -> Desk:
        reason = Rejected(kind, subject="order", reason="it stands")
        told = opened(KEY, reason, step=told_by or step.name, now=NOW)
        work = OpenWork(KEY, step.name, NOW)
        await self.progress.commit(KEY, Change(steps=(step,), opened=(told,), open_work=work))
        return self

    async def close(self, kind: str) -> list[str]:
        ports = Ports(self.progress, self.clock)
        return [one.kind for one in await close_exception.run(KEY, kind, who="someone", ports=ports)]

    async def raised_at(self, now: datetime) -> list[str]:
        change = look(await self.progress.load(KEY), shop=SHOP, shipping=ShippingPolicy(), now=now).change
        return [one.kind for one in change.opened] if change else []


LATE = [
    ("not_shipped", "confirm_shipment", "shipment"),
    ("tracking_late", "confirm_shipment", "tracking"),
    ("shipment_incomplete", "confirm_shipment", "rest"),
    ("shipment_refused", "confirm_shipment", "shipment shown"),
    ("waits_too_long", "create_order", "payment"),
]


@pytest.mark.parametrize(("kind", "name", "waits"), LATE, ids=[one[0] for one in LATE])
async def test_a_wait_goes_on_and_is_told_of_again_a_day_later(kind: str, name: Any, waits: str) -> None:
    desk = await Desk().order(replace(CONFIRM, name=name, waiting_for=waits), kind)
    assert await desk.raised_at(NOW) == []
    assert await desk.close(kind) == [kind]
    [step] = (await desk.progress.load(KEY)).steps.values()
    assert (step.state, step.waiting_for) == ("waiting", waits)
    assert await desk.raised_at(NOW + DAY - timedelta(minutes=1)) == []
    assert await desk.raised_at(NOW + DAY) == [kind]


async def test_a_wait_that_was_not_over_is_not_cut_short() -> None:
    far = NOW + 3 * DAY
    desk = await Desk().order(replace(CONFIRM, waiting_for="shipment", due=far), "not_shipped")
    await desk.close("not_shipped")
    assert (await desk.progress.load(KEY)).steps["confirm_shipment"].due == far


@pytest.mark.parametrize(
    ("kind", "told_by"),
    [
        ("shipment_corrected", "confirm_shipment"),
        ("shipped_after_cancellation", "confirm_shipment"),
        ("cancelled_in_erp", "change_order"),
        ("cancelled_after_creation", "change_order"),
    ],
)
async def test_what_only_tells_people_is_closed_and_leaves_its_step(kind: str, told_by: str) -> None:
    waits = replace(CONFIRM, waiting_for="shipment")
    desk = await Desk().order(waits, kind, told_by=told_by)
    assert await desk.close(kind) == [kind]
    record = await desk.progress.load(KEY)
    assert record.exceptions == ()
    assert replace(record.steps["confirm_shipment"], version=None) == waits
    assert "closed (someone)" in (await desk.progress.history(KEY))[-1].text


@pytest.mark.parametrize("kind", ["carrier_unmapped", "carrier_not_accepted", "tracking_refused", "shipment_refused"])
async def test_what_a_shipment_stopped_at_cannot_be_closed(kind: str) -> None:
    desk = await Desk().order(replace(CONFIRM, state="exception", kind=kind, due=None), kind)
    with pytest.raises(StillStuck):
        await desk.close(kind)
    assert len((await desk.progress.load(KEY)).exceptions) == 1


async def test_totals_that_are_given_up_end_the_order() -> None:
    totals = Step("compare_totals", "waiting", waiting_for="totals", due=NOW, reference="NO-A-1")
    desk = await Desk().order(totals, "totals_late")
    await desk.close("totals_late")
    assert (await desk.progress.load(KEY)).steps["compare_totals"].state == "not_needed"
    assert await TableWorkList(desk.tables).due(SHOP.id, NOW + DAY, 10) == []


async def test_an_exception_that_does_not_stand_closes_nothing() -> None:
    desk = await Desk().order(replace(CONFIRM, waiting_for="shipment"), "not_shipped")
    assert await desk.close("tracking_late") == []
    assert len((await desk.progress.load(KEY)).exceptions) == 1


async def test_a_shipment_of_no_order_on_record_is_given_up() -> None:
    desk = await Desk().order(replace(CONFIRM, waiting_for="order"), "shipment_unmatched")
    assert await desk.close("shipment_unmatched") == ["shipment_unmatched"]
    assert (await desk.progress.load(KEY)).steps["confirm_shipment"].state == "not_needed"
    assert desk.tables.everything("openwork") == {}
