"""Our reference in 35 characters of Business Central's own, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.business_central.references import LENGTH, document_number, full_reference

GOLDEN = {
    "NO-N000001-A": "NO-N000001-A",
    "NO-" + "1" * 32: "NO-" + "1" * 32,
    "NO-A_1.2/3": "NO-A_1.2/3",
    "NO-n000001-a": "NO-ODAXLBWLAAFGCW6LCCOCXRY6EG",
    "NO-" + "1" * 33: "NO-2OFNIPXZPX7IRMWWYGRMQIWICI",
    "NO-Ü1": "NO-R2DADIJIC5C6EW4ESOTSZ5TLOR",
    "NO-A 1": "NO-XXMGOO5N3J7WQBN56YLZKAKJGU",
}


@pytest.mark.parametrize(("reference", "number"), GOLDEN.items())
def test_what_stands_in_the_external_document_number(reference: str, number: str) -> None:
    assert document_number(reference) == number


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_fits_stays_as_it_is_and_two_are_never_one(one: str, another: str) -> None:
    first, second = (document_number(f"NO-{text}") for text in (one, another))
    assert len(first) <= LENGTH
    assert first == first.upper().strip()
    assert first.startswith("NO-")
    assert (first == second) == (one == another)


@given(st.text(min_size=1, max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_a_short_form_is_read_back_from_the_text_that_made_it(id_: str, others: list[str]) -> None:
    reference = f"NO-{id_}"
    assert full_reference(document_number(reference), [*others, reference]) == reference


def test_without_its_text_the_short_form_stays() -> None:
    short = document_number("NO-n000001-a")
    assert full_reference(short, ["Ring twice", "NO-n000001-b"]) == short
