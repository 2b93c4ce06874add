"""What a shipping document changes: kept, told of, waited for, or shown to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.leaving.seen_shipment import ORDER_WITHIN, Seen, Terms, decide
from shared.flows.open_work import LOOK_AGAIN, SLEEP
from shared.flows.sighting.seen_order import RESEND
from shared.flows.waits import BATCH, TRACKING
from shared.model.keys import OrderKey
from shared.model.order import Order, Snapshot
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Shipment, ShippedLine, Tracking
from shared.model.steps import State, Step
from shared.ports.own import OrderRecord
from tests.builders import NOW, line, order, row

HOUR = timedelta(hours=1)
KEY = OrderKey("north-de", "A")
BOUGHT = order(id="A", lines=[line(id="L"), line(id="M")])
POLICY = ShippingPolicy()
ROWS = (
    row("carriers", "north", "EXP", "*", "*", carrier_code="CA1"),
    row("carriers", "north", "LET", "*", "*", carrier_code="LTR", tracking="none"),
)
SINGLE = Terms("north", ROWS, False, POLICY)
MULTI = replace(SINGLE, multi=True)
CREATED = Step("create_order", "done", reference="NO-A", lines=("L", "M"), version="1")
WAITS = Step("confirm_shipment", "waiting", waiting_for="shipment", due=NOW + 48 * HOUR, lines=("L", "M"), version="1")


def slip(
    document: str = "PS-1",
    *numbers: str,
    left: str = "2",
    mode: str = "EXP",
    reference: str = "L",
    hours: float = 0,
) -> ErpShipment:
    lines = (ShippedLine(reference, Decimal(2), Decimal(left)),)
    tracking = tuple(Tracking(number) for number in numbers)
    at = NOW + timedelta(hours=hours)
    return ErpShipment(f"{document}/{left}/{hours}", document, "NO-A", "NO-A", at, mode, "", "", lines, tracking)


def on_record(step: Step | None = WAITS, *shipments: Shipment, created: Step | None = CREATED) -> OrderRecord:
    steps = [one for one in (created, step) if one is not None]
    snapshot = Snapshot(NOW, {"order_id": "A"}, {})
    return OrderRecord(KEY, snapshot, "1", {one.name: one for one in steps}, shipments=shipments)


def seen(
    record: OrderRecord, *shown: ErpShipment, terms: Terms = SINGLE, wanted: Order | None = BOUGHT, hours: float = 0
) -> Seen:
    return decide(shown, record, order=wanted, terms=terms, now=NOW + timedelta(hours=hours))


def moved(found: Seen) -> Step:
    assert found.change is not None
    [step] = found.change.steps
    return step


def kinds(found: Seen) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in found.change.opened] if found.change else []


TOLD = Shipment(slip(), told=NOW, told_lines=(("L", Decimal(2)),), told_tracking="T-1", version="1")


# A new document, and what waits for what.


@pytest.mark.parametrize(
    ("shown", "terms", "goes"),
    [
        (slip("PS-1", "T-1"), SINGLE, True),
        (slip(), SINGLE, False),
        (slip(mode="LET"), SINGLE, True),
        (slip(mode="UNMAPPED"), SINGLE, True),
        (slip(), MULTI, True),
        (slip("PS-1", "T-1"), MULTI, True),
    ],
    ids=["with tracking", "without", "none needed", "no row: refused at once", "announced", "announced as shipped"],
)
def test_what_has_left_is_told_of_once_it_has_what_mirakl_needs(shown: ErpShipment, terms: Terms, goes: bool) -> None:
    found = seen(on_record(), shown, terms=terms)
    step = moved(found)
    assert found.change is not None
    assert found.change.shipments == (Shipment(shown),)
    assert found.goes == (step if goes else None)
    if goes:
        waiting_for = BATCH if terms.multi else ""
        assert (step.state, step.attempt, step.waiting_for, step.due) == ("outstanding", 2, waiting_for, NOW + RESEND)
    else:
        assert (step.state, step.waiting_for, step.due) == ("waiting", TRACKING, NOW + POLICY.tracking_within)


@pytest.mark.parametrize(("state", "hours"), [("outstanding", 1), ("unknown", 1), ("exception", 4), ("waiting", 4)])
def test_how_long_mirakl_may_be_out_of_reach_counts_from_when_it_could_first_be_told(state: str, hours: int) -> None:
    before = replace(WAITS, state=state, waiting_for="", deadline=NOW + HOUR)  # type: ignore[arg-type]
    assert moved(seen(on_record(before), slip("PS-1", "T-1"))).deadline == NOW + hours * HOUR


def test_the_pointer_says_what_it_waits_for_and_comes_due_in_time() -> None:
    for shown, terms, mark, longest in [
        (slip(), SINGLE, "tracking", SLEEP),
        (slip("PS-1", "T-1"), SINGLE, "erp", LOOK_AGAIN),
        (slip(), MULTI, "shipment_batch", LOOK_AGAIN),
    ]:
        change = seen(on_record(), shown, terms=terms).change
        assert change is not None
        work = change.open_work
        assert work is not None
        assert (work.mark, work.reference) == (mark, "NO-A")
        assert work.due <= NOW + longest


def test_tracking_is_waited_for_until_the_order_s_deadline() -> None:
    soon = replace(BOUGHT, shipping_deadline=NOW + 5 * HOUR)
    none = replace(BOUGHT, shipping_deadline=None)
    assert moved(seen(on_record(), slip(), wanted=soon)).due == NOW + 5 * HOUR
    assert moved(seen(on_record(), slip(), wanted=none)).due == NOW + POLICY.tracking_within
    assert moved(seen(on_record(), slip(), wanted=None)).due == NOW + POLICY.tracking_within


def test_a_wait_that_is_over_already_still_gives_the_number_one_chance() -> None:
    late = moved(seen(on_record(), slip(), hours=100))
    assert late.due == NOW + 100 * HOUR + timedelta(minutes=15)


def test_a_second_document_does_not_lengthen_the_wait() -> None:
    first = moved(seen(on_record(), slip()))
    record = on_record(replace(first, version="2"), Shipment(slip(), version="1"))
    found = seen(record, slip("PS-2", reference="M", hours=3), hours=3)
    assert found.change is not None
    assert found.change.steps == ()
    assert [one.erp.document for one in found.change.shipments] == ["PS-2"]


def test_two_documents_at_once_are_one_change_and_one_message() -> None:
    found = seen(on_record(), slip("PS-1", "T-1"), slip("PS-2", reference="M"))
    assert found.change is not None
    assert [one.erp.document for one in found.change.shipments] == ["PS-1", "PS-2"]
    assert moved(found).attempt == 2


# Shown again.


@pytest.mark.parametrize("state", ["outstanding", "unknown", "exception"])
def test_what_is_known_changes_nothing(state: State) -> None:
    step = replace(WAITS, state=state, waiting_for="", due=NOW + RESEND)
    assert seen(on_record(step, Shipment(slip("PS-1", "T-1"))), slip("PS-1", "T-1")) == Seen()


def test_what_is_kept_and_was_never_sent_goes_when_it_is_shown_again() -> None:
    """The step was at something else when it was stored."""
    found = seen(on_record(WAITS, Shipment(slip("PS-1", "T-1"))), slip("PS-1", "T-1"))
    assert found.goes is not None
    assert found.change is not None
    assert found.change.shipments == ()


def test_tracking_that_comes_sends_it_out() -> None:
    waits = replace(WAITS, waiting_for=TRACKING)
    found = seen(on_record(waits, Shipment(slip(), version="1")), slip("PS-1", "T-1"))
    assert moved(found).state == "outstanding"
    assert found.change is not None
    assert [one.erp.tracking for one in found.change.shipments] == [(Tracking("T-1"),)]


@pytest.mark.parametrize("state", ["outstanding", "unknown"])
def test_a_message_under_way_is_outdated_by_what_it_cannot_have_read(state: State) -> None:
    step = replace(WAITS, state=state, attempt=4, waiting_for="", due=NOW + RESEND, sent=NOW - HOUR)
    for shown in (slip("PS-2", "T-2"), slip("PS-2")):
        after = moved(seen(on_record(step, Shipment(slip("PS-1", "T-1"))), shown))
        assert (after.state, after.attempt, after.sent) == (state, 5, NOW - HOUR)


def test_a_live_claim_is_not_crossed() -> None:
    claimed = replace(WAITS, state="claimed", claim_owner="x", claim_until=NOW + HOUR / 60)
    assert seen(on_record(claimed), slip("PS-1", "T-1")) == Seen(busy=True)


def test_a_dead_claim_leaves_its_doubt() -> None:
    claimed = replace(WAITS, state="claimed", claim_owner="x", claim_until=NOW - HOUR)
    after = moved(seen(on_record(claimed), slip("PS-1", "T-1")))
    assert (after.state, after.sent, after.claim_owner, after.claim_until) == ("unknown", NOW - HOUR, "", None)


def test_what_a_person_must_solve_goes_again_only_with_something_new_to_say() -> None:
    stuck = replace(WAITS, state="exception", kind="tracking_refused", waiting_for="", due=None)
    record = on_record(stuck, Shipment(slip("PS-1", "T-1"), version="1"))
    assert moved(seen(record, slip("PS-1", "T-2"))).state == "outstanding"
    assert seen(record, slip("PS-1", "T-1")) == Seen()
    found = seen(on_record(stuck, Shipment(slip(), version="1")), slip("PS-2"))
    assert found.change is not None
    assert found.change.steps == ()


# Corrections, and what Mirakl was told.


def test_a_correction_before_mirakl_was_told_just_counts() -> None:
    found = seen(on_record(WAITS, Shipment(slip(), version="1")), slip("PS-1", left="1", hours=1))
    assert kinds(found) == []
    assert found.change is not None
    assert [one.erp.lines[0].shipped for one in found.change.shipments] == [1]


def test_a_correction_after_mirakl_was_told_is_a_person_s() -> None:
    shown = replace(WAITS, waiting_for="shipment shown")
    found = seen(on_record(shown, TOLD), slip("PS-1", left="1", hours=1))
    assert kinds(found) == [("shipment_corrected", "PS-1")]
    assert found.change is not None
    assert found.change.steps == ()
    [kept] = found.change.shipments
    assert (kept.told, kept.told_lines, int(kept.erp.lines[0].shipped)) == (TOLD.told, TOLD.told_lines, 1)
    [reason] = [one.reason for one in found.change.opened]
    assert reason == "PS-1 now says 1 of line L; Mirakl was told when it said 2 of line L"


def test_a_correction_after_the_step_is_done_is_one_even_where_we_did_not_tell() -> None:
    done = replace(WAITS, state="done", waiting_for="", due=None)
    record = on_record(done, Shipment(slip(), version="1"))
    assert kinds(seen(record, slip("PS-1", left="1", hours=1))) == [("shipment_corrected", "PS-1")]


def test_what_was_told_for_good_leaves_no_doubt_when_it_goes_again() -> None:
    told = replace(TOLD, erp=slip("PS-1", "T-1"))
    shown = replace(WAITS, waiting_for="shipment shown", sent=NOW)
    after = moved(seen(on_record(shown, told), slip("PS-1", "T-2")))
    assert (after.state, after.sent) == ("outstanding", None)


@pytest.mark.parametrize(
    ("numbers", "goes"), [(("T-2",), True), (("T-1", "T-0"), False), (("T-1",), False), ((), False)]
)
def test_a_number_that_the_erp_replaced_is_told_again(numbers: Sequence[str], goes: bool) -> None:
    told = replace(TOLD, erp=slip("PS-1", "T-1"))
    shown = replace(WAITS, waiting_for="shipment shown")
    assert (seen(on_record(shown, told), slip("PS-1", *numbers)).goes is not None) is goes


def test_a_parcel_announced_without_a_number_is_told_its_number() -> None:
    told = replace(TOLD, told_tracking="", told_lines=(), marketplace_id="u-1")
    waits = replace(WAITS, waiting_for=TRACKING)
    assert seen(on_record(waits, told), slip("PS-1", "T-1"), terms=MULTI).goes is not None
    assert seen(on_record(waits, told), slip("PS-1"), terms=MULTI).goes is None
    tracked = replace(told, erp=slip("PS-1", "T-1"))
    assert seen(on_record(waits, tracked), slip("PS-1", "T-1"), terms=MULTI).goes is not None


def test_a_second_parcel_has_no_place_where_one_shipment_was_told() -> None:
    shown = replace(WAITS, waiting_for="shipment shown")
    found = seen(on_record(shown, TOLD), slip("PS-2", "T-2"))
    assert found.change is not None
    assert (found.change.steps, len(found.change.shipments), found.goes) == ((), 1, None)
    assert seen(on_record(shown, TOLD), slip("PS-2", "T-2"), terms=MULTI).goes is not None


@pytest.mark.parametrize("state", ["done", "not_needed"])
def test_after_the_end_a_parcel_is_kept_and_stands_in_the_timeline(state: State) -> None:
    found = seen(on_record(replace(WAITS, state=state)), slip("PS-1", "T-1"))
    assert found.change is not None
    assert (found.change.steps, len(found.change.shipments), found.change.open_work) == ((), 1, None)
    [told] = found.change.history
    assert told.text == "PS-1 left the warehouse after this step was closed; Mirakl is not told of it"


# What does not fit.


def test_what_cannot_be_matched_is_told_and_the_rest_goes_on() -> None:
    found = seen(on_record(), slip("PS-1", "T-1", reference="X"))
    assert kinds(found) == [("shipment_unmatched", "PS-1")]
    assert found.goes is not None


def test_what_left_although_it_is_cancelled_is_told_and_not_sent() -> None:
    gone = replace(BOUGHT, lines=tuple(replace(one, state="CANCELED") for one in BOUGHT.lines))
    found = seen(on_record(), slip("PS-1", "T-1"), wanted=gone)
    assert kinds(found) == [("shipped_after_cancellation", "order")]
    assert found.change is not None
    assert (found.change.steps, len(found.change.shipments)) == ((), 1)


def test_a_cancelled_line_that_left_with_the_others_is_told_and_the_others_go() -> None:
    partly = replace(BOUGHT, lines=(replace(BOUGHT.lines[0], state="CANCELED"), BOUGHT.lines[1]))
    found = seen(on_record(), slip("PS-1", "T-1"), wanted=partly)
    assert kinds(found) == [("shipped_after_cancellation", "order")]
    assert found.goes is not None


@pytest.mark.parametrize(
    "record",
    [
        OrderRecord(KEY),
        on_record(None, created=None),
        on_record(None, created=replace(CREATED, state="outstanding", reference="")),
        replace(on_record(), snapshot=None),
    ],
    ids=["nothing", "never created", "being created", "its snapshot is gone"],
)
def test_a_shipment_may_come_before_its_order(record: OrderRecord) -> None:
    found = seen(record, slip("PS-1", "T-1"), wanted=None if record.snapshot is None else BOUGHT)
    step = moved(found)
    assert (step.state, step.waiting_for, step.due) == ("waiting", "order", NOW + ORDER_WITHIN)
    assert found.goes is None
    waits = replace(
        record, steps={**record.steps, "confirm_shipment": step}, shipments=(Shipment(slip("PS-1", "T-1")),)
    )
    assert seen(waits, slip("PS-1", "T-1"), wanted=None) == Seen()


def test_an_order_created_before_there_was_such_a_step_gets_one() -> None:
    found = seen(on_record(None), slip("PS-1", "T-1"))
    assert found.goes is not None
    assert (found.goes.lines, found.goes.version) == (("L", "M"), None)


def test_an_order_that_mirakl_shows_shipped_needs_no_step() -> None:
    past = replace(BOUGHT, lines=tuple(replace(one, state="SHIPPED") for one in BOUGHT.lines))
    found = seen(on_record(None), slip("PS-1", "T-1"), wanted=past)
    assert found.change is not None
    assert found.change.steps == ()


# Exceptions that are over.


@pytest.mark.parametrize(
    ("shown", "closed"),
    [
        (slip("PS-1", "T-1"), ["not_shipped", "tracking_late", "shipment_incomplete"]),
        (slip(), ["not_shipped"]),
    ],
)
def test_leaving_answers_what_was_waited_for(shown: ErpShipment, closed: list[str]) -> None:
    standing = [*closed, "shipment_corrected"]
    raised = tuple(
        opened(KEY, Rejected(kind, subject="order", reason="r"), step="confirm_shipment", now=NOW) for kind in standing
    )
    found = seen(replace(on_record(), exceptions=raised), shown)
    assert found.change is not None
    assert [one.kind for one in found.change.closed] == closed


def test_no_tracking_number_stands_in_what_is_told() -> None:
    shown = replace(WAITS, waiting_for="shipment shown")
    told = replace(TOLD, erp=slip("PS-1", "SECRET-1"), told_tracking="SECRET-1")
    for found in (
        seen(on_record(), slip("PS-1", "SECRET-2", reference="X")),
        seen(on_record(shown, told), slip("PS-1", "SECRET-2", left="1", hours=1)),
    ):
        assert found.change is not None
        assert "SECRET" not in repr((found.change.history, found.change.opened, found.change.steps))


def test_a_line_that_was_made_smaller_in_the_erp_is_kept_as_it_was_drafted() -> None:
    found = seen(on_record(replace(WAITS, expected='{"L": "6"}')), slip("PS-1", "T-1", left="2"))
    assert found.change is not None
    [shipment] = found.change.shipments
    assert shipment.erp.lines == (ShippedLine("L", Decimal(6), Decimal(2)),)
