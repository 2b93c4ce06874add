"""Shoppers whom the ERP makes customers with their first order: one account each, whatever comes at once or is lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Conflict, Rejected, Throttled, Unavailable, UnknownOutcome
from shared.model.keys import ERP_SCOPE, OrderKey
from shared.model.mappings import MappingRow
from shared.model.outcome import Blocked, Done, Exceptional, Later, Outcome
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import Change, ShopperAccount
from shared.store.shopper_accounts import TableShopperAccounts
from tests.builders import NOW, mapping_rows, marketplace, order, row, shop
from tests.fakes.status_sales_orders import StatusSalesOrders
from tests.flows.test_create_order import LENGTH, MESSAGE, ORDER, OUTSTANDING, Desk

PER_SHOPPER = shop(marketplace=replace(marketplace(), customers="per_shopper"))
SECOND = order(id="N000002-A")
LOST = UnknownOutcome("no answer", scope=ERP_SCOPE)
SETTLE = timedelta(minutes=10)


@dataclass
class AccountDesk(Desk):
    """Two orders of one shopper."""

    erp: StatusSalesOrders = field(default_factory=StatusSalesOrders)
    shop: Shop = PER_SHOPPER

    async def both(self) -> AccountDesk:
        for self.shown in (SECOND, ORDER):
            await self.prepared()
        return self

    async def first(self, attempt: int = 1) -> Outcome:
        self.shown = ORDER
        return await self.create(replace(MESSAGE, attempt=attempt))

    async def second(self) -> Outcome:
        self.shown = SECOND
        return await self.create(replace(MESSAGE, order=SECOND.key.order))

    async def put(self, step: Step) -> None:
        """On record as `fates` puts it."""
        await self.progress.commit(ORDER.key, Change(steps=(replace(step, attempt=2),)))

    async def account(self) -> ShopperAccount:
        return await TableShopperAccounts(self.tables).load("north", "C-1")

    def ordered_by(self) -> list[str]:
        return [one.customer for one in self.erp.orders.values()]


async def desk_of(*, rows: tuple[MappingRow, ...] = (), **erp: Any) -> AccountDesk:
    desk = AccountDesk(erp=StatusSalesOrders(**erp))
    desk.rows = (*mapping_rows(), *rows)
    return await desk.both()


async def test_the_first_order_makes_the_customer_and_the_next_ones_use_it() -> None:
    desk = await desk_of()
    await desk.first()
    await desk.second()
    assert (desk.ordered_by(), desk.customers.accounts) == (["0000000001", "0000000001"], {})
    assert [(one.customer, one.shopper is None) for one in desk.erp.held.values()] == [
        ("", False),
        ("0000000001", True),
    ]
    kept = await desk.account()
    assert (kept.account, kept.holder, kept.until) == ("0000000001", None, None)


async def test_an_account_that_the_mapping_names_wins() -> None:
    desk = await desk_of(rows=(row("customers", "north", "C-1", customer="DE-0042"),))
    await desk.first()
    assert (desk.ordered_by(), desk.erp.made) == (["DE-0042"], [])
    assert (await desk.account()).version is None


async def test_while_the_first_is_being_sent_the_second_waits_and_is_not_sent() -> None:
    desk = await desk_of()
    told: list[Outcome] = []
    place = desk.erp.place

    async def meanwhile(draft: Any) -> Any:
        desk.erp.place = place  # type: ignore[method-assign]
        told.append(await desk.second())
        return await place(draft)

    desk.erp.place = meanwhile  # type: ignore[method-assign]
    assert isinstance(await desk.first(), Done)
    [later] = told
    assert isinstance(later, Later)
    assert later.step is not None
    assert (later.step.state, later.step.claims, later.after > timedelta(minutes=2)) == ("outstanding", 0, True)
    assert isinstance(await desk.second(), Done)
    assert desk.erp.made == ["0000000001"]


async def test_two_at_once_are_one_customer() -> None:
    """Whoever comes second meets a conflict, looks again, and waits."""
    one = await desk_of()
    other = AccountDesk(erp=one.erp, tables=one.tables, clock=one.clock, tokens=100)
    other.rows = one.rows
    met = await asyncio.gather(one.first(), other.second(), return_exceptions=True)
    assert sum(isinstance(outcome, Conflict) for outcome in met) <= 1
    assert sum(isinstance(outcome, Done) for outcome in met) >= 1
    assert len(one.erp.made) == 1
    for _ in range(2):
        one.clock.advance(LENGTH)
        await one.first()
        await other.second()
    assert (one.ordered_by(), one.erp.made) == (["0000000001"] * 2, ["0000000001"])


@pytest.mark.parametrize(
    ("failure", "waits"),
    [
        (Rejected("erp_refused", subject="x", reason="y"), False),
        (Throttled("429", scope=ERP_SCOPE), False),
        (LOST, True),
    ],
    ids=["refused", "throttled", "in doubt"],
)
async def test_whoever_may_still_bring_an_account_keeps_the_others_waiting(failure: Exception, waits: bool) -> None:
    desk = await desk_of(failures=[failure])
    outcome = await desk.first()
    assert isinstance(outcome, Later | Blocked | Exceptional)
    assert outcome.step is not None
    await desk.put(outcome.step)
    desk.clock.advance(LENGTH + SETTLE)
    second = await desk.second()
    assert isinstance(second, Later if waits else Done)
    assert desk.erp.made == ([] if waits else ["0000000001"])


async def test_a_doubt_that_is_settled_tells_no_account_and_frees_the_shopper() -> None:
    """Prima tells it in the answer that was lost and nowhere else: the next order makes a customer again."""
    desk = await desk_of(failures=[LOST], after_effect=True)
    outcome = await desk.first()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    await desk.put(outcome.step)
    desk.clock.advance(timedelta(minutes=1))
    assert isinstance(await desk.second(), Later)
    assert isinstance(await desk.first(attempt=2), Done)
    told = [one.text for one in await desk.progress.history(ORDER.key)]
    assert "created; the ERP returned no account of the shopper" in told
    assert isinstance(await desk.second(), Done)
    assert (desk.erp.made, (await desk.account()).account) == (["0000000001", "0000000002"], "0000000002")


async def test_a_holder_that_died_before_it_could_send_is_followed_by_the_next() -> None:
    desk = await desk_of()
    reserved = ShopperAccount("north", "C-1", holder=ORDER.key, until=NOW + LENGTH)
    await TableShopperAccounts(desk.tables).save(reserved)
    assert isinstance(await desk.second(), Later)
    desk.clock.advance(LENGTH)
    assert isinstance(await desk.second(), Done)


@pytest.mark.parametrize(
    ("step", "waits"),
    [
        (replace(OUTSTANDING, state="claimed", claim_until=NOW), True),
        (replace(OUTSTANDING, state="unknown", sent=NOW), True),
        (replace(OUTSTANDING, state="exception", sent=NOW), True),
        (replace(OUTSTANDING, state="exception"), False),
        (replace(OUTSTANDING, state="done", reference="N0001"), False),
        (replace(OUTSTANDING, state="not_needed"), False),
    ],
    ids=["a dead claim", "in doubt", "refused in doubt", "refused", "created", "not needed"],
)
async def test_how_long_an_account_stays_with_its_holder(step: Step, waits: bool) -> None:
    desk = await desk_of()
    await TableShopperAccounts(desk.tables).save(ShopperAccount("north", "C-1", holder=ORDER.key, until=NOW))
    version = (await desk.progress.load(ORDER.key)).steps["create_order"].version
    await desk.progress.commit(ORDER.key, Change(steps=(replace(step, version=version),)))
    desk.clock.advance(timedelta(hours=1))
    assert isinstance(await desk.second(), Later) is waits


@pytest.mark.parametrize(
    ("shop", "passed", "there", "waits"),
    [
        ("north-de", SETTLE / 2, False, True),
        ("north-de", SETTLE, True, True),
        ("north-de", SETTLE, False, False),
        ("north-fr", SETTLE, False, True),
    ],
    ids=["it may come yet", "it came", "it is nowhere", "another shop's, perhaps of another company"],
)
async def test_a_first_order_that_was_refused_in_doubt_is_looked_for(
    shop: str, passed: timedelta, there: bool, waits: bool
) -> None:
    """Whoever must correct it may take days; the shopper's next order does not wait for that."""
    desk, holder = await desk_of(), OrderKey(shop, "N000009-A")
    await TableShopperAccounts(desk.tables).save(ShopperAccount("north", "C-1", holder=holder, until=NOW))
    refused = replace(OUTSTANDING, state="exception", sent=NOW, number="N0042")
    await desk.progress.commit(holder, Change(steps=(refused,)))
    if there:
        desk.erp.entered_by_another("N0042")
    desk.clock.advance(passed)
    assert isinstance(await desk.second(), Later) is waits


