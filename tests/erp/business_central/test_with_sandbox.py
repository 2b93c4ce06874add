"""What is Business Central's own, proved in the sandbox's books."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.erp.business_central.references import document_number
from shared.errors import Rejected
from shared.model.sales_order import ItemCode
from shared.model.shipment import Position
from tests.erp.business_central.sandbox_world import BusinessCentralWorld


@pytest.fixture
def world() -> BusinessCentralWorld:
    return BusinessCentralWorld()


async def shipped(world: BusinessCentralWorld) -> list[tuple[str, str, dict[str, Decimal]]]:
    after = Position(world.clock.now() - timedelta(days=1))
    found = await world.ports.shipments.since(company="CRONUS", after=after, prefixes=("NO",), known=frozenset())
    return [
        (one.document, one.reference, {line.reference: line.shipped for line in one.lines}) for one in found.shipments
    ]


async def test_prices_with_tax_stay_ours_whatever_the_card_and_the_list_say(world: BusinessCentralWorld) -> None:
    world.control("trade_agreement", item="ITEM-001", price="9.00", discount="10", enforced=False)
    order = await world.erp.place(world.draft())
    assert [line.amount for line in order.lines] == [Decimal("39.80"), Decimal("4.90")]
    (found,) = await world.erp.totals(company="CRONUS", numbers=[order.number])
    assert found.total == Decimal("44.70")


async def test_a_price_that_is_enforced_is_read_back(world: BusinessCentralWorld) -> None:
    world.control("trade_agreement", item="ITEM-001", price="9.00", discount="10")
    order = await world.erp.place(world.draft())
    assert order.lines[0].amount != Decimal("39.80")
    (kept,) = world.books()
    assert order.lines[0].amount == Decimal(kept["lines"][0]["amount"])


async def test_a_variant_by_its_code(world: BusinessCentralWorld) -> None:
    item = ItemCode("SHIRT-01", configuration="M-RED")
    draft = world.draft()
    order = await world.erp.place(replace(draft, lines=(replace(draft.lines[0], item=item),)))
    assert [line.item for line in order.lines] == [item]


async def test_an_id_in_small_letters_comes_back_in_full_and_ships(world: BusinessCentralWorld) -> None:
    draft = world.draft(reference="NO-n000001-a")
    order = await world.erp.place(draft)
    assert world.books()[0]["reference"] == document_number("NO-n000001-a")
    assert order.reference == "NO-n000001-a"
    assert await world.erp.find(company="CRONUS", number=order.number, reference="") == order
    assert await world.erp.place(draft) == order
    assert (await world.erp.place(world.draft())).number != order.number
    world.release(order.number)
    world.ship(order.number)
    assert [reference for _, reference, _ in await shipped(world)] == ["NO-n000001-a"]


async def test_an_undone_shipment_nets_to_nothing_and_the_next_is_one_of_its_own(world: BusinessCentralWorld) -> None:
    order = await world.erp.place(world.draft())
    world.release(order.number)
    slip = world.ship(order.number, lines={"N000001-A-1": 2})["slip"]
    ((_, _, before),) = await shipped(world)
    assert before == {"N000001-A-1": 2}
    world.clock.advance(timedelta(minutes=1))
    world.correct_slip(slip, {"N000001-A-1": 1})
    quantities = {document: lines["N000001-A-1"] for document, _, lines in await shipped(world)}
    assert quantities.pop(slip) == 0
    assert list(quantities.values()) == [1]


async def test_a_location_that_was_made_anew_is_found_after_one_refusal(world: BusinessCentralWorld) -> None:
    """Its code is the same and its id is another."""
    await world.erp.place(world.draft())
    (name,) = (name for name in world.lists.kept if name.endswith("|locations"))
    world.lists.kept[name] = json.dumps({"11": "00000000-0000-4000-8000-00000000dead"})
    with pytest.raises(Rejected):
        await world.erp.place(world.draft("N000002-A"))
    await world.erp.place(world.draft("N000002-A"))
    assert len(world.books()) == 2


async def test_many_lines_go_although_each_deletion_changes_those_that_stay(world: BusinessCentralWorld) -> None:
    draft = world.draft()
    lines = tuple(replace(draft.lines[0], number=at, reference=f"L-{at}") for at in range(1, 33))
    order = await world.erp.place(replace(draft, lines=lines))
    gone = [line.reference for line in lines[1:]]
    await world.ports.changes.cancel_lines(company="CRONUS", number=order.number, references=gone)
    assert [line["reference"] for line in world.books()[0]["lines"] if not line.get("deleted")] == ["L-1"]


async def test_references_in_small_letters_are_listed_in_full(world: BusinessCentralWorld) -> None:
    start = world.clock.now()
    orders = [await world.erp.place(world.draft(reference=f"NO-n00000{at}-a")) for at in range(2)]
    world.release(orders[1].number)
    world.ship(orders[1].number)
    world.invoice(orders[1].number)
    found = await world.erp.references(company="CRONUS", changed_since=start, prefixes=("NO",))
    assert sorted(one.reference for one in found) == ["NO-n000000-a", "NO-n000001-a"]


async def test_the_clients_action_releases() -> None:
    world = BusinessCentralWorld(release="action", release_action="Release")
    world.sandbox.world.release_action = "Release"
    order = await world.erp.place(world.draft())
    assert order.released
    assert world.books()[0]["released"]
    assert await world.erp.place(world.draft()) == order


async def test_a_customer_without_posting_groups_cannot_order(world: BusinessCentralWorld) -> None:
    world.sandbox.world.customer_template = False
    await world.ports.customers.ensure(world.customer())
    with pytest.raises(Rejected) as refused:
        await world.erp.place(world.draft(customer=world.customer().account))
    assert (refused.value.kind, refused.value.subject) == ("erp_refused", "order")
    assert world.books() == []


async def test_customers_that_are_numbered_by_the_erp_are_refused(world: BusinessCentralWorld) -> None:
    world.sandbox.world.customer_numbers = "automatic"
    with pytest.raises(Rejected) as refused:
        await world.ports.customers.ensure(world.customer())
    assert refused.value.subject == f"customer {world.customer().account}"
    assert world.customers() == []


async def test_the_order_date_and_the_channel_stand_in_the_books(world: BusinessCentralWorld) -> None:
    await world.erp.place(world.draft())
    (order,) = world.books()
    assert order["origin"] == "MIRAKL"
    row = world.sandbox.installation.orders.ever[0]
    assert str(row.values["orderDate"]) == "2026-03-02"


async def test_what_is_posted_is_found_wherever_it_stands(world: BusinessCentralWorld) -> None:
    order = await world.erp.place(world.draft())
    world.release(order.number)
    world.ship(order.number)
    world.invoice(order.number)
    again = await world.erp.place(world.draft())
    assert (again.number, again.shipped, again.lines_shown) == (order.number, True, False)
    (totals,) = await world.erp.totals(company="CRONUS", numbers=[order.number])
    assert totals.total == Decimal("44.70")
    assert len(world.books()) == 1
