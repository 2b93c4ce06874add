"""An order is created once and found again, whoever asks and how often."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from shared.errors import Rejected
from tests.contract.erp import needs
from tests.contract.erp.world import World
from tests.contract.erp.worlds import again, identity, numbers, references


async def test_created_once_as_it_was_drafted(world: World) -> None:
    draft = world.draft()
    order = await world.erp.place(draft)
    assert (order.number, order.reference) == (draft.number or order.number, draft.reference)
    assert (order.customer, order.currency, order.on_hold) == (draft.customer, draft.currency, False)
    assert (order.cancelled, order.shipped) == (False, False)
    assert order.status or not order.lines_shown
    assert (numbers(world), references(world)) == ([order.number], [draft.reference])


@needs.lines
async def test_the_lines_come_back_as_the_erp_has_them(world: World) -> None:
    draft = world.draft()
    order = await world.erp.place(draft)
    shown = [(line.reference, line.item, line.quantity, line.unit, line.amount) for line in order.lines]
    assert shown == [(line.reference, line.item, line.quantity, line.unit, line.amount) for line in draft.lines]


async def test_an_ordinary_order_takes_the_calls_that_are_said(world: World) -> None:
    """Tokens and lists are shared by all orders of their lifetime."""
    await world.erp.place(world.draft("N000000-A"))
    before = len(world.faulty.journal)
    for number in range(1, 4):
        await world.erp.place(world.draft(f"N00000{number}-A"))
    operations = [entry.operation for entry in world.faulty.entries(after=before)]
    assert operations == list(world.ordinary) * 3
    assert len(world.ordinary) <= world.erp.capabilities.calls


async def test_delivered_twice_is_one_order(world: World) -> None:
    first = await world.erp.place(world.draft())
    assert identity(await world.erp.place(again(world.draft()))) == identity(first)
    assert numbers(world) == [first.number]


@needs.key
async def test_two_writers_at_once_are_one_order(world: World) -> None:
    first, second = await asyncio.gather(world.erp.place(world.draft()), world.erp.place(again(world.draft())))
    assert identity(first) == identity(second)
    assert numbers(world) == [first.number]


@needs.key
async def test_another_order_under_our_number_is_for_people(world: World) -> None:
    draft = world.draft()
    await world.erp.place(draft)
    with pytest.raises(Rejected) as refused:
        await world.erp.place(replace(draft, reference="NO-N999999-A"))
    assert (refused.value.kind, refused.value.subject) == ("erp_number_taken", draft.number)
    assert references(world) == [draft.reference]


async def test_found_by_its_number_and_no_other(world: World) -> None:
    draft = world.draft()
    assert await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference) is None
    order = await world.erp.place(draft)
    for reference in ("", draft.reference):
        found = await world.erp.find(company=draft.company, number=order.number, reference=reference)
        assert found is not None
        assert identity(found) == identity(order)
    assert await world.erp.find(company=draft.company, number="NO-UNKNOWN", reference="") is None


@needs.own_reference
async def test_found_by_its_reference_and_no_similar_one(world: World) -> None:
    draft = world.draft()
    order = await world.erp.place(draft)
    for number in ("", "NO-UNKNOWN"):
        found = await world.erp.find(company=draft.company, number=number, reference=draft.reference)
        assert found is not None
        assert identity(found) == identity(order)
    for reference in (draft.reference.lower(), draft.reference[:-1], f"{draft.reference}B"):
        assert await world.erp.find(company=draft.company, number="", reference=reference) is None


@pytest.mark.parametrize("other", ["N000001-a", "N000001-A-B", "N" + "0" * 44 + "1-A"], ids=["case", "longer", "long"])
async def test_orders_whose_ids_resemble_are_two(world: World, other: str) -> None:
    """Mirakl's ids are opaque: an ERP that folds case or takes fewer characters makes no two of them one."""
    drafts = [world.draft(), world.draft(other)]
    placed = [await world.erp.place(draft) for draft in drafts]
    assert len(set(numbers(world))) == 2
    for draft, order in zip(drafts, placed, strict=True):
        found = await world.erp.find(company=draft.company, number=order.number, reference=draft.reference)
        assert found is not None
        told = found.reference if found.lines_shown else draft.reference
        assert (found.number, told, order.reference) == (order.number, draft.reference, draft.reference)


@needs.releasing
async def test_created_and_not_released_is_shown_until_people_release_it(world: World) -> None:
    order = await world.erp.place(world.draft())
    assert not order.released
    world.release(order.number)
    found = await world.erp.find(company=world.company, number=order.number, reference=order.reference)
    assert found is not None
    assert found.released