@pytest.mark.parametrize(("passed", "in_doubt"), [(SETTLE - timedelta(minutes=1), True), (SETTLE, False)])
async def test_a_refusal_after_the_settle_time_ends_the_doubt(passed: timedelta, in_doubt: bool) -> None:
    desk = await desk_of(failures=[LOST, Rejected("erp_refused", subject="x", reason="y")])
    outcome = await desk.first()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    await desk.put(outcome.step)
    desk.clock.advance(passed)
    refused = await desk.first(attempt=2)
    assert isinstance(refused, Exceptional)
    assert (refused.step.sent is not None) is in_doubt
    assert refused.step.number == "N0001"
    await desk.put(refused.step)
    assert isinstance(await desk.second(), Later) is in_doubt


async def test_a_holder_that_is_gone_holds_nothing() -> None:
    desk = await desk_of()
    gone = ShopperAccount("north", "C-1", holder=OrderKey("north-de", "GONE"), until=NOW)
    await TableShopperAccounts(desk.tables).save(gone)
    assert isinstance(await desk.first(), Done)


async def test_an_erp_that_names_no_account_leaves_the_shopper_free_and_the_history_says_so() -> None:
    desk = await desk_of(names_customers=False)
    await desk.first()
    kept = await desk.account()
    assert (kept.account, kept.holder) == ("", None)
    told = [one.text for one in await desk.progress.history(ORDER.key)]
    assert "created; the ERP returned no account of the shopper" in told
    assert isinstance(await desk.second(), Done)
    assert len(desk.erp.made) == 2


async def test_freeing_that_fails_makes_no_doubt_of_a_refusal() -> None:
    desk = await desk_of(failures=[Rejected("erp_refused", subject="x", reason="y")])
    place = desk.erp.place

    def down(when: str, verb: str, table: str) -> None:
        raise Unavailable("the table store is down", scope="tables")

    async def refused(draft: Any) -> Any:
        desk.tables.interrupt = down
        return await place(draft)

    desk.erp.place = refused  # type: ignore[method-assign]
    outcome = await desk.first()
    assert isinstance(outcome, Exceptional)
    assert outcome.step.sent is None


async def test_where_shoppers_are_no_customers_nothing_is_kept() -> None:
    desk = AccountDesk(shop=shop())
    await desk.both()
    await desk.first()
    assert (desk.ordered_by(), desk.erp.made) == (["C-NORTH"], [])
    assert (await desk.account()).version is None
