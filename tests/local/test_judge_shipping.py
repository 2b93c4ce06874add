"""A parcel that Mirakl does not know, knows twice or knows wrongly is found; what may happen on the way back is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.local.evidence import (
    NOT_TOLD,
    Books,
    at,
    carriage,
    parcel,
    shipped_books,
    slip,
    spoiled,
    tell,
)

Spoil = Callable[[Books], object]


def untold(books: Books, state: str = "waiting", *, work: bool = False, waiting_for: str = "shipment") -> None:
    """Mirakl does not show it shipped, although it left at 40 and its number came at 50."""
    tell(books, None, [], NOT_TOLD)
    books.records("confirm_shipment", state=state, waiting_for=waiting_for)
    if work:
        books.openwork["north-main", "A"] = {"due": books.now}


def without_number(books: Books, state: str) -> None:
    untold(books, state, waiting_for="tracking", work=True)
    books.slips[0].update(tracking=[])


def corrected(books: Books, minute: float, shipped: int = 1) -> None:
    books.slips.append(slip("PS1", minute, shipped))


def in_parts(books: Books, *left: tuple[str, float, int, float]) -> None:
    """`(document, left, units, tracked)`."""
    books.slips = [slip(document, minute, units, tracked=tracked) for document, minute, units, tracked in left]


def half_told(books: Books, state: str, *, tracked: float, work: bool = False) -> None:
    """Two parcels of one unit each, and Mirakl has only the first."""
    in_parts(books, ("PS1", 40, 1, 40), ("PS2", 50, 1, tracked))
    untold(books, state, work=work, waiting_for="rest")
    books.order.update(shipments=[parcel("PS1", 45, 1)])


def stands(kind: str, then: Spoil) -> Spoil:
    def spoil(books: Books) -> None:
        then(books)
        books.stands(kind)

    return spoil


FINDINGS: list[tuple[str, str, bool, Spoil]] = [
    ("OR24 twice", "twice", False, lambda books: books.order.update(or24_effects=2)),
    ("a number of nobody's", "different", False, lambda books: books.order.update(tracking=carriage(number="T-9"))),
    ("another carrier", "different", False, lambda books: books.order.update(tracking=carriage("CA2"))),
    ("another name", "different", False, lambda books: books.order.update(tracking=carriage(None, name="Carrier One"))),
    ("shipped before it left", "unwanted", False, lambda books: tell(books, 39, [], carriage())),
    ("shipped after a part", "unwanted", False, lambda books: in_parts(books, ("PS1", 40, 1, 50))),
    ("waits although it left", "lost", False, untold),
    ("done and not told", "lost", False, lambda books: untold(books, "done")),
    ("never heard of", "lost", False, lambda books: untold(books, "")),
    ("open without work", "lost", False, lambda books: untold(books, "outstanding")),
    ("an exception of nobody's", "lost", False, lambda books: untold(books, "exception")),
    (
        "closed without a number, and a person knows of something else",
        "lost",
        False,
        stands("totals_differ", lambda books: without_number(books, "done")),
    ),
    ("closed without a number", "lost", False, lambda books: without_number(books, "done")),
    ("corrected and not told", "forgotten", False, lambda books: corrected(books, 60)),
    ("another number", "different", False, lambda books: books.order.update(seller_reference={"value": "NO-B"})),
    ("a number not told", "lost", False, lambda books: books.order.update(seller_reference={"value": None})),
    ("one parcel twice", "twice", True, lambda books: books.order["shipments"].append(parcel("PS1", 56, 0))),
    ("too many units", "twice", True, lambda books: books.order.update(shipments=[parcel("PS1", 55, 3)])),
    ("more than has left", "unwanted", True, lambda books: in_parts(books, ("PS1", 40, 1, 50), ("PS2", 56, 1, 56))),
    ("before it left", "unwanted", True, lambda books: books.order.update(shipments=[parcel("PS1", 39, 2)])),
    ("the second parcel waits", "lost", True, lambda books: half_told(books, "waiting", tracked=50)),
    ("the second parcel is not told", "lost", True, lambda books: half_told(books, "done", tracked=50)),
    ("corrected parcel", "forgotten", True, lambda books: corrected(books, 60)),
]


def test_what_went_well_is_measured() -> None:
    for multi in (False, True):
        verdict = shipped_books(multi=multi).verdict()
        assert verdict.clean
        shipping = verdict.shipping
        assert (shipping.left, shipping.confirmed, shipping.numbers, shipping.numbers_due) == (1, 1, 1, 1)
        assert (shipping.lags, shipping.tracked_lags) == ([15 * 60], [5 * 60])
        assert shipping.carriers == {"CA1": 1}


@pytest.mark.parametrize(("name", "kind", "multi", "spoil"), FINDINGS, ids=[f"{row[0]}, {row[2]}" for row in FINDINGS])
def test_what_must_be_impossible_is_found(name: str, kind: str, multi: bool, spoil: Spoil) -> None:
    found = spoiled(spoil, shipped_books(multi=multi)).verdict().findings
    assert kind in [one.kind for one in found]


def by_letter(books: Books) -> None:
    books.slips = [slip("PS1", 40, 2, carrier="LETTER")]
    books.order.update(tracking=carriage("LTR", None))


def named(books: Books) -> None:
    books.slips = [slip("PS1", 40, 2, carrier="CARRIER-2", tracked=50)]
    books.order.update(tracking=carriage(None, name="Carrier Two"))


def renumbered(books: Books) -> None:
    """The ERP replaced the number after Mirakl was told."""
    books.slips[0]["tracking"][0].update(until=at(60))
    books.slips[0]["tracking"].append({"number": "T-2", "from": at(60), "until": None})


def rest_followed(books: Books) -> None:
    """The rest leaves at 115: nothing could be told before."""
    in_parts(books, ("PS1", 40, 1, 50), ("PS2", 115, 1, 115))
    untold(books, "waiting", work=True, waiting_for="rest")


def slow_slip(books: Books) -> None:
    """Nobody could read before 119 what left at 40."""
    untold(books, work=True)
    books.slips[0].update(visible_from=at(119))


def cancelled_rest(books: Books) -> None:
    """One line left as a whole, the other is cancelled in Mirakl."""
    history = [*books.line["history"], {"at": at(9), "state": "CANCELED"}]
    other = {**books.line, "id": "A-2", "state": "CANCELED", "cancelled_at": at(9), "history": history}
    books.order["lines"].append(other)


def in_two(books: Books) -> None:
    in_parts(books, ("PS1", 40, 1, 40), ("PS2", 50, 1, 50))
    books.order.update(shipments=[parcel("PS1", 45, 1), parcel("PS2", 55, 1)])


ALLOWED: list[tuple[str, bool, Spoil]] = [
    ("a letter without number", False, by_letter),
    ("a carrier that is named", False, named),
    ("a number replaced later", False, renumbered),
    ("the rest has just left", False, rest_followed),
    ("a slip that became visible late", False, slow_slip),
    ("the rest is cancelled", False, cancelled_rest),
    ("just corrected", False, lambda books: corrected(books, 100)),
    ("corrected, and a person knows", False, stands("shipment_corrected", lambda books: corrected(books, 60))),
    ("told while it was corrected", False, stands("shipment_corrected", lambda books: corrected(books, 54))),
    ("refused, and a person knows", False, stands("carrier_unmapped", lambda books: untold(books, "exception"))),
    ("gone in the ERP", False, stands("cancelled_in_erp", untold)),
    ("left though cancelled", False, stands("shipped_after_cancellation", untold)),
    ("under way", False, lambda books: untold(books, "outstanding", work=True)),
    ("waits for its number", False, lambda books: without_number(books, "waiting")),
    ("in two parcels", True, in_two),
    ("the second waits for its number", True, lambda books: half_told(books, "waiting", tracked=-1, work=True)),
    ("the second has its number now", True, lambda books: half_told(books, "waiting", tracked=115, work=True)),
    ("corrected, and a person knows", True, stands("shipment_corrected", lambda books: corrected(books, 60))),
]


@pytest.mark.parametrize(("name", "multi", "happen"), ALLOWED, ids=[f"{row[0]}, {row[1]}" for row in ALLOWED])
def test_what_may_happen_is_no_finding(name: str, multi: bool, happen: Spoil) -> None:
    assert [str(one) for one in spoiled(happen, shipped_books(multi=multi)).verdict().findings] == []


WAITS: list[tuple[str, Spoil]] = [
    ("confirmation in Mirakl", lambda books: untold(books, "unknown", work=True)),
    ("tracking numbers", lambda books: without_number(books, "waiting")),
    ("tracking numbers", stands("totals_differ", lambda books: without_number(books, "waiting"))),
    ("a person (tracking_late)", stands("tracking_late", lambda books: without_number(books, "waiting"))),
    ("a person (carrier_unmapped)", stands("carrier_unmapped", lambda books: untold(books, "exception"))),
]


@pytest.mark.parametrize(("what", "happen"), WAITS, ids=[f"{what} {number}" for number, (what, _) in enumerate(WAITS)])
def test_what_waits_is_counted_by_what_it_waits_for(what: str, happen: Spoil) -> None:
    verdict = spoiled(happen, shipped_books()).verdict()
    assert verdict.waiting == {what: 1}
    assert (verdict.shipping.left, verdict.shipping.confirmed) == (1, 0)


def test_a_part_is_counted_as_a_part() -> None:
    def part(books: Books) -> None:
        untold(books)
        in_parts(books, ("PS1", 40, 1, 50))

    shipping = spoiled(part, shipped_books()).verdict().shipping
    assert (shipping.left, shipping.partial) == (0, 1)
