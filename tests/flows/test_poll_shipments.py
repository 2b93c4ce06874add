"""What a poll asks, puts on record and sends of what has left the warehouses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.flows import poll_shipments
from shared.flows.sighting.seen_order import RESEND
from shared.model.keys import OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.shipment import Tracking
from shared.ports.marketplace import PlatformConfiguration
from shared.ports.own import Change, OpenWork, OrderRecord
from tests.builders import NOW
from tests.fakes.sales_orders import ENFORCED
from tests.flows.shipment_desk import HOUR, OVERLAP, SHOP, SOUTH, Desk, desk_with

# What an ERP is not asked.


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"shipments": "status", "tracks": False}, []),
        ({"shipments": "status"}, []),
        ({"tracks": False}, ["after"]),
        ({}, ["after", "of"]),
    ],
)
async def test_an_erp_is_asked_only_for_what_it_offers(changed: dict[str, Any], asked: list[str]) -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A")
    await desk.poll()
    desk.warehouse.asked.clear()
    capabilities = replace(ENFORCED, **changed)
    await poll_shipments.run(
        "usmf", desk.shops, capabilities=capabilities, policy=ShippingPolicy(), overlap=OVERLAP, ports=desk.ports
    )
    assert [one.split()[1] for one in desk.warehouse.asked] == asked


# What a poll puts on record and sends.


async def test_what_left_with_its_tracking_is_on_record_and_sent() -> None:
    desk = await desk_with("A", "B")
    shipped = desk.warehouse.post("A", "T-1")
    assert await desk.poll()
    record = await desk.record("A")
    assert [one.erp for one in record.shipments] == [shipped]
    assert record.steps["confirm_shipment"].state == "outstanding"
    assert desk.sent() == [(SHOP.id, "A", 2)]
    assert (await desk.record("B")).shipments == ()


async def test_polled_again_it_is_neither_stored_nor_sent_again() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    desk.sent()
    before = desk.tables.everything("orders")
    for _ in range(3):
        await desk.poll()
    assert desk.sent() == []
    assert desk.tables.everything("orders") == before


async def test_an_ordinary_shipment_costs_a_load_and_a_commit_and_its_pointer_one_request_a_page() -> None:
    desk = await desk_with("A", "B", "C")
    for name in "ABC":
        desk.warehouse.post(name, f"T-{name}")
    await desk.poll()
    desk.tables.requests.clear()
    await desk.poll()
    quiet = desk.tables.requests.copy()
    await desk.created("D", "E", "F")
    for name in "DEF":
        open_work = OpenWork(OrderKey(SHOP.id, name), "confirm_shipment", NOW + HOUR, reference=f"NO-{name}")
        await desk.work.put([open_work])
        desk.warehouse.post(name, f"T-{name}")
    desk.tables.requests.clear()
    await desk.poll()
    more = desk.tables.requests - quiet
    looked = {"query openwork": 1, "query orders": 3}
    assert more == {**looked, "commit orders": 3, "commit openwork": 1, "commit control": 1}


async def test_the_pointer_is_there_before_the_truth() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A")
    desk.broken_for("A")
    await desk.poll()
    assert [work.key.order for work in await desk.work.marked(SHOP.id, "tracking", 10)] == ["A"]


async def test_all_orders_of_a_shop_go_with_one_message_where_shipments_are_batched() -> None:
    desk = await desk_with("A", "B", "C", multi=True)
    for name in "ABC":
        desk.warehouse.post(name)
    desk.warehouse.size = 1
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "", 1)]
    assert [work.key.order for work in await desk.work.marked(SHOP.id, "shipment_batch", 10)] == ["A", "B", "C"]


async def test_what_cannot_be_sent_stays_due() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")

    def lost(when: str, verb: str, queue: str) -> None:
        raise Unavailable("the bus is down", scope="bus")

    desk.bus.interrupt = lost
    assert await desk.poll()
    assert (await desk.step("A")).due == NOW + RESEND
    assert [work.key.order for work in await desk.work.due(SHOP.id, NOW + RESEND, 10)] == ["A"]
    assert (await desk.cursor()).position is not None


async def test_overtaken_by_another_poll_it_does_not_leave_a_row_that_sleeps_beside_a_step_that_goes() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A")
    progress, other = desk.progress, desk.ports
    looks: list[OrderKey] = []

    class Overtaken:
        commit = progress.commit

        async def load(self, key: OrderKey) -> OrderRecord:
            record = await progress.load(key)
            looks.append(key)
            if len(looks) == 1:
                desk.warehouse.track("PS-A", "T-1")
                await poll_shipments.run(
                    "usmf", desk.shops, capabilities=ENFORCED, policy=ShippingPolicy(), overlap=OVERLAP, ports=other
                )
            return record

    desk.ports = replace(other, progress=Overtaken())  # type: ignore[arg-type]
    await desk.poll()
    assert (await desk.step("A")).state == "outstanding"
    assert [work.mark for work in await desk.work.due(SHOP.id, desk.clock.now() + RESEND, 10)] == ["erp"]


# Tracking that follows.


async def test_tracking_that_follows_is_asked_for_once_a_poll_and_sends_the_order() -> None:
    desk = await desk_with("A", "B")
    desk.warehouse.post("A")
    desk.warehouse.post("B")
    await desk.poll()
    assert desk.sent() == []
    assert (await desk.step("A")).waiting_for == "tracking"
    desk.warehouse.track("PS-A", "T-1")
    desk.warehouse.asked.clear()
    await desk.poll()
    assert [call for call in desk.warehouse.asked if call.startswith("tracking")] == ["tracking of NO-A, NO-B"]
    assert desk.sent() == [(SHOP.id, "A", 2)]
    [shipment] = (await desk.record("A")).shipments
    assert shipment.erp.tracking == (Tracking("T-1"),)
    await desk.poll()
    assert desk.warehouse.asked[-1] == "tracking of NO-B"
    assert desk.sent() == []


async def test_nobody_is_asked_for_tracking_while_none_is_missing() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    await desk.poll()
    assert [call for call in desk.warehouse.asked if call.startswith("tracking")] == []


async def test_tracking_that_followed_goes_with_the_batch() -> None:
    desk = await desk_with("A", multi=True)
    key = OrderKey(SHOP.id, "A")
    desk.warehouse.post("A")
    await desk.poll()
    desk.sent()
    record = await desk.progress.load(key)
    [announced] = record.shipments
    waits = replace(record.steps["confirm_shipment"], state="waiting", waiting_for="tracking", due=NOW + HOUR)
    told = replace(announced, told=NOW, marketplace_id="u-1")
    await desk.progress.commit(key, Change(steps=(waits,), shipments=(told,)))
    await desk.work.put([replace(work, mark="tracking") for work in await desk.work.due(SHOP.id, NOW + HOUR, 10)])
    desk.warehouse.track("PS-A", "T-1")
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "", 1)]


async def test_a_shop_whose_configuration_cannot_be_read_delays_no_other() -> None:
    desk = Desk(shops=(SHOP, SOUTH))
    await desk.mapped()
    await desk.created("A", "B")
    await desk.created("C", at=SOUTH)

    class Down:
        async def configuration(self) -> PlatformConfiguration:
            raise Unavailable("HTTP 503", scope="shop:south-fr")

    desk.ports = replace(desk.ports, platform=lambda one: Down() if one.id == SOUTH.id else desk)
    desk.warehouse.post("C", "T-3", company="SO")
    desk.warehouse.post("A", "T-1", minutes=1)
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]
    assert (await desk.cursor()).position is None
    desk.ports = replace(desk.ports, platform=lambda _: desk)
    await desk.poll()
    assert [name for _, name, _ in desk.sent()] == ["C"]


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("multi", [False, True], ids=["one shipment an order", "several"])
async def test_a_death_at_any_request_loses_no_shipment(multi: bool) -> None:
    """Whatever was sent: a pointer is due, so that `watch` sends what was not."""
    for moment in range(100):
        desk = await desk_with("A", "B", multi=multi)
        desk.warehouse.post("A", "T-1")
        desk.warehouse.post("B", minutes=1)
        moments = iter(range(moment))

        def dies(*_: str, left: Iterator[int] = moments) -> None:
            if next(left, None) is None:
                raise Killed

        desk.tables.interrupt = dies
        try:
            await desk.poll()
        except Killed:
            desk.tables.interrupt = None
            desk.restarted()
            await desk.poll()
        else:
            assert moment > 20
            return
        assert [len((await desk.record(name)).shipments) for name in "AB"] == [1, 1]
        states = [(one.state, one.waiting_for) for one in (await desk.step("A"), await desk.step("B"))]
        going = ("outstanding", "batch" if multi else "")
        assert states == [going, going if multi else ("waiting", "tracking")]
        due = await desk.work.due(SHOP.id, desk.clock.now() + 24 * HOUR, 10)
        assert [work.key.order for work in due] == ["A", "B"]
        assert min(work.due for work in due) <= desk.clock.now() + RESEND
    raise AssertionError("the poll never came to its end")
