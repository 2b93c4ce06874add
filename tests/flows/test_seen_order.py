"""What a showing in OR11 changes: a table of what was on record, what Mirakl shows, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.flows.sighting.seen_order import RESEND, Seen, decide
from shared.model.keys import OrderKey
from shared.model.order import SightedLine, Sighting, Snapshot
from shared.model.policy import CreationPolicy
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.rules.order_states import PHASES
from tests.builders import NOW, shop

SHOP = shop()
KEY = OrderKey(SHOP.id, "A-1")


def sighting(*states: str, seen: datetime = NOW, created: datetime = NOW - timedelta(hours=1)) -> Sighting:
    lines = tuple(SightedLine(f"A-1-{index}", state) for index, state in enumerate(states, start=1))
    facts = {"order_state": states[0], "acceptance_decision_date": None}
    return Sighting("A-1", states[0], created, lines, seen, Snapshot(seen, facts, {}))


def record(*steps: Step, updated: datetime | None = None) -> OrderRecord:
    snapshot = Snapshot(updated, {}, {}) if updated else None
    return OrderRecord(KEY, snapshot=snapshot, steps={step.name: step for step in steps})


def see(shown: Sighting, on_record: OrderRecord, now: datetime = NOW) -> Seen:
    return decide(shown, on_record, shop=SHOP, policy=CreationPolicy(), now=now)


def changed(seen: Seen) -> dict[str, str]:
    return {step.name: step.state for step in seen.change.steps} if seen.change else {}


def sent(seen: Seen) -> list[tuple[str, int]]:
    return [(message.step, message.attempt) for message in seen.messages]


@pytest.mark.parametrize(
    ("states", "steps", "messages"),
    [
        (
            ["WAITING_ACCEPTANCE"],
            {"acknowledge_order": "outstanding", "create_order": "waiting"},
            [("acknowledge_order", 1)],
        ),
        (["STAGING"], {"create_order": "waiting"}, []),
        (["WAITING_DEBIT_PAYMENT"], {"create_order": "waiting"}, []),
        (["SHIPPING"], {"create_order": "outstanding"}, [("create_order", 1)]),
        (["SHIPPING", "CANCELED"], {"create_order": "outstanding"}, [("create_order", 1)]),
        (
            ["SHIPPING", "WAITING_ACCEPTANCE"],
            {"acknowledge_order": "outstanding", "create_order": "outstanding"},
            [("acknowledge_order", 1), ("create_order", 1)],
        ),
        (["REFUSED"], {"create_order": "not_needed"}, []),
        (["CANCELED", "REFUSED"], {"create_order": "not_needed"}, []),
        (["SHIPPED"], {"create_order": "not_needed"}, []),
        (["A_NEW_STATE"], {"create_order": "waiting"}, []),
    ],
)
def test_a_first_showing(states: list[str], steps: dict[str, str], messages: list[tuple[str, int]]) -> None:
    seen = see(sighting(*states), record())
    assert changed(seen) == steps
    assert sent(seen) == messages


def test_the_same_showing_again_changes_nothing() -> None:
    shown = sighting("SHIPPING")
    first = see(shown, record())
    assert first.change is not None
    again = see(shown, replace(record(*first.change.steps), snapshot=shown.snapshot))
    assert again == Seen()


def test_an_older_answer_never_replaces_a_newer_snapshot() -> None:
    seen = see(sighting("SHIPPING", seen=NOW - timedelta(minutes=5)), record(updated=NOW))
    assert seen.change is not None
    assert seen.change.snapshot is None


def test_a_second_change_within_the_same_second_is_seen() -> None:
    first = see(sighting("SHIPPING"), record())
    assert first.change is not None
    stored = replace(record(*first.change.steps), snapshot=first.change.snapshot)
    again = see(sighting("CANCELED"), stored)
    assert again.change is not None
    assert again.change.snapshot is not None


def test_orders_placed_before_go_live_are_tracked_and_never_touched() -> None:
    seen = see(sighting("WAITING_ACCEPTANCE", created=SHOP.orders_from - timedelta(seconds=1)), record())
    assert changed(seen) == {}
    assert seen.messages == ()
    assert seen.change is not None
    assert seen.change.snapshot is not None
    assert seen.change.open_work is None


ACKNOWLEDGED = Step(
    "acknowledge_order", "waiting", waiting_for="decision shown", sent=NOW - timedelta(minutes=1), version="1"
)
PAID_LATER = Step("create_order", "waiting", waiting_for="acceptance", due=NOW + timedelta(days=1), version="1")
CREATED = Step("create_order", "done", reference="NO-A-1", lines=("A-1-1", "A-1-2"), version="1")


@pytest.mark.parametrize(
    ("step", "shown", "state", "messages"),
    [
        (ACKNOWLEDGED, sighting("WAITING_ACCEPTANCE"), "outstanding", [("acknowledge_order", 2)]),
        (ACKNOWLEDGED, sighting("WAITING_ACCEPTANCE", seen=NOW - timedelta(minutes=2)), None, []),
        (replace(ACKNOWLEDGED, state="unknown"), sighting("WAITING_ACCEPTANCE"), "outstanding", [("acknowledge_order", 2)]),
        (replace(ACKNOWLEDGED, state="outstanding", due=NOW + RESEND), sighting("WAITING_ACCEPTANCE"), None, []),
        (replace(ACKNOWLEDGED, state="outstanding", due=NOW), sighting("WAITING_ACCEPTANCE"), "outstanding", [("acknowledge_order", 1)]),
        (replace(ACKNOWLEDGED, state="exception"), sighting("WAITING_ACCEPTANCE"), None, []),
        (ACKNOWLEDGED, sighting("WAITING_DEBIT"), "done", []),
        (replace(ACKNOWLEDGED, state="unknown"), sighting("REFUSED"), "done", []),
    ],
)  # fmt: skip
def test_acceptance_follows_what_mirakl_shows(
    step: Step, shown: Sighting, state: str | None, messages: list[tuple[str, int]]
) -> None:
    seen = see(shown, record(step, PAID_LATER))
    assert changed(seen).get("acknowledge_order") == state
    assert [one for one in sent(seen) if one[0] == "acknowledge_order"] == messages


@pytest.mark.parametrize(
    ("step", "shown", "state", "messages"),
    [
        (PAID_LATER, sighting("SHIPPING"), "outstanding", [("create_order", 1)]),
        (PAID_LATER, sighting("CANCELED"), "not_needed", []),
        (PAID_LATER, sighting("SHIPPED"), "not_needed", []),
        (replace(PAID_LATER, state="exception", kind="x"), sighting("CANCELED"), "not_needed", []),
        (replace(PAID_LATER, state="exception", kind="x", sent=NOW), sighting("CANCELED"), "outstanding", [("create_order", 2)]),
        (replace(PAID_LATER, state="unknown", sent=NOW), sighting("CANCELED"), None, []),
        (replace(PAID_LATER, state="claimed", claim_until=NOW), sighting("CANCELED"), None, []),
        (replace(PAID_LATER, state="outstanding", due=NOW), sighting("SHIPPING"), "outstanding", [("create_order", 1)]),
        (CREATED, sighting("SHIPPING", "CANCELED"), None, []),
        (CREATED, sighting("SHIPPING", "SHIPPING"), None, []),
        (replace(CREATED, lines=("A-1-1",)), sighting("SHIPPING", "CANCELED"), None, []),
    ],
)  # fmt: skip
def test_creation_follows_what_mirakl_shows(
    step: Step, shown: Sighting, state: str | None, messages: list[tuple[str, int]]
) -> None:
    seen = see(shown, record(step))
    assert changed(seen).get("create_order") == state
    assert [one for one in sent(seen) if one[0] == "create_order"] == messages


def test_a_refusal_by_time_out_is_an_exception_for_operations() -> None:
    seen = see(sighting("REFUSED"), record(replace(ACKNOWLEDGED, state="outstanding"), PAID_LATER))
    assert seen.change is not None
    assert [(one.kind, one.owner, one.due) for one in seen.change.opened] == [("auto_refused", "operations", NOW)]


def test_an_operator_that_decides_by_itself_is_no_time_out() -> None:
    seen = see(sighting("REFUSED"), record())
    assert seen.change is not None
    assert seen.change.opened == ()


def test_a_record_that_cannot_be_read_is_an_exception_and_is_accepted_all_the_same() -> None:
    broken = replace(sighting("WAITING_ACCEPTANCE"), snapshot=None, unreadable="last_updated_date is missing")
    seen = see(broken, record())
    assert seen.change is not None
    assert [one.kind for one in seen.change.opened] == ["order_unreadable"]
    assert ("acknowledge_order", 1) in sent(seen)


def test_lines_that_become_due_after_creation_are_shown_to_operations() -> None:
    seen = see(sighting("SHIPPING", "SHIPPING"), record(replace(CREATED, lines=("A-1-1",))))
    assert seen.change is not None
    assert [one.kind for one in seen.change.opened] == ["lines_after_creation"]


# The row by which an open order is found.

REPORTED = Step("report_order_numbers", "waiting", waiting_for="report", due=NOW, version="1")
SHIPS = Step("confirm_shipment", "waiting", waiting_for="shipment", due=NOW + timedelta(days=2), version="1")


def test_the_row_is_put_at_first_sight_and_goes_at_the_end() -> None:
    first = see(sighting("WAITING_ACCEPTANCE"), record())
    assert first.work is not None
    assert first.work.due == NOW + RESEND
    over = see(sighting("CANCELED"), record(replace(ACKNOWLEDGED, state="waiting"), PAID_LATER))
    assert (over.work, over.over) == (None, True)


@pytest.mark.parametrize(
    ("steps", "shown", "put"),
    [
        ([ACKNOWLEDGED, PAID_LATER], sighting("WAITING_DEBIT"), False),
        ([replace(ACKNOWLEDGED, state="done"), PAID_LATER], sighting("SHIPPING"), True),
        ([replace(ACKNOWLEDGED, state="unknown"), PAID_LATER], sighting("WAITING_DEBIT"), True),
        ([replace(ACKNOWLEDGED, state="outstanding", due=NOW + RESEND), PAID_LATER], sighting("WAITING_DEBIT"), False),
        ([CREATED, REPORTED, SHIPS], sighting("SHIPPED", "SHIPPED"), False),
        ([CREATED, SHIPS], sighting("SHIPPING", "CANCELED"), True),
        ([CREATED, REPORTED, SHIPS], sighting("SHIPPING", "CANCELED"), False),
        ([CREATED, replace(SHIPS, waiting_for="tracking"), REPORTED], sighting("SHIPPED", "SHIPPED"), True),
        ([replace(CREATED, state="outstanding"), SHIPS], sighting("SHIPPING", "CANCELED"), False),
    ],
    ids=[
        "it sleeps on",
        "it wakes up",
        "it is no more in doubt",
        "it did not sleep",
        "something else still waits",
        "a cancellation wakes it",
        "its number is still to be told, so that it did not sleep",
        "nobody looks for its tracking any more",
        "its row comes due soon anyhow",
    ],
)
def test_the_row_of_an_open_order_is_put_where_it_wakes_or_is_looked_for_otherwise(
    steps: list[Step], shown: Sighting, put: bool
) -> None:
    seen = see(shown, record(*steps))
    assert (seen.work is not None, seen.over) == (put, False)
    assert seen.work is None or seen.work.due <= NOW + RESEND


@given(st.lists(st.sampled_from([*PHASES, "A_NEW_STATE"]), min_size=1, max_size=3), st.booleans())
def test_an_order_that_stands_in_the_erp_is_never_created_again(states: list[str], later: bool) -> None:
    seen = see(sighting(*states), record(CREATED, updated=NOW), NOW + timedelta(days=9 if later else 0))
    assert "create_order" not in changed(seen)
    assert "create_order" not in [step for step, _ in sent(seen)]
