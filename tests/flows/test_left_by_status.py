"""Orders of an ERP whose status alone tells what has left: all of it, or a part that nobody shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.leaving.files_awaited import LOOKED_AT_WITHIN
from shared.flows.waits import FILES, REST, TRACKING
from shared.flows.watching.late_waits import late
from shared.model.exception import OpenException
from shared.model.policy import ShippingPolicy
from shared.model.steps import Step
from shared.rules import deadlines
from tests.builders import NOW
from tests.flows.despatch_desk import KEY, DespatchDesk
from tests.flows.shipment_desk import SHOP

POLICY = ShippingPolicy(untracked="ship", tracking_from="people")


def standing(kind: str, step: str = "change_order") -> OpenException:
    return opened(KEY, Rejected(kind, subject="P-A", reason="it stands"), step=step, now=NOW)


async def test_all_that_was_drafted_has_left_under_the_orders_number() -> None:
    desk = await DespatchDesk(policy=POLICY).order(drafted={"L-1": "3", "S-1#1": "1", "S-1#2": "2"})
    await desk.status()
    assert await desk.left() == {"P-A": {"L-1": "3", "S-1#1": "1", "S-1#2": "2"}}
    [shipment] = (await desk.record()).shipments
    assert (shipment.erp.carrier, shipment.erp.shipped) == ("DEFAULT", NOW)
    assert desk.desk.sent() == [(SHOP.id, "A", 2)]


async def test_the_same_seen_again_changes_nothing() -> None:
    desk = await DespatchDesk(policy=POLICY).order()
    await desk.status()
    desk.desk.sent()
    before = await desk.record()
    desk.desk.clock.advance(timedelta(hours=1))
    await desk.status(carrier="ANOTHER")
    assert await desk.record() == before
    assert desk.desk.sent() == []


async def test_what_files_told_of_before_is_not_told_again() -> None:
    desk = await DespatchDesk().order()
    await desk.read("A,C-1,L-1,,2,X,,T")
    await desk.status_alone()
    assert await desk.left() == {"C-1": {"L-1": "2"}, "P-A": {"L-1": "1", "L-2": "1"}}


async def test_what_files_told_of_wholly_leaves_nothing_to_tell() -> None:
    desk = await DespatchDesk().order()
    await desk.read("A,C-1,,,,X,,T")
    before = await desk.record()
    await desk.status()
    assert await desk.record() == before


@pytest.mark.parametrize(
    ("asked", "left"), [(False, {"L-1": "3"}), (True, {"L-1": "3", "L-2": "1"})], ids=["taken out", "still asked for"]
)
async def test_a_line_that_people_took_out_has_not_left(asked: bool, left: dict[str, str]) -> None:
    """While they are asked to cancel it, nobody has: then it left with the rest."""
    desk = await DespatchDesk().order()
    withdrawn = Step("change_order", "waiting" if asked else "done", lines=("L-2",))
    stand = (standing("cancelled_after_creation"),) if asked else ()
    await desk.change(steps=(withdrawn,), opened=stand)
    await desk.status_alone()
    assert await desk.left() == {"P-A": left}


async def test_an_order_of_which_nothing_was_kept_is_told_by_mirakls_own_lines() -> None:
    desk = await DespatchDesk().order()
    await desk.change(steps=(replace(await desk.step(), expected=""),))
    await desk.status_alone()
    assert await desk.left() == {"P-A": {"L-1": "3", "L-2": "1"}}


async def test_a_part_is_held_for_its_rest_and_told_once_it_is_late() -> None:
    desk = await DespatchDesk().order()
    await desk.change(opened=(standing("not_shipped", "confirm_shipment"),))
    await desk.status(whole=False)
    step = await desk.step()
    assert (step.state, step.waiting_for, step.due) == ("waiting", REST, NOW + POLICY.partial_within)
    assert (await desk.record()).exceptions == ()
    assert desk.desk.sent() == []
    found = late(step, NOW + POLICY.partial_within)
    assert found is not None
    assert found.kind == "shipment_incomplete"


async def test_a_part_seen_again_waits_no_longer() -> None:
    desk = await DespatchDesk().order()
    await desk.status(whole=False)
    before = await desk.record()
    desk.desk.clock.advance(timedelta(hours=5))
    await desk.status(whole=False)
    assert await desk.record() == before


async def test_a_part_and_then_the_rest_goes_as_one() -> None:
    desk = await DespatchDesk(policy=POLICY).order()
    await desk.status(whole=False)
    desk.desk.clock.advance(timedelta(hours=5))
    await desk.status()
    assert await desk.left() == {"P-A": {"L-1": "3", "L-2": "1"}}
    assert (await desk.step()).state == "outstanding"


async def test_one_order_that_cannot_be_stored_hides_no_other() -> None:
    desk = await (await DespatchDesk(policy=POLICY).order()).order("B")
    desk.desk.broken_for("A")
    await desk.status("A", "B")
    desk.desk.mended()
    assert (await desk.left("B"), await desk.left("A")) == ({"P-B": {"L-1": "3", "L-2": "1"}}, {})
    await desk.status("A", "B")
    assert list(await desk.left("A")) == ["P-A"]


@pytest.mark.parametrize("brings", ["people", "files"])
async def test_without_tracking_it_waits_visibly_where_the_client_waits(brings: str) -> None:
    desk = DespatchDesk(policy=ShippingPolicy(tracking_from=brings))  # type: ignore[arg-type]
    await (await desk.order()).status_alone()
    step = await desk.step()
    assert (step.state, step.waiting_for) == ("waiting", "tracking")
    assert "bridge shipments enter" in step.reason
    assert desk.desk.sent() == []


# Where files are dropped, too.


async def test_the_status_waits_for_the_file_which_tells_parcels_and_carriers() -> None:
    desk = await DespatchDesk().order()
    await desk.change(opened=(standing("not_shipped", "confirm_shipment"),))
    await desk.status()
    step = await desk.step()
    assert (await desk.left(), step.state, step.waiting_for) == ({}, "waiting", FILES)
    assert (await desk.record()).exceptions == ()
    await desk.read("A,C-1,L-1,,3,CARRIER-1,,T-1", "A,C-2,L-2,,1,CARRIER-2,,T-2")
    await desk.status_alone()
    assert await desk.left() == {"C-1": {"L-1": "3"}, "C-2": {"L-2": "1"}}
    assert [one.erp.carrier for one in (await desk.record()).shipments] == ["CARRIER-1", "CARRIER-2"]


async def test_a_number_that_a_later_file_corrects_is_corrected() -> None:
    desk = await DespatchDesk().order()
    await desk.status()
    await desk.read("A,C-1,,,,CARRIER-1,,WRONG", name="1.csv")
    await desk.status()
    await desk.read("A,C-1,,,,CARRIER-1,,RIGHT", name="2.csv")
    assert await desk.numbers() == {"C-1": ["RIGHT"]}


@pytest.mark.parametrize(("hours", "waits"), [(1, True), (23, True), (24, False), (40, False)])
async def test_it_waits_as_long_as_tracking_may_and_leaves_as_of_when_the_status_told(hours: int, waits: bool) -> None:
    desk = await DespatchDesk().order()
    await desk.status()
    desk.desk.clock.advance(timedelta(hours=hours))
    await desk.status()
    assert (await desk.left() == {}) is waits
    assert [one.erp.shipped for one in (await desk.record()).shipments] == ([] if waits else [NOW])


async def test_it_does_not_wait_past_mirakls_deadline() -> None:
    desk = await DespatchDesk().order(shipping_deadline=NOW + timedelta(hours=2))
    await desk.status()
    desk.desk.clock.advance(timedelta(hours=2))
    await desk.status()
    assert list(await desk.left()) == ["P-A"]


async def test_without_any_file_it_goes_once_where_the_client_lets_it() -> None:
    desk = await DespatchDesk(policy=ShippingPolicy(untracked="ship", tracking_from="files")).order()
    await desk.status_alone()
    step = await desk.step()
    assert (step.waiting_for, step.due) == (TRACKING, desk.desk.clock.now() + deadlines.LEAST_FOR_TRACKING)


async def test_seen_again_it_waits_no_longer_and_costs_no_write() -> None:
    desk = await DespatchDesk().order()
    await desk.status()
    before = await desk.record()
    desk.desk.clock.advance(timedelta(hours=5))
    await desk.status()
    assert await desk.record() == before


async def test_a_part_that_files_told_of_and_then_all_by_status_waits_for_the_rest() -> None:
    desk = await DespatchDesk().order()
    await desk.read("A,C-1,L-1,,2,X,,T")
    await desk.change(steps=(replace(await desk.step(), state="waiting", waiting_for=REST),))
    await desk.status()
    assert ((await desk.step()).waiting_for, await desk.left()) == (REST, {"C-1": {"L-1": "2"}})
    await desk.read("A,C-2,,,,X,,U", name="rest.csv")
    assert await desk.left() == {"C-1": {"L-1": "2"}, "C-2": {"L-1": "1", "L-2": "1"}}


async def test_a_part_and_then_all_by_status_waits_for_the_file() -> None:
    desk = await DespatchDesk().order()
    await desk.status(whole=False)
    await desk.status()
    assert (await desk.step()).waiting_for == FILES


async def test_somebody_at_the_order_is_not_crossed() -> None:
    desk = await DespatchDesk().order()
    claimed = replace(await desk.step(), state="claimed", claim_until=NOW + timedelta(minutes=3))
    await desk.change(steps=(claimed,))
    before = await desk.record()
    await desk.status()
    assert await desk.record() == before


async def test_an_erp_that_is_not_looked_at_any_more_is_told() -> None:
    desk = await DespatchDesk().order()
    await desk.status()
    step = await desk.step()
    over = NOW + POLICY.tracking_within + LOOKED_AT_WITHIN
    found = late(step, over)
    assert late(step, over - timedelta(minutes=1)) is None
    assert found is not None
    assert found.kind == "not_shipped"
