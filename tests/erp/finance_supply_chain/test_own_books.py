"""What only F&O has, in the sandbox's books: totals that come late, companies, documents that appear late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected
from shared.model.shipment import Position
from shared.ports.erp import ShipmentPage
from tests.contract.erp.test_shipments import everything, page, placed
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld

OVERLAP = timedelta(minutes=5)


@pytest.fixture(params=["packing_slip", "warehouse_shipment"])
def world(request: pytest.FixtureRequest) -> FinanceSupplyChainWorld:
    return FinanceSupplyChainWorld(shipped_when=request.param)


async def test_totals_are_none_until_the_job_has_run(world: FinanceSupplyChainWorld) -> None:
    order = await world.erp.place(world.draft())
    (before,) = await world.erp.totals(company="usmf", numbers=[order.number])
    assert (before.total, before.tax) == (None, None)


async def test_another_company_has_orders_and_documents_of_its_own(world: FinanceSupplyChainWorld) -> None:
    order = await placed(world)
    world.ship(order.number)
    after = Position(world.clock.now() - timedelta(days=1))
    found = await world.ports.shipments.since(company="frrt", after=after, prefixes=("NO",), known=frozenset())
    assert found == ShipmentPage((), None, whole=True)
    assert await world.erp.find(company="frrt", number=order.number, reference=order.reference) is None


async def test_each_part_that_is_invoiced_has_an_invoice(world: FinanceSupplyChainWorld) -> None:
    order = await placed(world)
    for _ in range(2):
        world.ship(order.number, lines={"N000001-A-1": 1})
        world.invoice(order.number)
    found = await world.ports.invoices.of(company="USMF", numbers=[order.number])
    assert [one.total for one in found] == [Decimal("24.80"), Decimal("19.90")]


async def test_several_numbers_of_one_slip_are_all_there(world: FinanceSupplyChainWorld) -> None:
    order = await placed(world)
    world.ship(order.number, tracking=["T-2", "T-1"], delivery_mode="STD")
    (shipment,) = await everything(world)
    assert [one.number for one in shipment.tracking] == ["T-1", "T-2"]
    assert shipment.delivery_mode == "STD"


async def test_a_corrected_slip_is_the_same_document_in_another_version(world: FinanceSupplyChainWorld) -> None:
    order = await placed(world)
    slip = world.ship(order.number)
    (before,) = await everything(world)
    world.clock.advance(timedelta(minutes=3))
    world.correct_slip(slip["slip"], {"N000001-A-1": 1})
    (after,) = await everything(world, known=[before.id])
    assert (after.document, [line.shipped for line in after.lines]) == (before.document, [Decimal(1)])


async def test_a_document_that_is_committed_late_is_behind_an_overlap_only() -> None:
    """F&O stamps a slip when its posting begins, so a later one may be seen first."""
    world = FinanceSupplyChainWorld()
    world.sandbox.world.visible_after_seconds = 60
    early, late = await placed(world, "N000001-A"), await placed(world, "N000002-A")
    world.ship(early.number)
    world.clock.advance(timedelta(seconds=20))
    world.sandbox.world.visible_after_seconds = 0
    world.ship(late.number)
    (seen,) = await everything(world)
    assert seen.number == late.number
    world.clock.advance(timedelta(seconds=60))
    behind = await page(world, Position(seen.shipped, seen.id))
    assert behind.shipments == ()
    overlapped = await page(world, Position(seen.shipped - OVERLAP), known=[seen.id])
    assert [one.number for one in overlapped.shipments] == [early.number]


async def test_a_shopper_is_in_the_group_and_invoiced_to_the_account_that_the_draft_names() -> None:
    world = FinanceSupplyChainWorld()
    draft = world.customer(identification_number="000")
    await world.ports.customers.ensure(draft)
    (customer,) = world.customers()
    assert (customer["group"], customer["invoice_account"]) == (draft.group, draft.invoice_account)
    assert customer["party_type"] == "Person"


async def test_a_tax_number_that_finance_does_not_know_is_not_repeated() -> None:
    world = FinanceSupplyChainWorld()
    world.sandbox.world.validates_tax_exempt_numbers = True
    with pytest.raises(Rejected) as refused:
        await world.ports.customers.ensure(world.customer(tax_number="FR00000000000"))
    assert "FR00000000000" not in str(refused.value)
    assert world.customers() == []
