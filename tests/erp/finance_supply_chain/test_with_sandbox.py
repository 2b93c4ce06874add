"""What is F&O's own, proved in the sandbox's books: write conflicts, address set-up, companies, trade agreements."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected, UnknownOutcome
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld


@pytest.fixture
def world() -> FinanceSupplyChainWorld:
    return FinanceSupplyChainWorld()


async def test_a_write_conflict_is_repeated_soon_and_does_not_pause_the_erp(world: FinanceSupplyChainWorld) -> None:
    world.sandbox.world.write_seconds = 2.0
    draft = world.draft()
    await world.erp.place(draft)
    with pytest.raises(UnknownOutcome) as conflict:
        await world.erp.hold(company=draft.company, number=draft.number)
    assert conflict.value.retry_after == timedelta(seconds=5)
    assert world.control("books")["conflicts"] == 1
    world.clock.advance(conflict.value.retry_after)
    await world.erp.hold(company=draft.company, number=draft.number)
    assert [order["held"] for order in world.books()] == [True]


async def test_two_at_once_of_which_each_write_takes_its_time_are_one(world: FinanceSupplyChainWorld) -> None:
    world.sandbox.world.write_seconds = 2.0
    first, second = await asyncio.gather(world.erp.place(world.draft()), world.erp.place(world.draft()))
    assert first == second
    assert world.control("books")["duplicates_refused"] == 1
    assert len(world.books()) == 1


async def test_an_address_that_the_set_up_refuses_is_not_repeated_to_people(world: FinanceSupplyChainWorld) -> None:
    world.sandbox.world.zip_codes = {"FRA": ("75001",)}
    draft = world.draft()
    with pytest.raises(Rejected) as refused:
        await world.erp.place(draft)
    assert refused.value.kind == "erp_refused"
    assert "postal code" in refused.value.reason
    for value in (draft.address.zip_code, "Seventeen", draft.address.street_1, draft.address.city):
        assert value not in str(refused.value)
    assert world.books() == []


async def test_the_same_number_in_another_company_is_another_order(world: FinanceSupplyChainWorld) -> None:
    draft = world.draft()
    await world.erp.place(draft)
    await world.erp.place(replace(draft, company="FRRT"))
    assert sorted(order["company"] for order in world.books()) == ["frrt", "usmf"]
    await world.erp.hold(company="FRRT", number=draft.number)
    assert {order["company"]: order["held"] for order in world.books()} == {"usmf": False, "frrt": True}


async def test_a_trade_agreement_shows_in_the_amounts_read_back(world: FinanceSupplyChainWorld) -> None:
    world.control("trade_agreement", item="ITEM-001", price="17.00")
    order = await world.erp.place(world.draft())
    assert [line.amount for line in order.lines] == [Decimal("34.00"), Decimal("4.90")]


async def test_a_customer_on_hold_is_a_refusal_that_ends_with_the_hold(world: FinanceSupplyChainWorld) -> None:
    draft = replace(world.draft(), customer="MKP-HOLD")
    with pytest.raises(Rejected) as refused:
        await world.erp.place(draft)
    assert refused.value.kind == "erp_refused"
    world.control("put_customer_on_hold", customer="MKP-HOLD", on_hold="No")
    assert (await world.erp.place(draft)).customer == "MKP-HOLD"


async def test_every_field_of_a_draft_arrives(world: FinanceSupplyChainWorld) -> None:
    draft = world.draft(
        "N000001-lower-case-and-long-A", on_hold=True, delivery_service="GROUND", pickup_point="PUDO-17"
    )
    await world.erp.place(draft)
    (order,) = world.books()
    assert (order["number"], order["reference"]) == (draft.number, draft.reference)
    assert (order["origin"], order["tax_group"], order["delivery_mode"]) == ("MIRAKL", "FR", "STD")
    assert (order["held"], order["prices_include_tax"], order["order_specific_address"]) == (True, True, True)
    assert order["requested_shipping_date"] == datetime(2026, 3, 4, 12, tzinfo=UTC)
    lines = [(line["item"], line["price"], line["reference"], line["warehouse"]) for line in order["lines"]]
    assert lines == [
        ("ITEM-001", Decimal("19.90"), "N000001-A-1", "11"),
        ("SHIPPING", Decimal("4.90"), "N000001-A-2", "11"),
    ]
    assert world.complaints() == {}


async def test_a_deleted_order_is_not_found_and_may_be_placed_again(world: FinanceSupplyChainWorld) -> None:
    draft = world.draft()
    await world.erp.place(draft)
    world.control("delete_order", number=draft.number)
    assert await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference) is None
    await world.erp.place(draft)
    assert [order["deleted"] is None for order in world.books()] == [False, True]


async def test_a_sequence_that_is_not_manual_creates_nothing_however_often_it_is_tried(
    world: FinanceSupplyChainWorld,
) -> None:
    """The lines name our number, which then does not exist, so the header is rolled back with them."""
    world.sandbox.world.number_sequence = "automatic"
    for _ in range(2):
        with pytest.raises(Rejected) as refused:
            await world.erp.place(world.draft())
        assert refused.value.kind == "erp_refused"
    assert world.books() == []


async def test_automatic_numbers_where_the_stop_on_creation_is_dropped() -> None:
    """The order is stopped by a call of its own before its first line is added."""
    world = FinanceSupplyChainWorld("automatic")
    world.sandbox.world.stopped_on_create = "ignored"
    draft = world.draft()
    draft = replace(draft, lines=(draft.lines[0], world.strange_line()))
    with pytest.raises(Rejected):
        await world.erp.place(draft)
    assert [order["held"] for order in world.books()] == [True]
    world.make_known()
    assert not (await world.erp.place(draft)).on_hold


async def test_automatic_numbers_of_a_long_order_take_several_placings() -> None:
    world = FinanceSupplyChainWorld("automatic")
    draft = world.draft()
    lines = tuple(replace(draft.lines[0], number=n, reference=f"N000001-A-{n}") for n in range(1, 71))
    draft = replace(draft, lines=lines)
    for entered in (32, 64):
        calls = len(world.faulty.journal)
        with pytest.raises(UnknownOutcome, match="32 lines are in"):
            await world.erp.place(draft)
        assert len(world.faulty.journal) - calls <= world.erp.capabilities.calls
        assert [(len(order["lines"]), order["held"]) for order in world.books()] == [(entered, True)]
    assert len((await world.erp.place(draft)).lines) == 70
    assert [order["held"] for order in world.books()] == [False]


async def test_automatic_numbers_and_a_write_conflict_at_every_step() -> None:
    """Each write holds the order for longer than the next one waits, so each placing gets one step further."""
    world = FinanceSupplyChainWorld("automatic")
    world.sandbox.world.write_seconds = 2.0
    for _ in range(3):
        with pytest.raises(UnknownOutcome, match="write conflict"):
            await world.erp.place(world.draft())
        world.clock.advance(world.erp.capabilities.settle)
    await world.erp.place(world.draft())
    assert [(len(order["lines"]), order["held"]) for order in world.books()] == [(2, False)]
