"""The ERP's totals against what the shopper pays: equal, different, not there yet, or late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected, Unavailable, UnknownOutcome
from shared.exceptions import opened
from shared.flows import compare_totals
from shared.flows.compare_totals import AT_ONCE, Ports, decide
from shared.model.keys import OrderKey
from shared.model.policy import CreationPolicy
from shared.model.sales_order import ErpTotals
from shared.model.steps import Step
from shared.ports.own import Change, OrderRecord
from tests.builders import NOW, shop
from tests.fakes.clock import VirtualClock

SHOP, POLICY = shop(), CreationPolicy()
KEY = OrderKey(SHOP.id, "A-1")
DEADLINE = NOW + timedelta(hours=24)
PENDING = Step(
    "compare_totals",
    "waiting",
    waiting_for="totals",
    reference="NO-A-1",
    expected="TAX_INCLUDED 120.00 20.00",
    due=NOW,
    deadline=DEADLINE,
)


def shown(total: str | None, tax: str | None = "20.00") -> ErpTotals:
    return ErpTotals("NO-A-1", *(None if one is None else Decimal(one) for one in (total, tax)))


DECISIONS: list[tuple[str, str, ErpTotals, str]] = [
    ("to the cent", "TAX_INCLUDED 120.00 20.00", shown("120.00"), ""),
    ("at the tolerance", "TAX_INCLUDED 120.00 20.00", shown("120.02"), ""),
    ("beyond it", "TAX_INCLUDED 120.00 20.00", shown("120.03"), "order total is 120.03 instead of 120.00 (+0.03)"),
    ("below it", "TAX_INCLUDED 120.00 20.00", shown("119.97"), "order total is 119.97 instead of 120.00 (-0.03)"),
    ("tax alone", "TAX_INCLUDED 120.00 20.00", shown("120.00", "19.00"), "tax is 19.00 instead of 20.00 (-1.00)"),
    ("Mirakl states no tax", "TAX_INCLUDED 120.00 -", shown("120.00", "19.00"), ""),
    ("prices without tax", "TAX_EXCLUDED 100.00 20.00", shown("120.00"), ""),
    ("without tax, and none stated", "TAX_EXCLUDED 100.00 -", shown("119.00", "19.00"), ""),
    ("an order of nothing", "TAX_INCLUDED 0.00 0.00", shown("0.00", "0.00"), ""),
]


@pytest.mark.parametrize(
    ("expected", "totals", "text"), [one[1:] for one in DECISIONS], ids=[one[0] for one in DECISIONS]
)
def test_totals_that_are_there_close_the_step_and_differences_are_finance_s(
    expected: str, totals: ErpTotals, text: str
) -> None:
    step = replace(PENDING, expected=expected)
    change = decide(OrderRecord(KEY, steps={step.name: step}), step, totals, policy=POLICY, now=NOW)
    assert change is not None
    assert [(one.name, one.state, one.reason) for one in change.steps] == [
        ("compare_totals", "done", text or "totals are equal")
    ]
    raised = [(one.kind, one.owner, one.subject, one.reason) for one in change.opened]
    assert raised == ([("totals_differ", "finance", "NO-A-1", text)] if text else [])


@pytest.mark.parametrize(
    ("totals", "state", "reason"),
    [
        (shown("120.00"), "done", "totals are equal"),
        (shown("80.00"), "done", "not compared: lines were cancelled since"),
        (None, "not_needed", "cancelled, and gone from the ERP"),
    ],
)
def test_totals_after_a_cancellation_are_no_difference(totals: ErpTotals | None, state: str, reason: str) -> None:
    cancelled = Step("change_order", "done", lines=("A-1-2",))
    record = OrderRecord(KEY, steps={step.name: step for step in (PENDING, cancelled)})
    change = decide(record, PENDING, totals, policy=POLICY, now=NOW)
    assert change is not None
    assert [(step.state, step.reason) for step in change.steps] == [(state, reason)]
    assert change.opened == ()


@pytest.mark.parametrize(
    ("totals", "now", "reason"),
    [
        (shown(None, None), NOW, None),
        (None, DEADLINE - timedelta(seconds=1), None),
        (shown(None, None), DEADLINE, "no totals although they are due"),
        (None, DEADLINE, "the ERP does not show the order"),
    ],
)
def test_totals_that_are_not_there_are_waited_for_until_finance_must_know(
    totals: ErpTotals | None, now: datetime, reason: str | None
) -> None:
    record = OrderRecord(KEY, steps={PENDING.name: PENDING})
    change = decide(record, PENDING, totals, policy=POLICY, now=now)
    raised = [(one.kind, one.owner, one.reason) for one in change.opened] if change else []
    assert raised == ([("totals_late", "finance", reason)] if reason else [])
    if change is not None:
        told = replace(record, exceptions=change.opened)
        assert decide(told, PENDING, totals, policy=POLICY, now=now + timedelta(days=1)) is None


def test_totals_that_come_late_close_their_exception() -> None:
    record = OrderRecord(KEY, steps={PENDING.name: PENDING})
    late = decide(record, PENDING, None, policy=POLICY, now=DEADLINE)
    assert late is not None
    told = replace(record, exceptions=late.opened)
    change = decide(told, PENDING, shown("120.00"), policy=POLICY, now=DEADLINE)
    assert change is not None
    assert [one.kind for one in change.closed] == ["totals_late"]


@dataclass
class Erp:
    """Shows the totals that it has calculated, at most twenty orders a call."""

    calculated: dict[tuple[str, str], ErpTotals] = field(default_factory=dict)
    on_hold: set[str] = field(default_factory=set)
    refusal: Exception | None = None
    calls: int = 0
    down: bool = False

    async def release(self, *, company: str, number: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.on_hold.discard(number)

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        self.calls += 1
        assert len(numbers) <= AT_ONCE
        if self.down:
            raise Unavailable("HTTP 503", scope="erp")
        return [self.calculated[company, one] for one in numbers if (company, one) in self.calculated]


@dataclass
class Desk:
    erp: Erp = field(default_factory=Erp)

    def pending(self, count: int) -> list[OrderRecord]:
        found = []
        for number in range(count):
            reference = f"NO-A-{number}"
            self.erp.calculated["usmf", reference] = ErpTotals(reference, Decimal(120), Decimal(20))
            self.erp.on_hold.add(reference)
            step = replace(PENDING, reference=reference)
            found.append(OrderRecord(OrderKey(SHOP.id, f"A-{number}"), steps={step.name: step}))
        return found

    async def compare(
        self, pending: Sequence[OrderRecord], policy: CreationPolicy = POLICY
    ) -> Mapping[OrderKey, Change]:
        ports = Ports(self.erp, VirtualClock(NOW))  # type: ignore[arg-type]
        return await compare_totals.run("usmf", pending, policy=policy, ports=ports)


async def test_orders_are_asked_for_at_once_and_each_gets_its_change() -> None:
    desk = Desk()
    pending = desk.pending(20)
    del desk.erp.calculated["usmf", "NO-A-7"]
    changes = await desk.compare(pending)
    assert desk.erp.calls == 1
    assert [record.key.order for record in pending if record.key not in changes] == ["A-7"]
    assert all([step.state for step in change.steps] == ["done"] for change in changes.values())


async def test_an_erp_that_is_down_changes_nothing() -> None:
    desk = Desk(Erp(down=True))
    with pytest.raises(Unavailable):
        await desk.compare(desk.pending(1))


# Orders that are created on hold until they are compared.

HOLDING = replace(POLICY, hold_until_compared=True)


@pytest.mark.parametrize(("policy", "left"), [(HOLDING, set()), (POLICY, {"NO-A-0"})])
async def test_only_a_hold_of_ours_is_released_when_the_totals_are_equal(
    policy: CreationPolicy, left: set[str]
) -> None:
    desk = Desk()
    await desk.compare(desk.pending(1), policy)
    assert desk.erp.on_hold == left


async def test_an_order_whose_totals_differ_stays_on_hold() -> None:
    desk = Desk()
    pending = desk.pending(1)
    desk.erp.calculated["usmf", "NO-A-0"] = ErpTotals("NO-A-0", Decimal(121), Decimal(20))
    await desk.compare(pending, HOLDING)
    assert desk.erp.on_hold == {"NO-A-0"}


@pytest.mark.parametrize("kind", ["cancelled_after_creation", "amounts_differ"])
async def test_an_order_that_something_else_keeps_stays_on_hold(kind: str) -> None:
    desk = Desk()
    [record] = desk.pending(1)
    told = opened(record.key, Rejected(kind, subject="NO-A-0", reason="it stands"), step="create_order", now=NOW)
    await desk.compare([replace(record, exceptions=(told,))], HOLDING)
    assert desk.erp.on_hold == {"NO-A-0"}


async def test_an_order_that_the_erp_does_not_release_is_compared_and_told() -> None:
    desk = Desk(Erp(refusal=Rejected("erp_refused", subject="order", reason="it is being picked")))
    [change] = (await desk.compare(desk.pending(1), HOLDING)).values()
    assert [step.state for step in change.steps] == ["done"]
    assert [(one.kind, one.step) for one in change.opened] == [("erp_refused", "compare_totals")]


async def test_a_release_whose_answer_was_lost_is_asked_for_again_and_keeps_back_no_other() -> None:
    desk = Desk(Erp(refusal=UnknownOutcome("no answer", scope="erp")))
    pending = desk.pending(2)
    desk.erp.calculated["usmf", "NO-A-1"] = ErpTotals("NO-A-1", Decimal(121), Decimal(20))
    assert [key.order for key in await desk.compare(pending, HOLDING)] == ["A-1"]
