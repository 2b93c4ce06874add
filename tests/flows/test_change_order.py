"""Cancelled in Mirakl after it was created in the ERP: held or taken out there, told to operations, and over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Rejected, Throttled, Unauthorized, UnknownOutcome
from shared.exceptions import opened
from shared.flows import change_order
from shared.flows.change_order import Claiming, Ports
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later, Outcome
from shared.model.policy import ShippingPolicy
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.own import Change
from shared.rules import standing
from shared.store.open_work import TableWorkList
from tests.builders import NOW, line, order
from tests.fakes.sales_orders import ENFORCED, FakeSalesOrders
from tests.flows.test_create_order import ORDER, SHOP, Desk

KEY, NUMBER = ORDER.key, "NO-N000001-A"
FIRST, SECOND = (f"{KEY.order}-{number}" for number in (1, 2))
WHOLE = order(lines=[line(id=FIRST), line(id=SECOND, index=2, sku="SKU-002")])
HOLD, REMOVE = ShippingPolicy(), ShippingPolicy(cancellation="remove")
REMOVES = replace(ENFORCED, cancels_lines=True)


def ports(desk: Desk) -> Ports:
    return Ports(
        sales_orders=desk.erp,
        changes=desk.erp,
        progress=desk.progress,
        work=TableWorkList(desk.tables),
        reader=lambda _key, _snapshot: desk.shown,
        clock=desk.clock,
    )


async def cancel(desk: Desk, *, policy: ShippingPolicy = HOLD, count: int = 1, attempt: int | None = None) -> Outcome:
    step = (await desk.progress.load(KEY)).steps["change_order"]
    message = StepMessage("change_order", SHOP.id, KEY.order, step.attempt if attempt is None else attempt)
    claiming = Claiming("token", timedelta(minutes=3), lambda: 0.5)
    return await change_order.run(
        message, Delivery(count), shop=SHOP, policy=policy, ports=ports(desk), claiming=claiming
    )


async def created(*lost: str, erp: FakeSalesOrders | None = None) -> Desk:
    """Both lines are in the ERP, totals are compared, and Mirakl shows `lost` cancelled, as the poll puts it."""
    desk = await Desk(shown=WHOLE, erp=erp or FakeSalesOrders(capabilities=REMOVES)).prepared()
    await desk.create()
    totals = replace(await desk.step("compare_totals"), state="done")
    change = Step("change_order", "outstanding", due=NOW, reference=NUMBER, lines=lost)
    await desk.progress.commit(KEY, Change(steps=(totals, change)))
    return desk


def standing_lines(desk: Desk) -> Sequence[str]:
    return [one for one in (FIRST, SECOND) if standing.stands(desk.erp.orders[NUMBER], one)]


async def reasons(desk: Desk) -> list[str]:
    return [one.reason for one in (await desk.progress.load(KEY)).exceptions]


async def test_the_order_is_held_and_operations_are_told_which_lines() -> None:
    desk = await created(FIRST)
    assert isinstance(await cancel(desk), Done)
    step = await desk.step("change_order")
    assert desk.erp.orders[NUMBER].on_hold
    assert standing_lines(desk) == [FIRST, SECOND]
    assert (step.state, step.waiting_for, step.expected) == ("waiting", "cancellation in the ERP", "held")
    assert await reasons(desk) == [f"cancelled in Mirakl: {FIRST}; the order is on hold in the ERP"]
    [told] = (await desk.progress.load(KEY)).exceptions
    assert (told.kind, told.owner, told.subject, told.due) == ("cancelled_after_creation", "operations", NUMBER, NOW)
    [work] = await TableWorkList(desk.tables).marked(SHOP.id, "erp", 10)
    assert (work.step, work.reference) == ("change_order", NUMBER)


async def test_the_creation_stays_done_with_its_number() -> None:
    desk = await created(FIRST, SECOND)
    before = await desk.step()
    await cancel(desk)
    assert await desk.step() == before


async def test_taken_out_line_by_line_nobody_has_anything_left_to_do() -> None:
    desk = await created(FIRST)
    goods = [one for one in desk.erp.orders[NUMBER].lines if one.reference in (FIRST, SECOND)]
    desk.erp.orders[NUMBER] = replace(desk.erp.orders[NUMBER], lines=tuple(goods))
    await cancel(desk, policy=REMOVE)
    step = await desk.step("change_order")
    assert standing_lines(desk) == [SECOND]
    assert (step.state, step.reason) == ("done", f"cancelled in Mirakl: {FIRST}; taken out of the order in the ERP")
    assert not desk.erp.orders[NUMBER].on_hold
    assert await desk.exceptions() == []


async def test_what_was_charged_with_lines_that_are_out_is_finance_s_to_correct() -> None:
    desk = await created(FIRST)
    await cancel(desk, policy=REMOVE)
    [told] = (await desk.progress.load(KEY)).exceptions
    assert (told.kind, told.owner, told.subject) == ("totals_differ", "finance", NUMBER)
    assert told.reason == f"{FIRST} taken out; what was charged with them stands in shipping-1"
    assert (await desk.step("change_order")).state == "done"


async def test_an_order_without_goods_is_not_deleted_but_stopped_and_shown() -> None:
    desk = await created(FIRST, SECOND)
    await cancel(desk, policy=REMOVE)
    assert standing_lines(desk) == []
    assert desk.erp.orders[NUMBER].on_hold
    assert (await desk.step("change_order")).state == "waiting"
    assert "stands empty" in (await reasons(desk))[0]


async def test_what_the_erp_does_not_let_go_is_held() -> None:
    desk = await created(FIRST, erp=FakeSalesOrders(capabilities=REMOVES, keeps=frozenset({FIRST})))
    await cancel(desk, policy=REMOVE)
    assert desk.erp.orders[NUMBER].on_hold
    [reason] = await reasons(desk)
    assert "refused to take them out (a line has been picked); the order is on hold" in reason


@pytest.mark.parametrize(
    ("can", "policy", "on_hold"),
    [
        (replace(ENFORCED, cancels_lines=False), REMOVE, True),
        (replace(ENFORCED, holds=False), HOLD, False),
        (replace(ENFORCED, holds=False), REMOVE, False),
    ],
)
async def test_an_erp_does_what_it_can_and_operations_are_told_all_the_same(
    can: object, policy: ShippingPolicy, on_hold: bool
) -> None:
    desk = await created(FIRST, erp=FakeSalesOrders(capabilities=can))  # type: ignore[arg-type]
    await cancel(desk, policy=policy)
    assert (desk.erp.orders[NUMBER].on_hold, standing_lines(desk)) == (on_hold, [FIRST, SECOND])
    assert await desk.exceptions() == ["cancelled_after_creation"]
    assert (await desk.step("change_order")).expected == ("held" if on_hold else "")


@pytest.mark.parametrize("policy", [HOLD, REMOVE])
async def test_what_a_person_cancelled_there_already_is_nobody_s_business(policy: ShippingPolicy) -> None:
    desk = await created(FIRST)
    held = desk.erp.orders[NUMBER]
    gone = tuple(replace(one, cancelled=one.reference == FIRST) for one in held.lines)
    desk.erp.orders[NUMBER] = replace(held, lines=gone)
    await cancel(desk, policy=policy)
    assert (await desk.step("change_order")).state == "done"
    assert await desk.exceptions() == []
    assert not desk.erp.orders[NUMBER].on_hold


async def test_an_order_that_is_gone_is_over() -> None:
    desk = await created(FIRST, SECOND)
    desk.erp.orders.clear()
    await cancel(desk)
    assert ((await desk.step("change_order")).state, await desk.exceptions()) == ("done", [])


async def test_a_hold_of_somebody_else_s_is_not_ours_to_end() -> None:
    desk = await created(FIRST)
    desk.erp.orders[NUMBER] = replace(desk.erp.orders[NUMBER], on_hold=True)
    await cancel(desk)
    assert (await desk.step("change_order")).expected == ""


async def test_a_hold_that_waits_for_totals_ends_with_ours() -> None:
    desk = await created(FIRST)
    desk.erp.orders[NUMBER] = replace(desk.erp.orders[NUMBER], on_hold=True)
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("compare_totals"), state="waiting"),)))
    await cancel(desk)
    assert (await desk.step("change_order")).expected == "held"


async def held_and_cancelled_there() -> Desk:
    """Held by us, one line is cancelled there since, and the look has found that out."""
    desk = await created(FIRST)
    await cancel(desk)
    held = desk.erp.orders[NUMBER]
    desk.erp.orders[NUMBER] = replace(held, lines=tuple(one for one in held.lines if one.reference != FIRST))
    again = replace(await desk.step("change_order"), state="outstanding", attempt=2, waiting_for="")
    await desk.progress.commit(KEY, Change(steps=(again,)))
    return desk


async def test_what_only_our_hold_keeps_goes_on() -> None:
    desk = await held_and_cancelled_there()
    await cancel(desk)
    assert not desk.erp.orders[NUMBER].on_hold
    assert ((await desk.step("change_order")).state, await desk.exceptions()) == ("done", [])


@pytest.mark.parametrize("kind", ["amounts_differ", "totals_differ"])
async def test_what_finance_must_see_first_stays_on_hold(kind: str) -> None:
    desk = await held_and_cancelled_there()
    stands = opened(KEY, Rejected(kind, subject=NUMBER, reason="differs"), step="create_order", now=NOW)
    await desk.progress.commit(KEY, Change(opened=(stands,)))
    await cancel(desk)
    assert desk.erp.orders[NUMBER].on_hold
    assert ((await desk.step("change_order")).state, await desk.exceptions()) == ("done", [kind])


async def test_while_totals_are_to_be_compared_the_hold_stays() -> None:
    desk = await held_and_cancelled_there()
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("compare_totals"), state="waiting"),)))
    await cancel(desk)
    step = await desk.step("change_order")
    assert desk.erp.orders[NUMBER].on_hold
    assert (step.state, step.waiting_for, step.expected, await desk.exceptions()) == ("waiting", "totals", "held", [])


async def test_more_lines_cancelled_later_are_told_in_the_same_exception() -> None:
    desk = await created(FIRST)
    await cancel(desk)
    again = replace(await desk.step("change_order"), state="outstanding", attempt=2, lines=(FIRST, SECOND))
    await desk.progress.commit(KEY, Change(steps=(again,)))
    await cancel(desk)
    assert await reasons(desk) == [f"cancelled in Mirakl: {FIRST}, {SECOND}; the order is on hold in the ERP"]


@pytest.mark.parametrize(
    ("failure", "fate"),
    [
        (UnknownOutcome("no answer", scope="erp"), Later),
        (Throttled("429", scope="erp"), Blocked),
        (Unauthorized("401", scope="erp"), Blocked),
    ],
)
@pytest.mark.parametrize("after_effect", [False, True])
async def test_whatever_became_of_the_call_it_is_made_again(
    failure: Exception, fate: type[Outcome], after_effect: bool
) -> None:
    desk = await created(FIRST)
    whole = desk.erp.hold

    async def fail(*, company: str, number: str) -> None:
        if after_effect:
            await whole(company=company, number=number)
        raise failure

    desk.erp.hold = fail  # type: ignore[method-assign]
    outcome = await cancel(desk)
    assert isinstance(outcome, fate)
    assert isinstance(outcome, Later | Blocked)
    assert outcome.step is not None
    assert await desk.exceptions() == []
    desk.erp.hold = whole  # type: ignore[method-assign]
    await desk.progress.commit(KEY, Change(steps=(replace(outcome.step, attempt=2),)))
    await cancel(desk)
    assert desk.erp.orders[NUMBER].on_hold
    assert await desk.exceptions() == ["cancelled_after_creation"]


async def test_a_hold_whose_answer_was_lost_is_still_ours() -> None:
    desk = await created(FIRST)
    whole = desk.erp.hold

    async def lost(*, company: str, number: str) -> None:
        await whole(company=company, number=number)
        raise UnknownOutcome("no answer", scope="erp")

    desk.erp.hold = lost  # type: ignore[method-assign]
    outcome = await cancel(desk)
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    await desk.progress.commit(KEY, Change(steps=(outcome.step,)))
    desk.erp.hold = whole  # type: ignore[method-assign]
    await cancel(desk)
    assert (await desk.step("change_order")).expected == "held"


async def test_an_erp_that_cannot_be_read_is_not_written_to() -> None:
    desk = await created(FIRST)

    async def down(**_: object) -> Sequence[object]:
        raise Throttled("429", scope="erp")

    desk.erp.shown = down  # type: ignore[assignment,method-assign]
    assert isinstance(await cancel(desk), Blocked)
    assert not desk.erp.orders[NUMBER].on_hold


async def test_an_order_that_may_not_go_on_is_an_exception_and_its_redelivery_is_judged() -> None:
    desk = await held_and_cancelled_there()

    async def refuse(**_: str) -> None:
        raise Rejected("erp_refused", subject="order", reason="it is being invoiced")

    desk.erp.release = refuse  # type: ignore[method-assign]
    outcome = await cancel(desk)
    assert isinstance(outcome, Exceptional)
    await desk.progress.commit(KEY, Change(steps=(replace(outcome.step, state="exception", kind="erp_refused"),)))
    assert isinstance(await cancel(desk, count=2), AlreadyJudged)


async def test_a_message_that_comes_twice_or_late_does_nothing() -> None:
    desk = await created(FIRST)
    await cancel(desk)
    desk.erp.orders[NUMBER] = replace(desk.erp.orders[NUMBER], on_hold=False)
    assert isinstance(await cancel(desk), Done)
    assert not desk.erp.orders[NUMBER].on_hold
    again = replace(await desk.step("change_order"), state="outstanding", attempt=3)
    await desk.progress.commit(KEY, Change(steps=(again,)))
    assert isinstance(await cancel(desk, attempt=2), Done)
    assert not desk.erp.orders[NUMBER].on_hold
