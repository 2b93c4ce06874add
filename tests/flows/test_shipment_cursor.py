"""How far the cursor of a company's shipments moves: past what is stored, and never past what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.errors import Unavailable
from shared.flows import poll_shipments
from shared.flows.poll_shipments import PAGES
from shared.model.keys import OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.shipment import Position
from shared.model.steps import Step
from shared.ports.erp import ShipmentPage
from shared.ports.own import Change, ShipmentCursor
from shared.store.tables import Insert
from tests.builders import NOW
from tests.fakes.sales_orders import ENFORCED
from tests.flows.shipment_desk import HOUR, MINUTE, OVERLAP, SHOP, at, desk_with


async def test_the_first_poll_begins_at_go_live_and_the_next_an_overlap_before_the_last_document() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1", minutes=-3)
    await desk.poll()
    await desk.poll()
    assert desk.warehouse.asked == ["usmf after 01 09:00", "usmf after 02 08:47"]
    assert (await desk.cursor()).recent == ((at(-3), "1"),)


async def test_what_becomes_visible_late_is_found_within_the_overlap() -> None:
    desk = await desk_with("A", "B")
    desk.warehouse.post("A", "T-1")
    desk.warehouse.post("B", "T-2", minutes=1)
    desk.warehouse.hidden = {"1"}
    await desk.poll()
    desk.warehouse.hidden = set()
    await desk.poll(every=HOUR)
    assert desk.sent() == [(SHOP.id, "A", 2), (SHOP.id, "B", 2)]


async def test_a_document_whose_lines_come_later_is_read_again() -> None:
    desk = await desk_with("A")
    whole = desk.warehouse.post("A", "T-1")
    desk.warehouse.posted = [replace(whole, lines=())]
    await desk.poll()
    desk.sent()
    desk.warehouse.posted = [whole]
    await desk.poll()
    assert [one.erp for one in (await desk.record("A")).shipments] == [whole]
    assert desk.sent() == [(SHOP.id, "A", 3)]


async def test_documents_of_others_move_the_cursor_too() -> None:
    desk = await desk_with()
    desk.warehouse.post("X", company="ZZ", minutes=5)
    await desk.poll()
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == at(5)


async def test_ids_older_than_the_overlap_are_forgotten() -> None:
    desk = await desk_with("A", "B")
    desk.warehouse.post("A", "T-1")
    await desk.poll(every=HOUR)
    desk.warehouse.post("B", "T-2")
    await desk.poll()
    assert [name for _, name in (await desk.cursor()).recent] == ["2"]


async def test_pages_are_read_until_the_end_and_the_cursor_is_saved_after_each() -> None:
    desk = await desk_with(*"ABCDE")
    for number, name in enumerate("ABCDE"):
        desk.warehouse.post(name, f"T-{name}", minutes=number)
    desk.warehouse.size = 2
    assert await desk.poll()
    assert len(desk.warehouse.asked) == 3
    assert [name for _, name, _ in desk.sent()] == list("ABCDE")


async def test_a_run_ends_after_so_many_pages_and_says_that_more_follows() -> None:
    desk = await desk_with()
    for number in range(PAGES + 2):
        desk.warehouse.post(f"X{number}", company="ZZ", minutes=60 * number)
    desk.warehouse.size = 1
    assert not await desk.poll()
    assert await desk.poll()
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == at(60 * (PAGES + 1))


async def test_more_documents_in_an_overlap_than_a_run_has_pages_keep_none_behind_them_from_being_read() -> None:
    """An ERP may date documents by the day: reading begins with the day each time."""
    desk = await desk_with("A")
    for number in range(PAGES + 2):
        desk.warehouse.post(f"X{number}", company="ZZ")
    desk.warehouse.post("A", "T-1")
    desk.warehouse.size = 1
    for _ in range(3):
        await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]


async def test_what_cannot_be_stored_keeps_back_nothing_however_much_is_behind_it() -> None:
    desk = await desk_with("B", "C")
    desk.warehouse.post("B", "T-B")
    for number in range(PAGES + 2):
        desk.warehouse.post(f"X{number}", company="ZZ", minutes=60 * (number + 1))
    desk.warehouse.post("C", "T-C", minutes=60 * (PAGES + 3))
    desk.warehouse.size = 1
    desk.broken_for("B")
    for _ in range(3):
        await desk.poll()
    assert desk.sent() == [(SHOP.id, "C", 2)]


async def test_a_page_that_fails_leaves_what_was_read_before_it_and_its_batch_goes_out() -> None:
    desk = await desk_with("A", "B", multi=True)
    desk.warehouse.post("A")
    desk.warehouse.post("B", minutes=1)
    desk.warehouse.size = 1
    whole = desk.warehouse.since

    async def since(*, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]) -> ShipmentPage:
        if after.id:
            raise Unavailable("HTTP 503", scope="erp")
        return await whole(company=company, after=after, prefixes=prefixes, known=known)

    desk.warehouse.since = since  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await desk.poll()
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == NOW
    assert desk.sent() == [(SHOP.id, "", 1)]


async def test_what_cannot_be_stored_keeps_the_cursor_and_hides_nothing() -> None:
    desk = await desk_with("A", "B", "C")
    for number, name in enumerate("ABC"):
        desk.warehouse.post(name, f"T-{name}", minutes=number)
    desk.warehouse.size = 1
    desk.broken_for("B")
    assert await desk.poll()
    assert [name for _, name, _ in desk.sent()] == ["A", "C"]
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == NOW
    desk.mended()
    await desk.poll(every=HOUR)
    assert [name for _, name, _ in desk.sent()] == ["B"]
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == at(2)


async def test_a_row_of_a_newer_version_hides_no_other_order() -> None:
    desk = await desk_with("A", "B")
    await desk.tables.commit("orders", f"{SHOP.id}|A", [Insert("shipment|PS-A", {"v": 99})])
    for name in "AB":
        desk.warehouse.post(name, f"T-{name}")
    await desk.poll()
    assert [name for _, name, _ in desk.sent()] == ["B"]
    assert (await desk.cursor()).position is None


async def test_an_order_that_somebody_holds_is_shown_again() -> None:
    desk = await desk_with("A")
    key, step = OrderKey(SHOP.id, "A"), await desk.step("A")
    held = replace(step, state="claimed", claim_owner="x", claim_until=NOW + MINUTE / 2)
    [held] = await desk.progress.commit(key, Change(steps=(held,)))
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    assert (await desk.record("A")).shipments == ()
    assert await desk.step("A") == held
    await desk.progress.commit(key, Change(steps=(replace(held, state="waiting", waiting_for="rest"),)))
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]


async def test_two_instances_that_poll_at_once_store_once() -> None:
    desk = await desk_with("A", "B")
    for name in "AB":
        desk.warehouse.post(name, f"T-{name}")
    ports = desk.ports
    desk.restarted()
    both = (
        poll_shipments.run(
            "usmf", desk.shops, capabilities=ENFORCED, policy=ShippingPolicy(), overlap=OVERLAP, ports=one
        )
        for one in (ports, desk.ports)
    )
    assert await asyncio.gather(*both) == [True, True]
    assert {name for _, name, _ in desk.sent()} == {"A", "B"}
    assert [len((await desk.record(name)).shipments) for name in "AB"] == [1, 1]
    assert [(await desk.step(name)).attempt for name in "AB"] == [2, 2]


async def test_an_instance_that_was_overtaken_leaves_the_other_s_cursor() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    whole = desk.warehouse.since
    other = ShipmentCursor("usmf", Position(at(77), "x"))

    async def overtaken(
        *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        await desk.ports.cursors.save(other)
        return await whole(company=company, after=after, prefixes=prefixes, known=known)

    desk.warehouse.since = overtaken  # type: ignore[method-assign]
    assert await desk.poll()
    assert (await desk.cursor()).position == other.position
    assert [name for _, name, _ in desk.sent()] == ["A"]


async def test_an_order_that_moves_while_it_is_stored_is_decided_again() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    whole = desk.progress.commit
    moved: list[str] = []

    async def commit(key: OrderKey, change: Change) -> Sequence[Step]:
        if not moved:
            moved.append(key.order)
            step = (await desk.progress.load(key)).steps["confirm_shipment"]
            await whole(key, Change(steps=(replace(step, attempt=5),)))
        return await whole(key, change)

    desk.progress.commit = commit  # type: ignore[method-assign]
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 6)]


async def test_corrections_are_found_as_a_later_document_of_the_same_name() -> None:
    desk = await desk_with("A")
    key = OrderKey(SHOP.id, "A")
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    [stored] = (await desk.record("A")).shipments
    await desk.progress.commit(key, Change(shipments=(replace(stored, told=NOW, told_tracking="T-1"),)))
    desk.warehouse.post("A", "T-1", left="1", minutes=1)
    await desk.poll()
    record = await desk.record("A")
    assert [(one.kind, one.subject) for one in record.exceptions] == [("shipment_corrected", "PS-A")]
    assert [one.erp.lines[0].shipped for one in record.shipments] == [1]
