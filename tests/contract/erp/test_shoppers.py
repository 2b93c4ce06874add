"""One customer for each shopper, whoever asks, how often and how unluckily."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Rejected, Throttled, Unavailable, UnknownOutcome
from tests.contract.erp import needs
from tests.contract.erp.world import World
from tests.contract.erp.worlds import IT_HAPPENED, NOTHING_HAPPENED, fail

CREATE = "create"


def accounts(world: World) -> list[str]:
    return [customer["account"] for customer in world.customers()]


@needs.customers
async def test_a_shopper_is_created_with_what_the_draft_says(world: World) -> None:
    draft = world.customer()
    await world.ports.customers.ensure(draft)
    (customer,) = world.customers()
    assert (customer["account"], customer["currency"]) == (draft.account, draft.currency)
    assert (customer["organization"], customer["tax_number"], customer["has_alias"]) == (False, False, False)


@needs.customers
async def test_an_organization_with_its_number_and_an_alias_that_was_asked_for(world: World) -> None:
    draft = world.customer(organization="Company Two", tax_number="FR00000000000", alias="p@example.com")
    await world.ports.customers.ensure(draft)
    (customer,) = world.customers()
    assert customer["organization"]
    assert (customer["tax_number"], customer["has_alias"]) == (True, True)


@needs.customers
async def test_ten_orders_of_one_shopper_make_one_customer_that_can_order(world: World) -> None:
    customer = world.customer()
    for number in range(10):
        await world.ports.customers.ensure(replace(customer, alias=f"proxy-{number}@example.com"))
        draft = world.draft(f"N00000{number}-A", customer=customer.account, invoice_customer=customer.invoice_account)
        assert (await world.erp.place(draft)).customer == customer.account
    assert accounts(world) == [customer.account]


@needs.customers
async def test_two_first_orders_of_one_shopper_at_once_make_one_customer(world: World) -> None:
    customer = world.customer()
    await asyncio.gather(*(world.ports.customers.ensure(customer) for _ in range(3)))
    assert accounts(world) == [customer.account]


@needs.customers
@pytest.mark.parametrize("kind", NOTHING_HAPPENED + IT_HAPPENED)
async def test_a_shopper_in_doubt_is_created_by_asking_again(world: World, kind: FaultKind) -> None:
    fail(world, kind, CREATE)
    with pytest.raises(UnknownOutcome):
        await world.ports.customers.ensure(world.customer())
    await world.ports.customers.ensure(world.customer())
    assert accounts(world) == [world.customer().account]


@needs.customers
async def test_a_late_commit_meets_the_shopper_that_is_there(world: World) -> None:
    fail(world, "late_commit", CREATE)
    with pytest.raises(UnknownOutcome):
        await world.ports.customers.ensure(world.customer())
    await world.ports.customers.ensure(world.customer())
    world.clock.advance(world.erp.capabilities.settle)
    await world.ports.customers.ensure(world.customer())
    assert not world.faulty.pending()
    assert accounts(world) == [world.customer().account]


@needs.customers
@pytest.mark.parametrize(
    ("kind", "expected"), [("error_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)]
)
async def test_a_look_that_fails_creates_no_shopper(world: World, kind: FaultKind, expected: type[BridgeError]) -> None:
    fail(world, kind, "read")
    with pytest.raises(expected):
        await world.ports.customers.ensure(world.customer())
    assert accounts(world) == []


@needs.customers
async def test_a_refusal_names_the_account_and_not_the_shopper(world: World) -> None:
    customer = world.customer(currency="XXX")
    with pytest.raises(Rejected) as refused:
        await world.ports.customers.ensure(customer)
    assert refused.value.kind in ("erp_refused", "mapping_invalid")
    for value in (customer.first_name, customer.last_name, customer.address.street_1, customer.address.city):
        assert value not in str(refused.value)
    assert accounts(world) == []


@needs.accounts
async def test_a_first_order_makes_the_shopper_and_the_next_one_uses_the_account(world: World) -> None:
    first = await world.erp.place(world.draft(customer="", shopper=world.customer()))
    assert first.customer
    second = await world.erp.place(world.draft("N000002-A", customer=first.customer, shopper=None))
    assert second.customer == first.customer
    assert accounts(world) == [first.customer]
