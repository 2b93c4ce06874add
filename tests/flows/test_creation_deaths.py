"""A process dies at its n-th effect, for every n, while it creates a new shopper's first two orders under allocated
numbers: each is in the ERP once, under a number of its own, and the shopper is one customer, unless the account died
with the process: nothing else tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from shared.model.outcome import Done, Later
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.ports.own import Change
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.status_sales_orders import StatusSalesOrders
from tests.flows.test_create_order import LENGTH, MESSAGE, ORDER
from tests.flows.test_returned_accounts import SECOND, AccountDesk
from tests.simulation.mortal import Killed, Pulse


@dataclass
class MortalSalesOrders(StatusSalesOrders):
    pulse: Pulse = field(default_factory=Pulse)

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        return await self.pulse.effect(lambda: super(MortalSalesOrders, self).place(draft))


def mortal(tables: MemoryTables, pulse: Pulse) -> None:
    def meet(when: str, verb: str, table: str) -> None:
        if verb != "commit":
            return
        pulse.beats += 1
        if pulse.dead or pulse.beats == pulse.stops_at:
            pulse.dead = True
            raise Killed

    tables.interrupt = meet


async def played(stops_at: int) -> tuple[AccountDesk, MortalSalesOrders, Pulse]:
    """The first process dies; the one after it, which has probed nothing, brings both orders to their end."""
    pulse, erp = Pulse(stops_at=stops_at), MortalSalesOrders()
    desk = await AccountDesk(erp=erp).both()
    erp.pulse = pulse
    mortal(desk.tables, pulse)
    try:
        await _created(desk)
    except Killed:
        desk.tables.interrupt, erp.pulse = None, Pulse()
        desk.probed = {}
        for _ in range(3):
            desk.clock.advance(LENGTH + timedelta(minutes=1))
            await _created(desk)
    desk.tables.interrupt = None
    return desk, erp, pulse


async def _created(desk: AccountDesk) -> None:
    for shown in (ORDER, SECOND):
        desk.shown = shown
        outcome = await desk.create(replace(MESSAGE, order=shown.key.order))
        if isinstance(outcome, Later) and outcome.step is not None:
            await desk.progress.commit(shown.key, Change(steps=(outcome.step,)))
        assert isinstance(outcome, Done | Later)


async def test_death_at_any_effect_makes_nothing_twice() -> None:
    beats, lost = (await played(0))[2].beats, []
    for stops_at in range(1, beats + 1):
        desk, erp, pulse = await played(stops_at)
        assert pulse.dead, stops_at
        states = {(await desk.progress.load(one.key)).steps["create_order"].state for one in (ORDER, SECOND)}
        assert states == {"done"}, stops_at
        assert sorted(one.reference for one in erp.held.values()) == ["NO-N000001-A", "NO-N000002-A"], stops_at
        assert (await desk.account()).account == erp.made[-1], stops_at
        lost += [stops_at] if len(erp.made) > 1 else []
    # After the effect of the first placing, and before its account is kept.
    assert (beats > 15, len(lost), lost[-1] - lost[0]) == (True, 2, 1)
