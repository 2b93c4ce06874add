"""Which carrier Mirakl is told, held against the operator's list before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.errors import Rejected
from shared.model.mappings import MappingRow
from shared.model.shipment import Carrier, ErpShipment, RegisteredCarrier, Tracking
from shared.rules.carriers import (
    Chosen,
    allowed,
    carrier_subject,
    choose,
    uncovered,
    unregistered,
    waits_for_tracking,
    withdrawn,
)
from tests.builders import NOW, row

ONE = RegisteredCarrier("CA1", "Carrier One", "https://one.example.com/?n={trackingId}")
LETTER = RegisteredCarrier("LTR", "Letter post", "https://letter.example.com")
REGISTERED = (ONE, LETTER)


def left(mode: str = "EXP", carrier: str = "CARRIER-1", service: str = "", *numbers: str) -> ErpShipment:
    tracking = tuple(Tracking(number) for number in numbers)
    return ErpShipment("1", "PS-1", "NO-1", "NO-1", NOW, mode, carrier, service, (), tracking)


def carrier(*key: str, **values: str) -> MappingRow:
    """A row of north; what the key leaves out is any."""
    return row("carriers", "north", *(*key, "*", "*", "*")[:3], **values)


def chosen(
    shipment: ErpShipment,
    rows: Sequence[MappingRow],
    *,
    registered: Sequence[RegisteredCarrier] = REGISTERED,
    alternative: bool = True,
) -> Chosen:
    return choose(shipment, marketplace="north", rows=rows, registered=registered, alternative_allowed=alternative)


def refused(shipment: ErpShipment, rows: Sequence[MappingRow], *, alternative: bool = True) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        chosen(shipment, rows, alternative=alternative)
    return refusal.value


NAMED = {"carrier_name": "Local", "carrier_url": "https://local.example.com/?n={number}"}
LOCAL = Carrier(name="Local", url=NAMED["carrier_url"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"carrier_code": "CA1"}, Chosen(Carrier("CA1"), True, refused_without=True)),
        ({"carrier_code": "CA1", "tracking": "none"}, Chosen(Carrier("CA1"), True, refused_without=True)),
        ({"carrier_code": "LTR"}, Chosen(Carrier("LTR"), True)),
        ({"carrier_code": " LTR ", "tracking": "none"}, Chosen(Carrier("LTR"), False)),
        (NAMED, Chosen(LOCAL, True)),
        ({**NAMED, "tracking": "none"}, Chosen(LOCAL, False)),
        ({"carrier_name": "Local", "tracking": "none"}, Chosen(Carrier(name="Local"), False)),
    ],
)
def test_a_number_is_needed_where_the_mapping_or_the_carrier_s_url_wants_one(
    values: dict[str, str], expected: Chosen
) -> None:
    assert chosen(left(), [carrier("EXP", **values)]) == expected


@pytest.mark.parametrize(
    ("shipment", "code"),
    [
        (left("EXP", "CARRIER-1"), "CA1"),
        (left("EXP", "CARRIER-2"), "CA2"),
        (left("STD", "CARRIER-2"), "CA3"),
        (left("", ""), "CA4"),
        (left("", "CARRIER-1"), "CA3"),
    ],
)
def test_the_most_specific_row_counts_and_star_matches_nothing_said(shipment: ErpShipment, code: str) -> None:
    rows = [
        carrier("*", carrier_code="CA3"),
        carrier("EXP", carrier_code="CA2"),
        carrier("EXP", "CARRIER-1", carrier_code="CA1"),
        carrier("", "", carrier_code="CA4"),
    ]
    registered = [RegisteredCarrier(f"CA{number}", "") for number in range(1, 5)]
    assert chosen(shipment, rows, registered=registered).carrier.code == code


def test_a_missing_row_is_named_with_the_codes_that_it_may_have() -> None:
    refusal = refused(left("EXP", "CARRIER-9", "AIR"), [carrier("STD", carrier_code="CA1")])
    assert (refusal.kind, refusal.subject) == ("carrier_unmapped", "carriers:north|EXP|CARRIER-9|AIR")
    assert refusal.reason == (
        "mapping table 'carriers' has no row for marketplace=north, delivery_mode=EXP, carrier=CARRIER-9, service=AIR; "
        "the marketplace's codes are CA1 (Carrier One), LTR (Letter post)"
    )


def test_another_marketplace_s_row_is_no_row() -> None:
    assert refused(left(), [row("carriers", "south", "*", "*", "*", carrier_code="CA1")]).kind == "carrier_unmapped"


@pytest.mark.parametrize("code", ["CA9", "ca1", "CARRIER ONE"])
def test_a_code_outside_the_operator_s_list_is_refused_before_it_is_sent(code: str) -> None:
    refusal = refused(left(), [carrier("EXP", carrier_code=code)])
    assert (refusal.kind, refusal.subject) == ("carrier_not_accepted", "carriers:north|EXP|CARRIER-1|")
    assert f"row north|EXP|*|* of mapping table 'carriers' has the code {code!r}" in refusal.reason
    assert refusal.reason.endswith("its codes are CA1 (Carrier One), LTR (Letter post)")


def test_a_name_is_refused_where_only_registered_carriers_may_be_told() -> None:
    refusal = refused(left(), [carrier("EXP", **NAMED)], alternative=False)
    assert refusal.kind == "carrier_not_accepted"
    assert "names 'Local', and this marketplace takes registered carriers only" in refusal.reason
    assert chosen(left(), [carrier("EXP", carrier_code="CA1")], alternative=False).carrier == Carrier("CA1")


@pytest.mark.parametrize("values", [{}, {"carrier_code": "CA1", "carrier_name": "Local"}, {"carrier_code": " "}])
def test_a_row_of_no_carrier_or_of_two_cannot_be_used(values: dict[str, str]) -> None:
    refusal = refused(left(), [carrier("EXP", **values)])
    assert (refusal.kind, refusal.subject) == ("mapping_invalid", "carriers:north|EXP|*|*")


def test_no_reason_ever_shows_a_tracking_number() -> None:
    shipment = left("EXP", "CARRIER-1", "", "TRACK-1")
    for rows in ([], [carrier("EXP", carrier_code="CA9")], [carrier("EXP")]):
        assert "TRACK-1" not in str(refused(shipment, rows))
    assert carrier_subject("north", shipment) == "carriers:north|EXP|CARRIER-1|"


@pytest.mark.parametrize(
    ("rows", "numbers", "waits"),
    [
        ([carrier("EXP", carrier_code="CA1")], (), True),
        ([carrier("EXP", carrier_code="CA1", tracking="required")], (), True),
        ([carrier("EXP", carrier_code="CA1")], ("TRACK-1",), False),
        ([carrier("EXP", carrier_code="CA1", tracking="none")], (), False),
        ([carrier("STD", carrier_code="CA1")], (), False),
    ],
    ids=["wanted", "said so", "has one", "none wanted", "no row"],
)
def test_what_is_worth_waiting_for(rows: list[MappingRow], numbers: tuple[str, ...], waits: bool) -> None:
    shipment = left("EXP", "CARRIER-1", "", *numbers)
    assert waits_for_tracking(shipment, marketplace="north", rows=rows) is waits


def test_a_code_that_vanished_while_a_row_uses_it_is_withdrawn() -> None:
    rows = [carrier("EXP", carrier_code="CA1"), carrier("STD", carrier_code="OLD"), carrier("X", carrier_code="NEVER")]
    before = [*REGISTERED, RegisteredCarrier("OLD", "Old one"), RegisteredCarrier("UNUSED", "")]
    assert withdrawn(rows, REGISTERED, before=before) == ("OLD",)
    assert unregistered([*rows, carrier("Y", **NAMED)], REGISTERED) == ("NEVER", "OLD")


@pytest.mark.parametrize(
    ("rows", "bare"),
    [
        ([], ("EXP", "STD")),
        ([carrier("EXP", "CARRIER-1")], ("STD",)),
        ([carrier("*", "CARRIER-1")], ()),
        ([row("carriers", "*", "STD", "*", "*")], ("EXP",)),
        ([row("carriers", "south", "*", "*", "*")], ("EXP", "STD")),
    ],
)
def test_delivery_modes_that_no_row_could_serve(rows: list[MappingRow], bare: tuple[str, ...]) -> None:
    assert uncovered(rows, ["STD", "EXP", "STD"], marketplace="north") == bare


def test_a_long_list_of_codes_is_cut() -> None:
    many = [RegisteredCarrier(f"C{number}", "Label") for number in range(42)]
    assert allowed(many).endswith("C29 (Label), and 12 more")
    assert allowed([]) == "none"
