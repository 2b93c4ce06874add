"""What stands in the ERP's books of an order's lines, amounts and texts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.errors import Rejected
from shared.model.sales_order import DraftLine, SalesOrderDraft
from tests.contract.erp import needs
from tests.contract.erp.test_refusals import names_nobody
from tests.contract.erp.world import World
from tests.contract.erp.worlds import amounts, entered, numbers


def with_lines(draft: SalesOrderDraft, *lines: DraftLine) -> SalesOrderDraft:
    return replace(draft, lines=lines, total=sum((line.amount for line in lines), Decimal(0)))


async def enters(world: World, *lines: DraftLine) -> None:
    """An order of these lines stands in the books with their amounts, and is shown with them."""
    order = await world.erp.place(with_lines(world.draft(), *lines))
    assert amounts(world) == sorted(line.amount for line in lines)
    if order.lines_shown:
        assert {line.reference: line.amount for line in order.lines} == {line.reference: line.amount for line in lines}


async def test_the_same_item_on_two_lines(world: World) -> None:
    await enters(world, world.line(1, quantity="2", price="19.90"), world.line(2, quantity="3", price="18.90"))
    goods = [(line["reference"], line["quantity"]) for line in entered(world)]
    assert goods == [("N000001-A-1", 2), ("N000001-A-2", 3)]


async def test_a_line_of_price_0(world: World) -> None:
    await enters(world, world.line(1, price="19.90"), world.line(2, item="ITEM-002", price="0"))


async def test_a_unit_price_that_does_not_divide_and_the_line_that_makes_it_up(world: World) -> None:
    """Three pieces for 10.00."""
    rest = world.line(2, purpose="rounding", price="0.01")
    await enters(world, world.line(1, quantity="3", price="3.33"), rest)
    assert sum(amounts(world)) == Decimal("10.00")


async def test_the_marketplace_s_fees_are_a_line(world: World) -> None:
    fee, shipping = world.line(2, purpose="fee", price="1.50"), world.line(3, purpose="shipping", price="4.90")
    await enters(world, world.line(1, price="19.90"), fee, shipping)


async def test_a_currency_without_decimals(world: World) -> None:
    lines = (world.line(1, quantity="3", price="500"), world.line(2, purpose="shipping", price="490"))
    order = await world.erp.place(replace(with_lines(world.draft(), *lines), currency="JPY"))
    assert (world.books()[0]["currency"], order.currency) == ("JPY", "JPY")
    assert amounts(world) == [490, 1500]


@needs.lines
async def test_an_amount_that_the_erp_makes_its_own_is_read_back(world: World) -> None:
    world.reprice("ITEM-001", "17.00")
    order = await world.erp.place(world.draft())
    assert sorted(line.amount for line in order.lines) == amounts(world)


@needs.totals
async def test_the_totals_are_the_erp_s_own_once_it_has_them(world: World) -> None:
    order = await world.erp.place(world.draft())
    asked = [order.number, "NO-UNKNOWN"]
    (before,) = await world.erp.totals(company=world.company, numbers=asked)
    world.calculate_totals()
    (after,) = await world.erp.totals(company=world.company, numbers=asked)
    assert (after.number, after.total) == (order.number, Decimal("44.70"))
    assert after.tax is not None
    assert after.tax > 0
    assert (before.total, before.tax) in ((None, None), (after.total, after.tax))


@needs.totals
async def test_the_totals_of_twenty_orders_are_one_call(world: World) -> None:
    placed = [await world.erp.place(world.draft(f"N0000{number:02}-A")) for number in range(20)]
    world.calculate_totals()
    calls = len(world.faulty.journal)
    found = await world.erp.totals(company=world.company, numbers=[order.number for order in placed])
    assert len(world.faulty.journal) == calls + 1
    assert {one.number: one.total for one in found} == {order.number: Decimal("44.70") for order in placed}


async def test_letters_outside_latin_1_arrive(world: World) -> None:
    draft = world.draft()
    words = ("Łukasz", "Żółć", "Улица", "日本", "Ω", "😀")
    address = replace(draft.address, name="Łukasz Żółć", street_1="Улица 日本 5", city="Ω 😀")
    order = await world.erp.place(replace(draft, address=address))
    texts = world.texts(order.number)
    assert [word for word in words if word not in texts] == []


@pytest.mark.parametrize("words", [10, 30, 120])
async def test_an_over_long_address_arrives_whole_or_is_refused_and_never_cut(world: World, words: int) -> None:
    draft = world.draft()
    text = " ".join(f"Part{number:03}" for number in range(words))
    draft = replace(draft, address=replace(draft.address, street_2=text, additional_info="Door 7"))
    refused = await _refused(world, draft)
    if refused is None:
        (number,) = numbers(world)
        printed = world.texts(number)
        assert [word for word in (*text.split(), "Door", "Street") if word not in printed] == []
    else:
        assert refused.kind == "text_does_not_fit"
        assert names_nobody(refused, draft)
        assert numbers(world) == []


async def _refused(world: World, draft: SalesOrderDraft) -> Rejected | None:
    try:
        await world.erp.place(draft)
    except Rejected as problem:
        return problem
    return None
