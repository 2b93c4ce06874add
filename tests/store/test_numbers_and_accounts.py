"""Ranges of order numbers and shoppers' accounts: they come back, and nobody writes over what another wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.errors import Conflict
from shared.model.keys import OrderKey
from shared.ports.own import NumberRange, ShopperAccount
from shared.store.number_ranges import TableNumberRanges
from shared.store.shopper_accounts import TableShopperAccounts
from tests.fakes.clock import START
from tests.fakes.memory_tables import MemoryTables


async def test_a_range_that_was_never_used_is_none() -> None:
    assert await TableNumberRanges(MemoryTables()).load("shop-a") is None


async def test_a_range_comes_back_and_is_written_against_its_version() -> None:
    ranges = TableNumberRanges(MemoryTables())
    first = await ranges.save(NumberRange("shop-a", 0))
    assert await ranges.load("shop-a") == first
    stopped = await ranges.save(replace(first, next=10**12, stopped="the ERP has N0001"))
    assert await ranges.load("shop-a") == stopped
    for outdated in (first, NumberRange("shop-a", 1)):
        with pytest.raises(Conflict):
            await ranges.save(outdated)
    assert await ranges.load("shop-a") == stopped
    assert await ranges.load("shop-b") is None


ONE = ShopperAccount("north", "C|1/ä", "0000000007", OrderKey("shop-a", "1/A"), START)


@pytest.mark.parametrize(
    "one",
    [
        ONE,
        replace(ONE, account=""),
        replace(ONE, holder=None, until=None),
        replace(ONE, holder=OrderKey("shop-a", "")),
    ],
    ids=["whole", "reserved", "free", "held by a shop"],
)
async def test_an_account_comes_back_and_is_written_against_its_version(one: ShopperAccount) -> None:
    accounts = TableShopperAccounts(MemoryTables())
    saved = await accounts.save(one)
    assert replace(saved, version=None) == one
    assert await accounts.load("north", "C|1/ä") == saved
    newer = await accounts.save(replace(saved, account="0000000008"))
    for outdated in (saved, one):
        with pytest.raises(Conflict):
            await accounts.save(outdated)
    assert await accounts.load("north", "C|1/ä") == newer


@pytest.mark.parametrize(("marketplace", "shopper"), [("south", "C|1/ä"), ("north", "C"), ("north", "C|1/a")])
async def test_nothing_is_known_of_another_shopper(marketplace: str, shopper: str) -> None:
    accounts = TableShopperAccounts(MemoryTables())
    await accounts.save(ONE)
    assert await accounts.load(marketplace, shopper) == ShopperAccount(marketplace, shopper)
