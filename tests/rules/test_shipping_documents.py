"""A shipping document met again: the newest version counts, tracking is added, what Mirakl was told stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from shared.model.shipment import ErpShipment, Shipment, ShippedLine, Tracking
from shared.rules.shipping_documents import meet
from tests.builders import NOW

HOUR = timedelta(hours=1)


def slip(
    id: str = "9",  # noqa: A002 -- the field's name
    *,
    left: str = "2",
    ordered: str = "2",
    hours: int = 0,
    carrier: str = "C",
    numbers: str = "",
) -> ErpShipment:
    lines = (ShippedLine("L", Decimal(ordered), Decimal(left)),)
    tracking = tuple(Tracking(number) for number in numbers)
    return ErpShipment(id, "PS-1", "NO-A", "NO-A", NOW + hours * HOUR, "EXP", carrier, "", lines, tracking)


STORED = Shipment(slip(), version="1")
TOLD = replace(STORED, told=NOW, told_lines=(("L", Decimal(2)),), told_tracking="A")


def test_a_document_not_met_before_is_new() -> None:
    [(name, met)] = meet([], [slip()]).items()
    assert (name, met.new, met.shipment) == ("PS-1", True, Shipment(slip()))


@pytest.mark.parametrize(
    "shown",
    [slip(), slip("10", hours=1), slip(ordered="5"), slip(left="2.0"), slip("8", left="1", hours=-1)],
    ids=["as it is", "another version of the same", "the order's line moved", "written otherwise", "an older version"],
)
def test_the_same_quantities_are_no_news(shown: ErpShipment) -> None:
    met = meet([STORED], [shown])["PS-1"]
    assert not met.changed
    assert met.shipment == STORED


@pytest.mark.parametrize("known", [STORED, TOLD])
def test_a_correction_replaces_what_left_and_not_what_mirakl_was_told(known: Shipment) -> None:
    met = meet([known], [slip("10", left="1", hours=1)])["PS-1"]
    assert met.corrected
    assert met.shipment == replace(known, erp=slip("10", left="1", hours=1))
    assert met.before == ((("L", Decimal(2)),) if known is TOLD else ())


def test_versions_of_the_same_moment_count_in_the_order_of_their_numbers() -> None:
    for versions in permutations([slip("9", left="1"), slip("10", left="2"), slip("11", left="3")]):
        met = meet([], versions)["PS-1"]
        assert (met.new, met.shipment.erp.id) == (True, "11")


def test_another_carrier_counts_until_mirakl_was_told() -> None:
    newer = slip("10", hours=1, carrier="D")
    assert meet([STORED], [newer])["PS-1"].rerouted
    assert not meet([TOLD], [newer])["PS-1"].changed
    created = replace(STORED, marketplace_id="u")
    assert meet([created], [newer])["PS-1"].rerouted
    assert not meet([replace(created, told_lines=(("A-1", Decimal(2)),))], [newer])["PS-1"].changed


def test_another_carrier_counts_with_the_first_number() -> None:
    numbered = slip("10", hours=1, carrier="D", numbers="B")
    assert meet([replace(TOLD, told_tracking="")], [numbered])["PS-1"].rerouted
    assert not meet([TOLD], [numbered])["PS-1"].rerouted


@pytest.mark.parametrize(
    ("known", "shown", "after", "news"),
    [
        ("", "A", "A", True),
        ("A", "", "A", False),
        ("B", "AB", "BA", True),
        ("A", "B", "B", True),
        ("AB", "B", "B", True),
        ("BA", "AB", "BA", False),
    ],
)
def test_tracking_is_what_the_erp_shows_and_the_first_stays_first(
    known: str, shown: str, after: str, news: bool
) -> None:
    met = meet([Shipment(slip(numbers=known))], [slip(numbers=shown)])["PS-1"]
    assert ("".join(one.number for one in met.shipment.erp.tracking), met.tracked) == (after, news)
