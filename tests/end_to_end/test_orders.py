"""Orders from Mirakl to the ERP through real processes and the real SDKs, whatever fails on the way."""

from __future__ import annotations

import pytest

from local.day.stage import Stage
from local.day.workers import busiest
from shared.bus.queues import QUEUES
from tests.end_to_end.running import Scenario, frozen, until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.xdist_group("stack")]
NORTH, OUTLET, SOUTH = "north/2001", "north/2002", "south/2001"


async def test_the_happy_path_on_both_marketplaces(scene: Scenario) -> None:
    numbers = [
        *await scene.place(NORTH, "HAPPY-1", "HAPPY-2"),
        *await scene.place(OUTLET, "HAPPY-3"),
        *await scene.place(SOUTH, "HAPPY-4"),
    ]
    evidence = await scene.once(*numbers)
    created = {one["number"]: one for one in evidence.erp["orders"] if one["number"] in numbers}
    assert {number: one["prices_include_tax"] for number, one in created.items()} == {
        "NO-HAPPY-1": True,
        "NO-HAPPY-2": True,
        "NO-HAPPY-3": True,
        "SO-HAPPY-4": False,
    }
    assert {sum(line["amount"] for line in one["lines"]) for one in created.values()} == {25}


async def test_every_message_delivered_twice(scene: Scenario) -> None:
    broker = scene.stage.broker
    await broker.duplicate(QUEUES, on=True)
    numbers = [*await scene.place(NORTH, "TWICE-1", "TWICE-2", "TWICE-3"), *await scene.place(SOUTH, "TWICE-4")]
    await scene.once(*numbers)
    await broker.duplicate(QUEUES, on=False)
    counts = await broker.counts()
    assert all(counts[queue]["duplicates"] > 0 for queue in ("poll-orders", "acknowledge-order", "create-order"))


async def test_a_worker_killed_with_its_locks_left_to_expire(scene: Scenario) -> None:
    stage = scene.stage
    await stage.mirakl.fail({"kind": "hang_after", "operation": "OR21", "times": 3})
    numbers = await scene.place(NORTH, "KILLED-1", "KILLED-2", "KILLED-3")
    await scene.called(stage.mirakl, "OR21", "KILLED-1")
    before = await lost_locks(stage)
    stage.stack.kill_host()
    await stage.stack.start_host()

    async def expired() -> bool:
        return await lost_locks(stage) > before

    await until(expired, "the locks of the killed worker expire")
    await scene.once(*numbers)


async def lost_locks(stage: Stage) -> int:
    return (await stage.broker.counts())["acknowledge-order"]["lock_lost"]


@pytest.mark.parametrize(
    ("kind", "effect"), [("hang_before", "before"), ("hang_after", "after"), ("reset_after", "broken")]
)
async def test_an_acceptance_without_an_answer(scene: Scenario, kind: str, effect: str) -> None:
    name = f"OR21-{effect.upper()}"
    await scene.stage.mirakl.fail({"kind": kind, "operation": "OR21", "subject": name})
    await scene.once(*await scene.place(NORTH, name))


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "hang_after", "truncated", "html_after"])
async def test_a_creation_whose_answer_is_lost_after_the_commit(scene: Scenario, kind: str) -> None:
    name = f"LOST-{kind.upper().replace('_', '-')}"
    await scene.stage.erp.fail({"kind": kind, "operation": "batch", "subject": f"SO-{name}"})
    await scene.once(*await scene.place(SOUTH, name))


async def test_a_commit_that_arrives_after_our_look_up(scene: Scenario) -> None:
    """The second placing finds nothing and creates; the first commits afterwards and is refused by its number."""
    erp = scene.stage.erp
    refused: int = (await erp.books())["duplicates_refused"]
    late = {"kind": "late_commit", "operation": "batch", "subject": "SO-LATE", "delay_seconds": 600}
    await erp.fail(late)
    [number] = await scene.place(SOUTH, "LATE")
    await scene.once(number)

    async def committed() -> bool:
        count: int = (await erp.books())["duplicates_refused"]
        return count > refused

    await until(committed, "the late commit is refused")
    await scene.once(number)


