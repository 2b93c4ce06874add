"""What an ERP does not take: it is for people, names no shopper, leaves nothing behind and stops nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.erp.withholding import personal_values
from shared.errors import BridgeError, Rejected, SettingsError, Throttled, Unauthorized
from shared.model.sales_order import SalesOrderDraft
from tests.contract.erp.world import WRONG, World, Wrong
from tests.contract.erp.worlds import again, entered, fail, numbers

KINDS = {"erp_refused", "mapping_invalid", "mapping_missing"}


def names_nobody(problem: BridgeError, draft: SalesOrderDraft) -> bool:
    return not any(value in str(problem) for value in personal_values(draft))


def nothing_can_ship(world: World) -> bool:
    """Without one transaction the order may stay in part, and held."""
    return all(order["held"] for order in world.books())


@pytest.mark.parametrize("what", WRONG)
async def test_refused(world: World, what: Wrong) -> None:
    draft = world.wrong(what)
    if isinstance(draft, str):
        pytest.skip(f"{what}: {draft}")
    told = []
    for one in (draft, again(draft)):
        with pytest.raises(Rejected) as refused:
            await world.erp.place(one)
        told.append((refused.value.kind, refused.value.subject))
        assert refused.value.reason
        assert names_nobody(refused.value, draft)
    assert told[0] == told[1], "two refusals for one reason are one exception"
    assert told[0][0] in KINDS
    assert told[0][1]
    assert nothing_can_ship(world)
    await world.erp.place(world.draft("N000002-A"))
    assert len([order for order in world.books() if not order["held"]]) == 1


async def test_an_item_that_is_made_known_goes_through_by_the_same_request(world: World) -> None:
    draft = world.draft()
    draft = replace(draft, lines=(*draft.lines[1:], world.strange_line()))
    with pytest.raises(Rejected) as refused:
        await world.erp.place(draft)
    assert world.strange_line().item.item in refused.value.subject
    assert nothing_can_ship(world)
    world.make_known()
    order = await world.erp.place(again(draft))
    assert numbers(world) == [order.number]
    assert len(entered(world)) == 2


async def test_the_wrong_company_is_named(world: World) -> None:
    draft = world.draft(company="NO-SUCH-COMPANY")
    with pytest.raises((Rejected, SettingsError)) as refused:
        await world.erp.place(draft)
    assert "NO-SUCH-COMPANY" in str(refused.value).upper()
    assert names_nobody(refused.value, draft)
    assert numbers(world) == []


async def test_throttled_says_for_how_long_and_nothing_happened(world: World) -> None:
    fail(world, "throttle", world.create, delay=timedelta(seconds=45))
    with pytest.raises(Throttled) as throttled:
        await world.erp.place(world.draft())
    assert (throttled.value.retry_after, throttled.value.scope) == (timedelta(seconds=45), "erp")
    assert numbers(world) == []
    await world.erp.place(again(world.draft()))
    assert len(numbers(world)) == 1


async def test_an_expired_token_is_renewed_without_a_word(world: World) -> None:
    await world.erp.place(world.draft())
    if "token" not in [entry.operation for entry in world.faulty.journal]:
        pytest.skip("nothing of the ERP's credentials expires")
    fail(world, "unauthorized", world.create)
    await world.erp.place(world.draft("N000002-A"))
    world.clock.advance(timedelta(hours=2))
    await world.erp.place(world.draft("N000003-A"))
    assert len(numbers(world)) == 3


async def test_credentials_that_stay_refused_are_for_people(world: World) -> None:
    fail(world, "unauthorized", world.create, times=2)
    with pytest.raises(Unauthorized):
        await world.erp.place(world.draft())
    assert numbers(world) == []
