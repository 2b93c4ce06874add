"""What every ERP's `Customers` keeps: one customer for an account, whoever asks, how often and how unluckily."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Rejected, Throttled, Unavailable, UnknownOutcome
from tests.contract.erp_worlds import IT_HAPPENED, NOTHING_HAPPENED, WORLDS, World, fail
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld

CREATE = "create"


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    built = WORLDS[request.param]()
    yield built
    assert built.complaints() == {}


def accounts(world: World) -> list[str]:
    return [customer["account"] for customer in world.customers()]


async def test_a_shopper_is_created_with_what_the_draft_says(world: World) -> None:
    draft = world.customer()
    await world.ports.customers.ensure(draft)
    (customer,) = world.customers()
    assert (customer["account"], customer["group"], customer["currency"]) == (draft.account, draft.group, "EUR")
    assert (customer["party_type"], customer["invoice_account"]) == ("Person", draft.invoice_account)
    assert (customer["organization"], customer["tax_number"], customer["has_alias"]) == (False, False, False)


async def test_an_organization_with_its_numbers_and_an_alias_that_was_asked_for(world: World) -> None:
    draft = world.customer(
        organization="Company Two", tax_number="FR00000000000", identification_number="000", alias="p@example.com"
    )
    await world.ports.customers.ensure(draft)
    (customer,) = world.customers()
    assert (customer["party_type"], customer["organization"]) == ("Organization", True)
    assert (customer["tax_number"], customer["has_alias"]) == (True, True)


async def test_ten_orders_of_one_shopper_make_one_customer_that_can_order(world: World) -> None:
    customer = world.customer()
    for number in range(10):
        await world.ports.customers.ensure(replace(customer, alias=f"proxy-{number}@example.com"))
        draft = world.draft(f"N00000{number}-A", customer=customer.account, invoice_customer="MKP-FR-EUR")
        assert (await world.erp.place(draft)).customer == customer.account
    assert accounts(world) == [customer.account]


async def test_two_at_once_make_one(world: World) -> None:
    customer = world.customer()
    await asyncio.gather(*(world.ports.customers.ensure(customer) for _ in range(3)))
    assert accounts(world) == [customer.account]


@pytest.mark.parametrize("kind", NOTHING_HAPPENED + IT_HAPPENED)
async def test_a_creation_in_doubt_is_asked_for_again(world: World, kind: FaultKind) -> None:
    fail(world, kind, CREATE)
    with pytest.raises(UnknownOutcome):
        await world.ports.customers.ensure(world.customer())
    await world.ports.customers.ensure(world.customer())
    assert accounts(world) == [world.customer().account]


async def test_a_late_commit_meets_the_customer_that_is_there(world: World) -> None:
    fail(world, "late_commit", CREATE)
    with pytest.raises(UnknownOutcome):
        await world.ports.customers.ensure(world.customer())
    await world.ports.customers.ensure(world.customer())
    world.clock.advance(world.erp.capabilities.settle)
    await world.ports.customers.ensure(world.customer())
    assert not world.faulty.pending()
    assert accounts(world) == [world.customer().account]


@pytest.mark.parametrize(
    ("kind", "expected"), [("error_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)]
)
async def test_a_look_that_fails_creates_nothing(world: World, kind: FaultKind, expected: type[BridgeError]) -> None:
    fail(world, kind, world.read)
    with pytest.raises(expected):
        await world.ports.customers.ensure(world.customer())
    assert accounts(world) == []


async def test_a_refusal_names_the_account_and_not_the_shopper(world: World) -> None:
    customer = world.customer(group="no such group")
    with pytest.raises(Rejected) as refused:
        await world.ports.customers.ensure(customer)
    assert refused.value.kind == "erp_refused"
    assert refused.value.subject.startswith(f"customer {customer.account}")
    for value in (customer.first_name, customer.last_name, customer.address.street_1, customer.address.city):
        assert value not in str(refused.value)
    assert accounts(world) == []


async def test_a_tax_number_that_finance_does_not_know_is_not_repeated() -> None:
    world = FinanceSupplyChainWorld()
    world.sandbox.world.validates_tax_exempt_numbers = True
    with pytest.raises(Rejected) as refused:
        await world.ports.customers.ensure(world.customer(tax_number="FR00000000000"))
    assert "FR00000000000" not in str(refused.value)
    assert world.customers() == []
