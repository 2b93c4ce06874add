"""Orders from the warehouse back to Mirakl through real processes and the real SDKs, whatever fails on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from local import demo
from local.day.client import SETTINGS_FILE, bridge
from shared.bus.queues import QUEUES
from tests.end_to_end.running import Scenario, until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.xdist_group("stack")]
NORTH, OUTLET, SOUTH = "north/2001", "north/2002", "south/2001"
Book = Mapping[str, Any]


def carriers(order: Book) -> list[tuple[str, str]]:
    """Whom Mirakl was told and which number: of the order where it has no shipments of its own."""
    shipments = order["shipments"] or [order["tracking"]]
    return [(one["carrier_code"], one["number"]) for one in shipments]


async def test_all_the_way_to_shipped_with_every_message_delivered_twice(scene: Scenario) -> None:
    await scene.stage.broker.duplicate(QUEUES, on=True)
    numbers = [
        *await scene.place(NORTH, "WAY-1", "WAY-2"),
        *await scene.place(OUTLET, "WAY-3"),
        *await scene.place(SOUTH, "WAY-4", "WAY-5"),
    ]
    await scene.created(*numbers)
    await scene.ship(*numbers)
    orders = {one["order_id"]: one for one in await scene.shipped(*numbers)}
    await scene.stage.broker.duplicate(QUEUES, on=False)
    assert {number: carriers(orders[number[3:]]) for number in numbers} == {
        number: [("CA1", f"TRACK-{number}")] for number in numbers
    }
    assert [orders[name]["or24_effects"] for name in ("WAY-1", "WAY-2", "WAY-3")] == [1, 1, 1]
    assert [orders[number[3:]]["seller_reference"]["value"] for number in numbers] == numbers
    await scene.once(*numbers)
    counts = await scene.stage.broker.counts()
    assert all(counts[queue]["duplicates"] > 0 for queue in ("poll-shipments", "confirm-shipment"))


async def another_worker(scene: Scenario) -> None:
    """The worker dies with its locks and claims, and another one starts."""
    scene.stage.stack.kill_host()
    await scene.stage.stack.start_host()


async def test_a_worker_killed_between_tracking_and_shipping(scene: Scenario) -> None:
    [number] = await scene.place(NORTH, "BETWEEN")
    await scene.created(number)
    await scene.stage.mirakl.fail({"kind": "hang_before", "operation": "OR24", "subject": "BETWEEN"})
    await scene.ship(number)
    await scene.called(scene.stage.mirakl, "OR24", "BETWEEN")
    await another_worker(scene)
    [order] = await scene.shipped(number)
    assert (order["or24_effects"], carriers(order)) == (1, [("CA1", f"TRACK-{number}")])
    await scene.once(number)


async def test_a_worker_killed_after_its_shipments_were_created_and_before_it_heard(scene: Scenario) -> None:
    numbers = await scene.place(SOUTH, "UNHEARD-1", "UNHEARD-2")
    await scene.created(*numbers)
    calls = await creations(scene)
    await scene.stage.mirakl.fail({"kind": "hang_after", "operation": "ST01"})
    await scene.ship(*numbers)

    async def called() -> bool:
        return await creations(scene) > calls

    await until(called, "ST01 is called")
    await another_worker(scene)
    orders = await scene.shipped(*numbers)
    assert [len(order["shipments"]) for order in orders] == [1, 1]
    await scene.once(*numbers)


async def creations(scene: Scenario) -> int:
    return len([one for one in await scene.stage.mirakl.read_journal() if one["operation"] == "ST01"])


async def test_a_carrier_that_nobody_mapped_is_told_and_goes_once_it_is(scene: Scenario) -> None:
    """operations reads of it, and `bridge mappings import` completes it."""
    stage = scene.stage
    numbers = await scene.place(SOUTH, "UNMAPPED-1", "UNMAPPED-2")
    await scene.created(*numbers)
    await scene.ship(*numbers, carrier="CARRIER-2")

    async def told() -> bool:
        rows = await stage.tables.open_exceptions("carrier_unmapped")
        return [one["owner"] for one in rows] == ["operations", "operations"]

    await until(told, "operations is told of both")
    (stage.folder / SETTINGS_FILE).write_text(json.dumps({"Values": dict(stage.stack.environment)}))
    said = await bridge(stage, "mappings", "import", "carriers", str(demo.late_file(stage.demo, "carriers")), "--yes")
    assert said == "Written. 2 orders that waited for it were sent again."
    orders = {one["order_id"]: one for one in await scene.shipped(*numbers)}
    assert [carriers(orders[number[3:]]) for number in numbers] == [[("CA2", f"TRACK-{number}")] for number in numbers]
    assert await stage.tables.open_exceptions("carrier_unmapped") == []
    await scene.once(*numbers)
