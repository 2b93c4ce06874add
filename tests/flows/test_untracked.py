"""Shipments whose tracking number does not come: they wait, they go without, or a person hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from shared.flows.leaving.seen_shipment import decide as seen
from shared.flows.waits import SHIPMENT, TRACKING
from shared.flows.watching.overdue import Looked, look
from shared.model.outcome import Done
from shared.model.policy import ShippingPolicy
from shared.model.shipment import Tracking
from shared.model.steps import Step
from shared.ports.own import Change
from tests.builders import NOW
from tests.fakes.shipping import FakeMirakl
from tests.flows.shipping_desk import ORDER, SHOP, Desk, slip
from tests.flows.test_seen_shipment import BOUGHT, SINGLE, WAITS, on_record
from tests.flows.test_seen_shipment import slip as shown

HOUR = timedelta(hours=1)
WAITING = ShippingPolicy(tracking_within=24 * HOUR)
SHIPPING = replace(WAITING, untracked="ship")
NEVER = replace(SHIPPING, tracking_from="people")
SLOW, BOUND = slip(mode="SLOW", number=""), slip(mode="STANDARD", number="")
"""Its mapping row wants a number and Mirakl does not; Mirakl wants one, too."""


def desk(policy: ShippingPolicy, *, multi: bool = False) -> Desk:
    return Desk(policy=policy, mirakl=FakeMirakl(multi=multi))


async def watched(at: Desk) -> Looked:
    """As `watch` does it, message aside."""
    found = look(await at.record(), shop=SHOP, shipping=at.policy, now=at.clock.now())
    if found.change is not None:
        await at.progress.commit(ORDER.key, found.change)
    return found


async def kinds(at: Desk) -> list[str]:
    return [one.kind for one in await at.open()]


@pytest.mark.parametrize("multi", [False, True])
async def test_it_goes_without_once_its_time_is_over(multi: bool) -> None:
    at = await desk(SHIPPING, multi=multi).prepared(SLOW)
    await at.one()
    assert ((await at.step()).waiting_for, at.mirakl.states[ORDER.key.order]) == (TRACKING, "SHIPPING")
    at.clock.advance(23 * HOUR)
    assert await watched(at) == Looked()
    at.clock.advance(HOUR)
    [message] = (await watched(at)).messages
    assert isinstance(await at.confirm(message), Done)
    assert at.mirakl.states[ORDER.key.order] == "SHIPPED"
    assert await kinds(at) == []
    if multi:
        [parcel] = at.mirakl.of(ORDER.key.order)
        assert (parcel.carrier, parcel.number) == ("LTR", "")
    else:
        assert at.mirakl.numbers[ORDER.key.order] == ("LTR", "")


@pytest.mark.parametrize("multi", [False, True])
async def test_where_no_tracking_can_come_it_goes_at_once(multi: bool) -> None:
    at = await desk(NEVER, multi=multi).prepared(SLOW)
    await at.one()
    assert at.mirakl.states[ORDER.key.order] == "SHIPPED"


@pytest.mark.parametrize("multi", [False, True])
@pytest.mark.parametrize("policy", [SHIPPING, NEVER])
async def test_a_carrier_that_mirakl_wants_a_number_of_is_a_persons_once(policy: ShippingPolicy, multi: bool) -> None:
    at = await desk(policy, multi=multi).prepared(BOUND)
    await at.one()
    assert ((await at.step()).waiting_for, await kinds(at)) == (TRACKING, [])
    at.clock.advance(25 * HOUR)
    [message] = (await watched(at)).messages
    await at.confirm(message)
    assert ((await at.step()).waiting_for, await kinds(at)) == (TRACKING, ["tracking_late"])
    at.clock.advance(HOUR)
    assert await watched(at) == Looked()
    assert at.mirakl.states[ORDER.key.order] == "SHIPPING"


async def test_its_exception_is_over_when_the_number_comes() -> None:
    at = await desk(SHIPPING).prepared(BOUND)
    await at.one()
    at.clock.advance(25 * HOUR)
    [message] = (await watched(at)).messages
    await at.confirm(message)
    await at.shows(replace(BOUND, tracking=(Tracking("T-1"),)))
    await at.one()
    assert (await kinds(at), at.mirakl.numbers[ORDER.key.order]) == ([], ("CA1", "T-1"))


async def test_where_the_client_waits_it_is_late_and_nothing_goes() -> None:
    at = await desk(WAITING).prepared(SLOW)
    await at.one()
    at.clock.advance(25 * HOUR)
    assert (await watched(at)).messages == ()
    assert (await kinds(at), at.mirakl.states[ORDER.key.order]) == (["tracking_late"], "SHIPPING")


@pytest.mark.parametrize(
    ("brings", "said"), [("erp", "no tracking number yet"), ("people", "the ERP knows no tracking")]
)
async def test_the_wait_says_what_is_missing(brings: Literal["erp", "people"], said: str) -> None:
    at = await desk(replace(WAITING, tracking_from=brings)).prepared(SLOW)
    await at.one()
    assert said in (await at.step()).reason


# When a shipment comes in.


@pytest.mark.parametrize(("policy", "state"), [(WAITING, "waiting"), (SHIPPING, "waiting"), (NEVER, "outstanding")])
def test_one_that_will_never_have_a_number_is_sent_at_once(policy: ShippingPolicy, state: str) -> None:
    found = seen([shown()], on_record(), order=BOUGHT, terms=replace(SINGLE, policy=policy), now=NOW)
    assert found.change is not None
    [step] = found.change.steps
    assert (step.state, step.waiting_for) == (state, TRACKING if state == "waiting" else "")


def test_one_that_mirakl_did_not_take_so_is_not_sent_at_every_look() -> None:
    terms = replace(SINGLE, policy=NEVER)
    first = seen([shown()], on_record(), order=BOUGHT, terms=terms, now=NOW).change
    assert first is not None
    waits = replace(WAITS, waiting_for=TRACKING, due=NOW + 24 * HOUR)
    again = seen([shown()], on_record(waits, *first.shipments), order=BOUGHT, terms=terms, now=NOW)
    assert again.goes is None


def test_only_a_wait_for_tracking_goes_without() -> None:
    past = NOW - HOUR
    for waiting_for in (SHIPMENT, "rest", "shipment shown", "order"):
        step = Step("confirm_shipment", "waiting", waiting_for=waiting_for, due=past)
        record = replace(on_record(None), steps={step.name: step})
        assert look(record, shop=SHOP, shipping=SHIPPING, now=NOW).messages == ()


def test_the_change_of_a_look_names_each_step_once() -> None:
    step = Step("confirm_shipment", "waiting", waiting_for=TRACKING, due=NOW - HOUR)
    change = look(replace(on_record(None), steps={step.name: step}), shop=SHOP, shipping=SHIPPING, now=NOW).change
    assert isinstance(change, Change)
    assert [one.name for one in change.steps] == ["confirm_shipment"]
    assert change.opened == ()
