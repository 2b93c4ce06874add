"""Names, address and notes in Prima's fields: everything has a place, and nothing is cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.prima.configuration import ADDRESS_LINES
from shared.erp.prima.delivery import Delivery, delivery
from shared.errors import Rejected
from tests.erp.prima.drafts import ADDRESS, configuration, customer, draft


def delivered(*, more: Mapping[str, Any] | None = None, **address: Any) -> Delivery:
    return delivery(draft(address=replace(ADDRESS, **address), **(more or {})), configuration())


def address_lines(found: Delivery) -> list[str]:
    return [found.data[line] for line in ADDRESS_LINES if line in found.data]


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ({}, ["Test Street 5", "Testville"]),
        ({"company": "Company Two"}, ["Company Two", "Test Street 5", "Testville"]),
        ({"street_2": "2nd floor", "state": "Teststate"}, ["Test Street 5", "2nd floor", "Testville", "Teststate"]),
        ({"street_2": "Test Street 5"}, ["Test Street 5", "Testville"]),
        ({"company": "Shopper Seventeen"}, ["Test Street 5", "Testville"]),
        ({"street_1": "Part " * 9 + "End"}, ["Part Part Part Part Part Part Part Part", "Part End", "Testville"]),
        (
            {"street_1": " ".join(["Street" * 5] * 5), "street_2": "Yard", "additional_info": "Gate"},
            [*["Street" * 5] * 5, "Yard; Gate; Testville"],
        ),
    ],
)
def test_each_part_begins_a_line(address: dict[str, Any], lines: list[str]) -> None:
    assert address_lines(delivered(**address)) == lines


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ({"street_1": "x" * 41}, "AddrLine1"),
        ({"street_1": " ".join(["Street" * 6] * 7)}, "AddrLine6"),
        ({"zip_code": "0" * 13}, "PostCode"),
    ],
)
def test_what_finds_no_room_is_for_people_and_never_cut(address: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as reason:
        delivered(**address)
    assert (reason.value.kind, reason.value.subject) == ("text_does_not_fit", field)
    assert not any(text in str(reason.value) for text in address.values())


WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), max_size=30).map(" ".join)


@given(WORDS, WORDS, WORDS)
def test_no_word_of_an_address_is_lost(one: str, two: str, three: str) -> None:
    try:
        found = delivered(street_1=one, street_2=two, additional_info=three)
    except Rejected:
        assert len(f"{one} {two} {three}") > 100
        return
    words = " ".join(address_lines(found)).replace(";", "").split()
    assert {*one.split(), *two.split(), *three.split()} <= {*words}
    assert len(words) >= len(one.split()) + 1


@pytest.mark.parametrize(
    ("more", "notes"),
    [
        ({"note": ""}, {}),
        ({"note": "Ring twice"}, {"ShippingInstructions": "Ring twice"}),
        ({"note": "Ring", "pickup_point": "PUDO-17"}, {"ShippingInstructions": "PUDO-17\nRing"}),
        (
            {"note": "x" * 245, "pickup_point": "PUDO-17"},
            {"ShippingInstructions": "PUDO-17", "SpecialInstructions": "x" * 245},
        ),
    ],
)
def test_notes_have_two_fields(more: dict[str, Any], notes: dict[str, str]) -> None:
    assert delivered(more=more).header == notes


def test_a_note_that_reads_like_the_rest_of_the_name_is_said_too() -> None:
    found = delivered(name="Shopper " * 5 + "Yard", more={"note": "Yard"})
    assert (found.data["DeliveryFAO"], found.header["ShippingInstructions"]) == (
        "Shopper " * 4 + "Shopper",
        "Yard\nYard",
    )


def test_beside_an_account_the_name_is_the_recipients_only() -> None:
    found = delivered(name="Shopper " + "Seventeen " * 4 + "End")
    assert found.data["DeliveryFAO"] == "Shopper Seventeen Seventeen Seventeen"
    assert found.header["ShippingInstructions"] == "Seventeen End\nRing twice"
    assert not {"CustomerForename", "CustomerSurname", "CustomerEmail"} & found.data.keys()
    assert found.invoice == {}


@pytest.mark.parametrize(
    ("names", "sent"),
    [
        ({}, {"CustomerForename": "Shopper", "CustomerSurname": "Seventeen"}),
        ({"last_name": ""}, {"CustomerSurname": "Shopper"}),
        ({"first_name": ""}, {"CustomerSurname": "Seventeen"}),
        ({"first_name": "", "last_name": " "}, {"CustomerSurname": "Shopper Seventeen"}),
    ],
)
def test_a_new_customer_has_a_surname(names: dict[str, str], sent: dict[str, str]) -> None:
    found = delivered(more={"customer": "", "shopper": customer(**names)})
    assert {name: text for name, text in found.data.items() if name.endswith("name")} == sent
    assert found.invoice["InvoiceSurname"] == sent["CustomerSurname"]


def test_an_organization_stands_with_the_notes() -> None:
    shopper = customer(organization="Company Two", tax_number="FR000")
    found = delivered(more={"customer": "", "shopper": shopper})
    assert found.header["ShippingInstructions"] == "Ring twice\nOrganisation: Company Two; tax number FR000"
