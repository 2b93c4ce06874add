"""Each shopper as a customer of the ERP: created before the order, once, and without a doubt about the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Rejected, Throttled, UnknownOutcome
from shared.model.keys import customer_account
from shared.model.order import Order, Shopper
from shared.model.outcome import Blocked, Done, Exceptional, Later
from shared.model.shop import Shop
from tests.builders import mapping_rows, marketplace, order, row, shop
from tests.fakes.sales_orders import FakeCustomers
from tests.flows.test_create_order import MESSAGE, ORDER, Desk

PER_SHOPPER = shop(marketplace=replace(marketplace(), customers="per_shopper"))
ROWS = (
    *(one for one in mapping_rows() if one.table != "accounts"),
    row("accounts", "north", "*", "*", "*", customer="C-NORTH", customer_group="30"),
)
ACCOUNT = customer_account("NO", "north", "C-1")


def desk_of(at: Shop = PER_SHOPPER, *, failures: list[Exception] | None = None, shown: Order = ORDER) -> Desk:
    return Desk(shop=at, rows=ROWS, customers=FakeCustomers(failures=failures or []), shown=shown)


async def test_the_shopper_is_there_before_the_order_and_orders_it() -> None:
    desk = await desk_of().prepared()
    await desk.create()
    assert list(desk.customers.accounts) == [ACCOUNT]
    [created] = desk.erp.orders.values()
    assert created.customer == ACCOUNT


async def test_per_marketplace_no_customer_is_created() -> None:
    desk = await desk_of(shop()).prepared()
    await desk.create()
    assert desk.customers.accounts == {}
    assert [one.customer for one in desk.erp.orders.values()] == ["C-NORTH"]


async def test_ten_orders_under_ten_aliases_are_one_customer() -> None:
    customers = FakeCustomers()
    for number in range(10):
        alias = Shopper("C-1", "Test", "Shopper", alias=f"alias-{number}@marketplace.example.com")
        shown = replace(order(id=f"N00000{number}-A"), shopper=alias)
        desk = desk_of(shown=shown)
        desk.customers = customers
        await (await desk.prepared()).create(replace(MESSAGE, order=shown.key.order))
    assert list(customers.accounts) == [ACCOUNT]


async def test_an_account_that_the_mapping_names_is_not_created() -> None:
    desk = desk_of()
    desk.rows = (*ROWS, row("customers", "north", "C-1", customer="DE-0042"))
    await (await desk.prepared()).create()
    assert desk.customers.accounts == {}
    assert [one.customer for one in desk.erp.orders.values()] == ["DE-0042"]


@pytest.mark.parametrize("groups", [True, False])
async def test_a_group_is_needed_where_the_erp_takes_one(groups: bool) -> None:
    desk = desk_of()
    desk.rows = (
        *(one for one in ROWS if one.table != "accounts"),
        row("accounts", "north", "*", "*", "*", customer="C"),
    )
    desk.erp.capabilities = replace(desk.erp.capabilities, customer_groups=groups)
    outcome = await (await desk.prepared()).create()
    assert isinstance(outcome, Exceptional if groups else Done)
    assert list(desk.customers.accounts) == ([] if groups else [ACCOUNT])


@pytest.mark.parametrize(
    ("failure", "fate"),
    [
        (UnknownOutcome("no answer", scope="erp"), Later),
        (Throttled("429", scope="erp"), Blocked),
        (Rejected("erp_refused", subject="order", reason="no such group"), Exceptional),
    ],
)
async def test_a_customer_that_failed_leaves_no_doubt_about_the_order(
    failure: Exception, fate: type[Later | Blocked | Exceptional]
) -> None:
    desk = await desk_of(failures=[failure]).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, fate)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.claim_owner, outcome.step.sent) == ("outstanding", "", None)
    assert desk.erp.placed == 0
    desk.clock.advance(timedelta(minutes=5))
    assert isinstance(await desk.create(), Done)
    assert (len(desk.erp.orders), len(desk.customers.accounts)) == (1, 1)
