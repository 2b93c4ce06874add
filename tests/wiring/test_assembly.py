"""The bridge as a whole: what pauses what, whose trouble is whose, and what is asked once a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from sandboxes.faults import Fault
from sandboxes.mirakl.wishes import Placement, WantedOrder
from shared.errors import BridgeError, Unavailable
from shared.model.keys import ERP_SCOPE, ORDERS_SCOPE, OrderKey
from shared.model.outcome import Blocked, Done, Later
from shared.model.steps import Delivery, StepMessage
from shared.ports.marketplace import PlatformConfiguration
from shared.store.lists import TableLists
from shared.wiring import Bridge
from shared.wiring.daily import DailyPlatform
from tests.builders import shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, World

POLL = StepMessage("poll_orders", "north-main")
UNAVAILABLE = "Table Storage answers 503"


@pytest.fixture
async def world() -> World:
    return await World().prepare()


def tables_down(world: World) -> None:
    def down(when: str, verb: str, table: str) -> None:
        raise Unavailable(UNAVAILABLE, scope="tables")

    world.tables.interrupt = down


@pytest.mark.parametrize(
    ("step", "scopes"),
    [
        ("poll_orders", ("shop:north-main", "shop:north-main:OR11")),
        ("acknowledge_order", ("shop:north-main", "shop:north-main:OR21")),
        ("create_order", (ERP_SCOPE, ORDERS_SCOPE, "shop:north-main:PC01")),
        ("change_order", (ERP_SCOPE,)),
    ],
)
def test_nothing_about_the_erp_holds_an_acceptance_up(step: str, scopes: tuple[str, ...]) -> None:
    message = StepMessage(step, "north-main", "A-1")  # type: ignore[arg-type]
    assert tuple(Bridge.scopes(message)) == scopes


@pytest.mark.parametrize("operation", ["OR23", "OR24", "ST01", "ST11", "ST23", "ST24", "SH21", "PC01"])
def test_the_exception_of_an_outage_ends_whichever_call_of_confirming_met_it(operation: str) -> None:
    message = StepMessage("confirm_shipment", "north-main", "A-1")
    assert f"shop:north-main:{operation}" in Bridge.scopes(message)


async def test_every_shop_is_asked_for_its_poll_by_a_message_of_its_own(world: World) -> None:
    await world.process().ask_for_polls()
    asked = []
    while (received := world.bus.receive("poll-orders", EPOCH)) is not None:
        asked.append(received.message.shop)
    assert sorted(asked) == sorted(world.settings.shops)


async def test_a_poll_of_a_shop_that_left_the_settings_is_over(world: World) -> None:
    outcome = await world.process().poll_orders(replace(POLL, shop="gone"), Delivery())
    assert outcome == Done("the shop is not in MARKETPLACES any more", answered=False)


@pytest.mark.parametrize("step", ["acknowledge_order", "create_order"])
async def test_an_order_of_a_shop_that_left_the_settings_is_not_dropped(world: World, step: str) -> None:
    """Its message becomes a dead letter, and `watch` an exception of it."""
    bridge = world.process()
    with pytest.raises(BridgeError, match="keep it in MARKETPLACES"):
        await getattr(bridge, step)(StepMessage(step, "gone", "A-1"), Delivery())  # type: ignore[arg-type]
    assert not bridge.lost


async def test_a_poll_a_little_too_early_comes_back_when_it_may(world: World) -> None:
    bridge = world.process()
    assert await bridge.poll_orders(POLL, Delivery()) == Done("polled")
    world.clock.advance(timedelta(seconds=55))
    assert await bridge.poll_orders(POLL, Delivery()) == Done("the call limit says not yet", answered=False)
    assert world.bus.next_event(world.clock.now()) == EPOCH + timedelta(minutes=1)


async def test_a_poll_much_too_early_waits_for_its_timer(world: World) -> None:
    bridge = world.process()
    await bridge.poll_orders(POLL, Delivery())
    world.clock.advance(timedelta(seconds=10))
    await bridge.poll_orders(POLL, Delivery())
    assert world.bus.waiting("poll-orders") == 0


async def test_a_shop_that_is_down_is_blocked_by_its_own_scope(world: World) -> None:
    world.mirakl.faults.append(Fault("error_before", "OR11"))
    outcome = await world.process().poll_orders(POLL, Delivery())
    assert isinstance(outcome, Blocked)
    assert (outcome.scope, outcome.cause) == ("shop:north-main", "Unavailable")


async def test_trouble_of_our_own_is_no_outage_of_the_shop(world: World) -> None:
    bridge = world.process()
    tables_down(world)
    outcome = await bridge.poll_orders(POLL, Delivery())
    assert isinstance(outcome, Later)
    assert (outcome.step, outcome.text) == (None, UNAVAILABLE)


async def test_an_order_whose_record_cannot_be_read_is_tried_again_and_not_dead_lettered(world: World) -> None:
    bridge = world.process()
    tables_down(world)
    outcome = await bridge.create_order(StepMessage("create_order", "north-main", "A-1"), Delivery())
    assert isinstance(outcome, Later)
    assert outcome.step is None


async def test_orders_go_on_by_themselves_after_our_own_tables_were_down(world: World) -> None:
    """For longer than five deliveries of a message take."""
    [order] = world.mirakl_rules.place(Placement(shop="north/2001", orders=(WantedOrder(),)))
    host = Host(world, Pulse)
    await host.run_until(EPOCH + timedelta(minutes=4))
    message = StepMessage("create_order", "north-main", order.id)
    await world.bus.send([message])
    tables_down(world)
    await _deliver_all(world, host)
    world.tables.interrupt = None
    await host.run_until(EPOCH + timedelta(minutes=40))
    assert world.bus.dead("create-order") == ()
    record = await world.process().progress.load(OrderKey("north-main", order.id))
    assert (record.steps["create_order"].state, record.exceptions) == ("done", ())


async def _deliver_all(world: World, host: Host) -> None:
    now = world.clock.now()
    for _ in range(6):
        if (received := world.bus.receive("create-order", now)) is not None:
            await host._deliver(received, host.processes[0])


@dataclass
class Mirakl:
    """Answers PC01, and counts how often."""

    mode: str = "TAX_INCLUDED"
    calls: int = 0

    async def configuration(self) -> PlatformConfiguration:
        self.calls += 1
        return PlatformConfiguration(self.mode, "NOT_AUTOMATIC", False)  # type: ignore[arg-type]


async def test_pc01_is_asked_once_a_day_and_shop_whatever_the_process() -> None:
    clock, tables, mirakl = VirtualClock(), MemoryTables(), Mirakl()

    async def ask(slug: str = "north-de") -> PlatformConfiguration:
        return await DailyPlatform(mirakl, shop(id=slug), TableLists(tables, clock)).configuration()

    first = await ask()
    assert (await ask(), mirakl.calls) == (first, 1)
    await ask("north-outlet")
    assert mirakl.calls == 2
    clock.advance(timedelta(days=1))
    mirakl.mode = "TAX_EXCLUDED"
    assert (await ask()).order_tax_mode == "TAX_EXCLUDED"


def test_a_claim_outlasts_every_call_of_one_placing(world: World) -> None:
    """On an accelerated clock too, because time-outs are the wall's."""
    for faster in (1.0, 60.0):
        bridge = replace_settings(world, faster)
        longest = timedelta(seconds=world.settings.http_timeout_seconds * 4) * faster
        assert bridge._claiming(4).length > longest


def replace_settings(world: World, accelerate: float) -> Bridge:
    bridge = world.process()
    bridge.settings = replace(world.settings, accelerate=accelerate)
    return bridge