async def test_a_cancellation_while_the_creation_is_in_doubt(scene: Scenario) -> None:
    stage = scene.stage
    [number] = await scene.place(SOUTH, "DOUBTED", debit="held")
    await scene.called(stage.mirakl, "OR21", "DOUBTED")
    lost = {"operation": "batch", "subject": number}
    await stage.erp.fail({"kind": "reset_after", **lost}, {"kind": "error_before", **lost, "times": 2})
    await stage.mirakl.do("settle_debit", platform="south", order_id="DOUBTED")
    await scene.called(stage.erp, "batch", number)
    await stage.mirakl.do("cancel", platform="south", order_id="DOUBTED")

    async def held() -> bool:
        return [one["held"] for one in await scene.in_erp(number)] == [True]

    async def told() -> bool:
        rows = await stage.tables.open_exceptions("cancelled_after_creation")
        return [one["owner"] for one in rows if one["order"] == "DOUBTED"] == ["operations"]

    await until(held, f"{number} is on hold in the ERP")
    await until(told, "operations is told, once the hold is on record")
    await scene.once(number)


async def test_throttling_on_both_sides(scene: Scenario) -> None:
    await scene.stage.mirakl.fail({"kind": "throttle", "operation": "OR21", "times": 2, "delay_seconds": 30})
    await scene.stage.erp.fail({"kind": "throttle", "operation": "batch", "times": 2, "delay_seconds": 30})
    await scene.once(*await scene.place(NORTH, "THROTTLED-1", "THROTTLED-2"))


async def test_pages_of_html(scene: Scenario) -> None:
    await scene.stage.mirakl.fail({"kind": "html", "operation": "OR11"}, {"kind": "html", "operation": "OR21"})
    await scene.stage.erp.fail({"kind": "html", "operation": "batch"}, {"kind": "html", "operation": "read"})
    await scene.once(*await scene.place(OUTLET, "HTML-1", "HTML-2"))


async def test_two_workers_and_one_dies_while_it_writes(scene: Scenario) -> None:
    """The other one takes the message at once and must leave the order alone until the claim is over."""
    stage = scene.stage
    await stage.stack.start_host()
    [number] = await scene.place(SOUTH, "WRITTEN", debit="held")
    others = await scene.place(NORTH, "SHARED-1", "SHARED-2", "SHARED-3")
    await scene.called(stage.mirakl, "OR21", "WRITTEN")
    await stage.erp.fail({"kind": "hang_before", "operation": "batch", "subject": number})
    await stage.mirakl.do("settle_debit", platform="south", order_id="WRITTEN")
    await scene.called(stage.erp, "batch", number)
    stage.stack.kill_host(await busiest(stage, "create_order"))
    await scene.once(number, *others)


async def test_all_tables_lost_in_mid_day(scene: Scenario) -> None:
    """What the orders came to is read again from Mirakl and the ERP; nothing is created or accepted twice.

    They are lost at one moment: a worker that wrote meanwhile would keep an order without its row of open work.
    """
    stage = scene.stage
    numbers = await scene.place(NORTH, "WIPED-1", "WIPED-2")
    await scene.created(*numbers)
    before = len((await stage.erp.books())["orders"])
    with frozen(stage.stack):
        lost = await stage.tables.wipe("orders", "openwork", "lookup", "exceptions", "lists", "control", "mappings")
        await stage.stack.fill_mappings(stage.demo)
    assert lost > 0
    late = await scene.place(NORTH, "WIPED-3")
    evidence = await scene.once(*numbers, *late)
    assert len(evidence.erp["orders"]) == before + 1
    assert all(order["or21_effects"] <= 1 for order in evidence.mirakl["orders"])
