"""What a showing in OR11 makes of an order that is on its way back: shipped, cancelled, told and not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.sighting.seen_order import RESEND, Seen, decide
from shared.flows.sighting.seen_way_back import snapshot_lines
from shared.flows.waits import BATCH, TRACKING
from shared.model.keys import OrderKey
from shared.model.order import SightedLine, Sighting, Snapshot
from shared.model.policy import CreationPolicy
from shared.model.shipment import ErpShipment, Shipment, ShippedLine
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from tests.builders import NOW, shop

SHOP = shop()
KEY = OrderKey(SHOP.id, "A-1")
HOUR = timedelta(hours=1)
CREATED = Step("create_order", "done", reference="NO-A-1", lines=("A-1-1", "A-1-2"), version="1")
CONFIRM = Step("confirm_shipment", "waiting", waiting_for="shipment", due=NOW + 48 * HOUR, version="1")
REST = replace(CONFIRM, waiting_for="rest", attempt=3)
TOLD = replace(CONFIRM, waiting_for="shipment shown", due=NOW - HOUR, sent=NOW - 3 * HOUR, attempt=2)
CLAIMED = replace(CONFIRM, state="claimed", claim_owner="x", claim_until=NOW + HOUR, waiting_for="")
DEAD = replace(CLAIMED, claim_until=NOW - HOUR)
LEFT = Shipment(
    ErpShipment(
        id="1",
        document="PS-1",
        number="NO-A-1",
        reference="NO-A-1",
        shipped=NOW,
        delivery_mode="STD",
        carrier="CARRIER-1",
        service="",
        lines=(ShippedLine("A-1-1", Decimal(1), Decimal(1)),),
    )
)


def snapshot(*states: str, cancelled: int = 0, at: datetime = NOW) -> Snapshot:
    """`cancelled`: so many cancellations of a part of the first line."""
    lines: list[dict[str, Any]] = [
        {"order_line_id": f"A-1-{index}", "order_line_state": state} for index, state in enumerate(states, start=1)
    ]
    lines[0]["cancelations"] = [{"id": f"C-{number}", "quantity": Decimal(1)} for number in range(cancelled)]
    return Snapshot(at, {"order_state": states[0], "order_lines": lines}, {})


def shown(*states: str, cancelled: int = 0, seen: datetime = NOW) -> Sighting:
    lines = tuple(SightedLine(f"A-1-{index}", state) for index, state in enumerate(states, start=1))
    return Sighting("A-1", states[0], NOW - HOUR, lines, seen, snapshot(*states, cancelled=cancelled))


def record(*steps: Step, before: Snapshot | None = None, **fields: Any) -> OrderRecord:
    stored = before or snapshot("SHIPPING", "SHIPPING", at=NOW - HOUR)
    return OrderRecord(KEY, snapshot=stored, steps={step.name: step for step in (CREATED, *steps)}, **fields)


def see(sighting: Sighting, on_record: OrderRecord) -> Seen:
    return decide(sighting, on_record, shop=SHOP, policy=CreationPolicy(), now=NOW)


def moved(seen: Seen, name: str) -> Step | None:
    return next((step for step in seen.change.steps if step.name == name), None) if seen.change else None


def sent(seen: Seen) -> list[tuple[str, int]]:
    return [(message.step, message.attempt) for message in seen.messages]


CONFIRMED = [
    ("shipped", CONFIRM, shown("SHIPPED", "SHIPPED"), "done"),
    ("shipped in part, the rest cancelled", CONFIRM, shown("SHIPPED", "CANCELED"), "done"),
    ("received at last", TOLD, shown("RECEIVED", "CLOSED"), "done"),
    ("confirmed by hand", replace(CONFIRM, state="exception", kind="carrier_unmapped"), shown("SHIPPED"), "done"),
    ("confirmed before our message came", replace(CONFIRM, state="outstanding"), shown("SHIPPED"), "done"),
    ("in doubt, and shown", replace(CONFIRM, state="unknown", sent=NOW), shown("SHIPPED"), "done"),
    ("somebody is at it", CLAIMED, shown("SHIPPED"), None),
    ("its claim is over", DEAD, shown("SHIPPED"), "done"),
    ("shipped in part only", CONFIRM, shown("SHIPPED", "SHIPPING"), None),
    ("cancelled", CONFIRM, shown("CANCELED", "REFUSED"), "not_needed"),
    ("cancelled while somebody is at it", CLAIMED, shown("CANCELED"), None),
    ("a new state", CONFIRM, shown("SHIPPED", "A_NEW_STATE"), None),
    ("over already", replace(CONFIRM, state="done"), shown("SHIPPED"), None),
]


@pytest.mark.parametrize(
    ("step", "sighting", "state"), [one[1:] for one in CONFIRMED], ids=[one[0] for one in CONFIRMED]
)
def test_a_shipment_is_confirmed_by_what_mirakl_shows(step: Step, sighting: Sighting, state: str | None) -> None:
    after = moved(see(sighting, record(step)), "confirm_shipment")
    assert (after.state if after else None) == state
    assert after is None or (after.due, after.claim_owner, after.kind) == (None, "", "")


def test_numbers_that_wait_to_be_reported_wait_on_when_the_order_has_shipped() -> None:
    waits = Step("report_order_numbers", "waiting", waiting_for="report", due=NOW, version="1")
    seen = see(shown("SHIPPED"), record(CONFIRM, waits))
    assert (moved(seen, "report_order_numbers"), seen.over) == (None, False)


SENT_AGAIN = [
    ("a line was cancelled", REST, shown("SHIPPING", "CANCELED"), [("change_order", 1), ("confirm_shipment", 4)]),
    ("a part of a line was cancelled", REST, shown("SHIPPING", "SHIPPING", cancelled=1), [("confirm_shipment", 4)]),
    ("nothing was cancelled", REST, shown("SHIPPING", "SHIPPING"), []),
    ("nothing has left yet", CONFIRM, shown("SHIPPING", "SHIPPING", cancelled=1), []),
    ("its tracking is missing", replace(REST, waiting_for=TRACKING), shown("SHIPPING", "SHIPPING", cancelled=1), []),
    ("told, and not shown", TOLD, shown("SHIPPING", "SHIPPED"), [("confirm_shipment", 3)]),
    ("told just now", replace(TOLD, due=NOW + HOUR), shown("SHIPPING", "SHIPPED"), []),
    ("an answer from before it was told", TOLD, shown("SHIPPING", "SHIPPED", seen=NOW - 4 * HOUR), []),
]


@pytest.mark.parametrize(
    ("step", "sighting", "messages"), [one[1:] for one in SENT_AGAIN], ids=[one[0] for one in SENT_AGAIN]
)
def test_it_is_looked_at_again_where_the_rest_was_cancelled_or_mirakl_does_not_show_it(
    step: Step, sighting: Sighting, messages: list[tuple[str, int]]
) -> None:
    seen = see(sighting, record(step))
    assert sorted(sent(seen)) == messages
    after = moved(seen, "confirm_shipment")
    assert after is None or (after.state, after.due, after.waiting_for) == ("outstanding", NOW + RESEND, "")


def test_the_same_cancellation_shown_again_sends_nothing() -> None:
    before = snapshot("SHIPPING", "SHIPPING", cancelled=1, at=NOW - HOUR)
    assert sent(see(shown("SHIPPING", "SHIPPING", cancelled=1), record(REST, before=before))) == []
    assert sent(see(shown("SHIPPING", "SHIPPING", cancelled=2), record(REST, before=before))) == [
        ("confirm_shipment", 4)
    ]


def test_what_goes_with_the_shop_s_next_batch_stays_there() -> None:
    waits = replace(CONFIRM, state="outstanding", waiting_for=BATCH, due=NOW + RESEND)
    assert moved(see(shown("SHIPPING", "SHIPPING", cancelled=1), record(waits)), "confirm_shipment") is None


def stand(kind: str) -> Any:
    return replace(
        opened(KEY, Rejected(kind, subject="order", reason="it stands"), step="confirm_shipment", now=NOW), version="1"
    )


STANDING = ["not_shipped", "tracking_late", "shipment_incomplete", "carrier_unmapped", "shipment_corrected"]


@pytest.mark.parametrize(
    ("step", "sighting", "left"),
    [
        (CONFIRM, shown("SHIPPED"), {"shipment_corrected"}),
        (CONFIRM, shown("CANCELED"), {"shipment_corrected"}),
        (REST, shown("SHIPPING", cancelled=1), {"carrier_unmapped", "shipment_corrected"}),
        (CONFIRM, shown("SHIPPING", "SHIPPING"), set(STANDING)),
    ],
    ids=["shipped", "cancelled", "looked at again", "nothing new"],
)
def test_which_exceptions_it_answers(step: Step, sighting: Sighting, left: set[str]) -> None:
    stands = tuple(stand(kind) for kind in STANDING)
    seen = see(sighting, record(step, exceptions=stands))
    assert seen.change is not None
    assert {one.kind for one in stands} - {one.kind for one in seen.change.closed} == left


def test_a_parcel_that_nobody_pays_for_is_told_once() -> None:
    seen = see(shown("CANCELED", "CANCELED"), record(CONFIRM, shipments=(LEFT,)))
    assert seen.change is not None
    [one] = seen.change.opened
    assert (one.kind, one.owner, one.due, one.step) == (
        "shipped_after_cancellation",
        "operations",
        NOW,
        "confirm_shipment",
    )
    assert "PS-1" in one.reason
    told = record(CONFIRM, shipments=(LEFT,), exceptions=(stand("shipped_after_cancellation"),))
    again = see(shown("CANCELED", "CANCELED"), told)
    assert again.change is not None
    assert (again.change.opened, again.change.closed) == ((), ())


def test_a_cancelled_order_of_which_nothing_left_tells_nobody_of_parcels() -> None:
    seen = see(shown("CANCELED", "CANCELED"), record(CONFIRM))
    assert seen.change is not None
    assert seen.change.opened == ()


# Cancelled after it was created.

CHANGE = Step(
    "change_order", "waiting", waiting_for="cancellation in the ERP", lines=("A-1-2",), attempt=2, version="1"
)
CHANGED = [
    ("one line", [], shown("SHIPPING", "CANCELED"), (1, ("A-1-2",))),
    ("every line", [], shown("CANCELED", "REFUSED"), (1, ("A-1-1", "A-1-2"))),
    ("a line that the ERP never had", [], shown("SHIPPING", "SHIPPING", "CANCELED"), None),
    ("nothing", [], shown("SHIPPING", "SHIPPING"), None),
    ("what it knows of", [CHANGE], shown("SHIPPING", "CANCELED"), None),
    ("another line", [CHANGE], shown("CANCELED", "CANCELED"), (3, ("A-1-2", "A-1-1"))),
    ("another, after the first is done", [replace(CHANGE, state="done")], shown("CANCELED", "CANCELED"), (3, ("A-1-2", "A-1-1"))),
    ("another, after an exception", [replace(CHANGE, state="exception")], shown("CANCELED", "CANCELED"), (3, ("A-1-2", "A-1-1"))),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "sighting", "change"), [one[1:] for one in CHANGED], ids=[one[0] for one in CHANGED])
def test_lines_withdrawn_from_an_order_in_the_erp_change_it(
    steps: list[Step], sighting: Sighting, change: tuple[int, tuple[str, ...]] | None
) -> None:
    seen = see(sighting, record(*steps))
    after = moved(seen, "change_order")
    assert (None if after is None else (after.attempt, after.lines)) == change
    assert [one for one in sent(seen) if one[0] == "change_order"] == ([("change_order", change[0])] if change else [])
    assert after is None or (after.state, after.due, after.reference) == ("outstanding", NOW + RESEND, "NO-A-1")
    assert moved(seen, "create_order") is None


def test_a_creation_in_doubt_settles_its_cancellation_itself() -> None:
    doubtful = replace(CREATED, state="exception", kind="unexpected", reference="", lines=(), sent=NOW)
    seen = see(shown("CANCELED"), replace(record(), steps={"create_order": doubtful}))
    assert sent(seen) == [("create_order", 2)]


@pytest.mark.parametrize("lines", [None, "x", [None], [{"order_line_id": None}], {"order_line_id": "A-1-1"}])
def test_lines_that_cannot_be_read_end_nothing(lines: Any) -> None:
    assert all(line.state == "" for line in snapshot_lines(Snapshot(NOW, {"order_lines": lines}, {})))
    strange = replace(shown("SHIPPING"), snapshot=Snapshot(NOW, {"order_lines": lines}, {}))
    assert sent(see(strange, record(REST))) == []


@pytest.mark.parametrize(
    ("created", "sighting", "told"),
    [
        (CREATED, shown("SHIPPING", "SHIPPING", cancelled=1), ["A-1-1"]),
        (replace(CREATED, state="claimed", reference=""), shown("SHIPPING", "SHIPPING", cancelled=1), ["A-1-1"]),
        (replace(CREATED, state="outstanding", reference=""), shown("SHIPPING", "SHIPPING", cancelled=1), []),
        (CREATED, shown("CANCELED", "SHIPPING", cancelled=1), []),
        (CREATED, shown("SHIPPED", "SHIPPING", cancelled=1), []),
        (CREATED, shown("SHIPPING", "SHIPPING"), []),
    ],
    ids=["in the ERP", "under way", "not yet", "the whole line", "shipped before", "nothing"],
)
def test_units_cancelled_of_a_line_that_the_erp_holds_whole_are_told(
    created: Step, sighting: Sighting, told: list[str]
) -> None:
    seen = see(sighting, replace(record(CONFIRM), steps={"create_order": created, "confirm_shipment": CONFIRM}))
    opened_now = seen.change.opened if seen.change else ()
    assert [one.subject for one in opened_now if one.kind == "cancelled_after_creation"] == told


def test_units_cancelled_are_told_once_for_each_cancellation() -> None:
    stored = snapshot("SHIPPING", "SHIPPING", cancelled=1, at=NOW - HOUR)
    for cancelled, told in ((1, []), (2, ["A-1-1"])):
        seen = see(shown("SHIPPING", "SHIPPING", cancelled=cancelled), record(CONFIRM, before=stored))
        assert [one.subject for one in (seen.change.opened if seen.change else ())] == told
