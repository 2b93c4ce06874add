"""What looking at an open order comes to: sent again, told to people, ended by what Mirakl showed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import Rejected
from shared.exceptions import KINDS, opened
from shared.flows.sighting.seen_order import RESEND
from shared.flows.waits import BATCH, TRACKING
from shared.flows.watching.overdue import Looked, look
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.order import Snapshot
from shared.model.policy import ShippingPolicy
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from tests.builders import NOW, shop
from tests.flows.test_seen_way_back import LEFT

SHOP = shop()
KEY = OrderKey(SHOP.id, "A-1")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAST, COMING = NOW - MINUTE, NOW + MINUTE


def acceptance(state: str = "outstanding", **fields: Any) -> Step:
    return replace(Step("acknowledge_order", "outstanding", lines=("A-1-1",)), state=state, **fields)  # type: ignore[arg-type]


def creation(state: str = "outstanding", **fields: Any) -> Step:
    return replace(Step("create_order", "outstanding"), state=state, **fields)  # type: ignore[arg-type]


def totals(**fields: Any) -> Step:
    return replace(Step("compare_totals", "waiting", waiting_for="totals", due=PAST), **fields)


def confirmation(state: str = "waiting", **fields: Any) -> Step:
    return replace(Step("confirm_shipment", "waiting"), state=state, **fields)  # type: ignore[arg-type]


def change(state: str = "outstanding", **fields: Any) -> Step:
    return replace(Step("change_order", "outstanding"), state=state, **fields)  # type: ignore[arg-type]


def numbers(state: str = "waiting", **fields: Any) -> Step:
    return replace(Step("report_order_numbers", "waiting", waiting_for="report"), state=state, **fields)  # type: ignore[arg-type]


def standing(kind: str, step: str) -> OpenException:
    return opened(KEY, Rejected(kind, subject="order", reason="it stands"), step=step, now=PAST)


def looked(*steps: Step, stand: tuple[OpenException, ...] = ()) -> Looked:
    return look(
        OrderRecord(KEY, steps={step.name: step for step in steps}, exceptions=stand),
        shop=SHOP,
        shipping=ShippingPolicy(),
        now=NOW,
    )


RESENT = [
    ("overdue", creation(due=PAST), [1]),
    ("due this very moment", creation(due=NOW), [1]),
    ("without a due time", creation(), [1]),
    ("not due yet", creation(due=COMING), []),
    ("in doubt and overdue", creation("unknown", due=PAST, sent=PAST, attempt=4), [4]),
    ("in doubt and not due", creation("unknown", due=COMING, sent=PAST), []),
    ("a live claim", creation("claimed", due=PAST, claim_owner="x", claim_until=COMING), []),
    ("a claim that ran out", creation("claimed", due=PAST, claim_owner="x", claim_until=PAST), [2]),
    ("waiting for the other side", creation("waiting", waiting_for="payment", due=COMING), []),
    ("an exception waits for a person", creation("exception", kind="mapping_missing"), []),
    ("an acceptance that is overdue", acceptance(due=PAST), [1]),
    ("an acceptance in doubt waits for the next answer", acceptance("unknown", due=PAST, sent=PAST), []),
    ("an acceptance that was answered", acceptance("waiting", waiting_for="decision shown", due=PAST), []),
    ("totals are read, not sent for", totals(), []),
    ("numbers are reported here", numbers(due=PAST), []),
    ("a shipment that is overdue", confirmation("outstanding", due=PAST, attempt=2), [2]),
    ("a shipment of a batch that failed", confirmation("outstanding", due=PAST, waiting_for=BATCH), [1]),
    ("a shipment in doubt", confirmation("unknown", due=PAST, sent=PAST), [1]),
    ("a shipment whose holder died", confirmation("claimed", claim_owner="x", claim_until=PAST), [2]),
    ("a shipment that waits for tracking", confirmation(waiting_for=TRACKING, due=PAST), []),
    ("a change that is overdue", change(due=PAST, attempt=4), [4]),
    ("a change that waits for people", change("waiting", waiting_for="cancellation in the ERP"), []),
]


@pytest.mark.parametrize(("step", "attempts"), [one[1:] for one in RESENT], ids=[one[0] for one in RESENT])
def test_what_is_overdue_is_sent_again_and_only_a_dead_claim_takes_the_next_number(
    step: Step, attempts: list[int]
) -> None:
    found = looked(step)
    assert [message.attempt for message in found.messages] == attempts
    recorded = [(one.attempt, one.due) for one in found.change.steps if one != step] if found.change else []
    assert recorded == [(attempt, NOW + RESEND) for attempt in attempts]


def test_a_claim_whose_holder_died_leaves_its_doubt_on_record() -> None:
    found = looked(creation("claimed", claims=2, claim_owner="dead", claim_until=PAST))
    assert found.change is not None
    [step] = found.change.steps
    assert (step.state, step.sent, step.claim_owner, step.claims) == ("unknown", PAST, "", 2)


def test_a_message_sent_again_keeps_the_showing_it_is_about() -> None:
    [message] = looked(acceptance(due=PAST, seen=PAST - HOUR)).messages
    assert message.seen == PAST - HOUR


HALF = timedelta(hours=12)
RAISED = [
    ("half of the window", acceptance(due=COMING, deadline=NOW), [("acceptance_at_risk", "half of")]),
    ("three quarters", acceptance(due=COMING, deadline=NOW - HALF / 2), [("acceptance_at_risk", "three quarters")]),
    ("in doubt is at risk too", acceptance("unknown", deadline=PAST), [("acceptance_at_risk", "half of")]),
    ("an exception is at risk too", acceptance("exception", deadline=PAST), [("acceptance_at_risk", "half of")]),
    ("before half of it", acceptance(due=COMING, deadline=COMING), []),
    ("answered", acceptance("waiting", waiting_for="decision shown", due=COMING, deadline=PAST), []),
    ("paid late", creation("waiting", waiting_for="payment", due=PAST), [("waits_too_long", "payment")]),
    ("not late yet", creation("waiting", waiting_for="payment", due=COMING), []),
    ("not shipped", confirmation(waiting_for="shipment", due=NOW), [("not_shipped", "no shipment")]),
    (
        "untold for hours",
        confirmation("outstanding", due=COMING, deadline=PAST),
        [("shipment_untold", "could not be told")],
    ),
    ("untold in doubt", confirmation("unknown", due=COMING, deadline=PAST), [("shipment_untold", "could not be told")]),
    ("told in time", confirmation("outstanding", due=COMING, deadline=COMING), []),
    ("no tracking", confirmation(waiting_for=TRACKING, due=PAST), [("tracking_late", "no tracking number")]),
    ("no rest", confirmation(waiting_for="rest", due=PAST), [("shipment_incomplete", "a part")]),
    ("told, not shown", confirmation(waiting_for="shipment shown", due=PAST), [("shipment_refused", "not show")]),
    ("no order", confirmation(waiting_for="order", due=PAST), [("shipment_unmatched", "no order")]),
    ("to be shipped yet", confirmation(waiting_for="shipment", due=COMING), []),
    ("sent again, not told", confirmation("outstanding", waiting_for=BATCH, due=PAST), []),
    ("numbers since today", numbers(due=NOW - 23 * HOUR), []),
    ("numbers since yesterday", numbers(due=NOW - 24 * HOUR), [("order_number_refused", "a day")]),
]


@pytest.mark.parametrize(("step", "kinds"), [one[1:] for one in RAISED], ids=[one[0] for one in RAISED])
def test_what_is_at_risk_is_told_once(step: Step, kinds: list[tuple[str, str]]) -> None:
    found = looked(step)
    raised = found.change.opened if found.change else ()
    assert [one.kind for one in raised] == [kind for kind, _ in kinds]
    assert all(word in one.reason for one, (_, word) in zip(raised, kinds, strict=True))
    again = looked(step, stand=tuple(standing(kind, step.name) for kind, _ in kinds))
    assert again.change is None or again.change.opened == ()


@pytest.mark.parametrize("found", [NOW, NOW + 5 * HOUR])
def test_an_acceptance_at_risk_is_critical_at_three_quarters_of_its_window(found: datetime) -> None:
    step = acceptance(due=NOW + 9 * HOUR, deadline=NOW)
    change = look(OrderRecord(KEY, steps={step.name: step}), shop=SHOP, shipping=ShippingPolicy(), now=found).change
    assert change is not None
    assert [(one.due, one.escalates) for one in change.opened] == [(found, NOW + HALF / 2)]


@pytest.mark.parametrize("waits", ["shipment", TRACKING, "rest", "shipment shown"])
def test_what_is_late_on_its_way_back_is_due_now_at_operations(waits: str) -> None:
    step = confirmation(waiting_for=waits, due=PAST)
    change = looked(step).change
    assert change is not None
    assert [(one.owner, one.due, one.subject, one.step) for one in change.opened] == [
        ("operations", NOW, "order", "confirm_shipment")
    ]
    assert all(one.kind in KINDS for one in change.opened)
    assert change.steps == (step,)


# What a showing could not end, because somebody was at it.


def shown(*states: str, step: Step, **fields: Any) -> Looked:
    lines = [{"order_line_id": f"A-1-{number}", "order_line_state": state} for number, state in enumerate(states)]
    snapshot = Snapshot(PAST, {"order_lines": lines}, {})
    return look(
        OrderRecord(KEY, snapshot, steps={step.name: step}, **fields), shop=SHOP, shipping=ShippingPolicy(), now=NOW
    )


ENDED = [
    ("shipped", ["SHIPPED", "CANCELED"], confirmation(waiting_for="shipment shown", due=PAST), "done", []),
    ("its holder died", ["SHIPPED"], confirmation("claimed", claim_until=PAST, claim_owner="x"), "done", []),
    (
        "cancelled",
        ["CANCELED"],
        confirmation(waiting_for="rest", due=PAST),
        "not_needed",
        ["shipped_after_cancellation"],
    ),
]


@pytest.mark.parametrize(
    ("states", "step", "state", "kinds"), [one[1:] for one in ENDED], ids=[one[0] for one in ENDED]
)
def test_what_the_last_answer_shows_ends_a_shipment(
    states: list[str], step: Step, state: str, kinds: list[str]
) -> None:
    stands = standing("shipment_refused", "confirm_shipment")
    found = shown(*states, step=step, shipments=(LEFT,), exceptions=(stands,))
    assert found.change is not None
    assert [(one.name, one.state) for one in found.change.steps] == [("confirm_shipment", state)]
    assert [one.kind for one in found.change.opened] == kinds
    assert (found.change.closed, found.messages) == ((stands,), ())


def test_a_live_claim_is_not_ended() -> None:
    step = confirmation("claimed", claim_until=COMING, claim_owner="x")
    assert shown("SHIPPED", step=step) == Looked()


def test_an_order_whose_steps_are_all_closed_comes_to_nothing() -> None:
    assert looked(creation("done"), acceptance("not_needed")) == Looked()
