"""Whose a shipment is: its reference, its number, or nobody's, which a person is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.errors import Unavailable
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.model.shipment import Position
from shared.model.shop import Shop
from shared.ports.own import OpenWork
from tests.builders import NOW
from tests.flows.shipment_desk import HOUR, MINUTE, SHOP, SOUTH, Desk, at

NORTH_2 = replace(SHOP, id="north-outlet", shop_id=2002)


async def test_a_marketplace_of_one_shop_needs_no_look_up() -> None:
    desk = Desk(shops=(SHOP, SOUTH))
    await desk.mapped()
    await desk.created("A", at=SOUTH)
    desk.warehouse.post("A", "T-1", company="SO")
    await desk.poll()
    assert (await desk.record("A", at=SOUTH.id)).shipments
    assert "query lookup" not in desk.tables.requests


@pytest.mark.parametrize("filed", [True, False])
async def test_of_several_shops_it_is_the_one_that_created_the_order(filed: bool) -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    await desk.created("A", at=NORTH_2)
    if filed:
        await desk.lookup.file("erp_number", "NO-A", OrderKey("elsewhere", "A"))
        await desk.lookup.file("erp_number", "NO-A", OrderKey(NORTH_2.id, "A"))
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    assert desk.sent() == [(NORTH_2.id, "A", 2)]
    assert (await desk.record("A", at=SHOP.id)).shipments == ()


@pytest.mark.parametrize("shops", [(SHOP,), (SHOP, NORTH_2)], ids=["one shop", "several"])
async def test_a_reference_in_its_short_form_is_the_order_under_that_number(shops: tuple[Shop, ...]) -> None:
    desk = Desk(shops=shops)
    await desk.mapped()
    await desk.created("A")
    await desk.lookup.file("erp_number", "101001", OrderKey("elsewhere", "A"))
    await desk.lookup.file("erp_number", "101001", OrderKey(SHOP.id, "A"))
    shown = desk.warehouse.post("SHORT", "T-1")
    lines = tuple(replace(line, reference="A-1") for line in shown.lines)
    desk.warehouse.posted = [replace(shown, number="101001", lines=lines)]
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]
    assert (await desk.record("SHORT")).shipments == ()


async def test_a_short_form_that_was_met_before_its_number_was_known_goes_to_its_order() -> None:
    desk = Desk()
    await desk.mapped()
    await desk.created("A")
    shown = replace(desk.warehouse.post("SHORT", "T-1"), number="101001")
    desk.warehouse.posted = [shown]
    await desk.poll()
    assert (await desk.step("SHORT")).waiting_for == "order"
    await desk.lookup.file("erp_number", "101001", OrderKey(SHOP.id, "A"))
    desk.warehouse.posted = [replace(shown, id="2", shipped=shown.shipped + MINUTE)]
    await desk.poll()
    assert len((await desk.record("A")).shipments) == 1


@pytest.mark.parametrize("both", [False, True])
async def test_orders_that_one_shop_alone_has_open_are_its_own(both: bool) -> None:
    """Asked in one request a shop; where both have one open, the order's own record decides."""
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    for name in ("A", "B", "C"):
        await desk.created(name, at=NORTH_2)
        await desk.work.put([OpenWork(OrderKey(NORTH_2.id, name), "confirm_shipment", NOW + HOUR)])
        desk.warehouse.post(name, f"T-{name}")
    if both:
        await desk.work.put([OpenWork(OrderKey(SHOP.id, "B"), "create_order", NOW + HOUR)])
    desk.tables.requests.clear()
    await desk.poll()
    assert desk.sent() == [(NORTH_2.id, name, 2) for name in ("A", "B", "C")]
    assert desk.tables.requests["query lookup"] == (1 if both else 0)


async def test_without_the_list_of_open_orders_the_record_decides() -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    await desk.created("A", at=NORTH_2)
    desk.warehouse.post("A", "T-1")

    async def fails(shop: str, orders: Sequence[str]) -> Sequence[OpenWork]:
        raise Unavailable("down", scope="tables")

    desk.work.among = fails  # type: ignore[method-assign]
    await desk.poll()
    assert desk.sent() == [(NORTH_2.id, "A", 2)]


async def test_what_is_nobody_s_is_told_once_at_the_bridge_and_hides_nothing() -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    await desk.created("A")
    for name in ("X", "", "A"):
        desk.warehouse.post(name, f"T-{name}", document=f"PS-{name or 'none'}")
    await desk.poll()
    desk.warehouse.post("X", "T-9", minutes=1, left="1")
    await desk.poll()
    raised = (await desk.record("", at=BRIDGE_SHOP)).exceptions
    assert sorted((one.kind, one.subject, one.count) for one in raised) == [
        ("shipment_unmatched", "NO- PS-none", 1),
        ("shipment_unmatched", "NO-X PS-X", 1),
    ]
    assert "T-X" not in repr(raised)
    assert [name for _, name, _ in desk.sent()] == ["A"]
    assert (await desk.cursor()).position == Position(at(1) + MINUTE, "000000004")


async def test_a_document_of_two_orders_that_are_nobody_s_is_told_for_each() -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    for name in ("X", "Y"):
        desk.warehouse.post(name, document="WS-1")
    await desk.poll()
    raised = (await desk.record("", at=BRIDGE_SHOP)).exceptions
    assert sorted(one.subject for one in raised) == ["NO-X WS-1", "NO-Y WS-1"]


async def test_a_shipment_before_its_order_waits_for_it() -> None:
    desk = Desk()
    await desk.mapped()
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    record = await desk.record("A")
    assert len(record.shipments) == 1
    step = record.steps["confirm_shipment"]
    assert (step.state, step.waiting_for, step.due) == ("waiting", "order", NOW + 24 * HOUR)
    assert desk.sent() == []
