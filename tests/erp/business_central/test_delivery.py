"""Where every part of an address, a pick-up point and a note goes; nothing is ever cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.business_central.configuration import LENGTHS
from shared.erp.business_central.delivery import delivery, in_comments
from shared.erp.lengths import length
from shared.errors import Rejected
from tests.erp.business_central.drafts import address, draft

EMPTY = {"shipToContact": "", "shipToAddressLine2": "", "shipToState": "", "phoneNumber": ""}
PLAIN = {
    "shipToName": "Shopper One",
    "shipToAddressLine1": "Test Street 5",
    "shipToPostCode": "00001",
    "shipToCity": "Testville",
    "shipToCountry": "DE",
}


def test_every_field_is_sent_so_that_nothing_of_the_customers_stays() -> None:
    found = delivery(draft())
    assert found.fields == PLAIN | EMPTY
    assert list(found.fields)[-5:] == ["shipToCountry", "shipToPostCode", "shipToCity", "shipToState", "phoneNumber"]
    assert found.comments == ()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"company": "Company Two"}, {"shipToName": "Company Two", "shipToContact": "Shopper One"}),
        ({"name": "", "company": "Company Two"}, {"shipToName": "Company Two", "shipToContact": ""}),
        ({"company": "Shopper One"}, {"shipToName": "Shopper One", "shipToContact": ""}),
        ({"street_2": "Test Street 5"}, {"shipToAddressLine1": "Test Street 5", "shipToAddressLine2": ""}),
        ({"street_2": "Yard"}, {"shipToAddressLine2": "Yard"}),
        ({"street_2": "Yard", "additional_info": "Door 7"}, {"shipToAddressLine2": "Yard, Door 7"}),
        ({"street_2": "Y" * 50, "additional_info": "Door 7"}, {"shipToAddressLine1": "Test Street 5, Door 7"}),
        ({"state": "Teststate", "phone": "+00 1"}, {"shipToState": "Teststate", "phoneNumber": "+00 1"}),
    ],
)
def test_parts_of_an_address(fields: dict[str, str], expected: dict[str, str]) -> None:
    found = delivery(draft(address=address(**fields)))
    assert {name: found.fields[name] for name in expected} == expected
    assert found.comments == ()


@pytest.mark.parametrize(
    ("fields", "comments"),
    [
        ({"state": "S" * 31}, ("S" * 31,)),
        ({"phone": "0" * 31}, ("0" * 31,)),
        ({"phone": "+00 1 ext. 4"}, ("+00 1 ext. 4",)),
        ({"name": "A" * 60 + " " + "B" * 60}, ("B" * 60,)),
        ({"street_2": "Y" * 101}, ("Y" * 100, "Y")),
    ],
)
def test_what_finds_no_room_is_a_comment(fields: dict[str, str], comments: tuple[str, ...]) -> None:
    assert delivery(draft(address=address(**fields))).comments == comments


def test_a_long_street_begins_on_the_label() -> None:
    words = [f"Part{number:03}" for number in range(40)]
    found = delivery(draft(address=address(street_1=" ".join(words))))
    assert found.fields["shipToAddressLine1"].startswith("Part000 Part001")
    printed = " ".join([found.fields["shipToAddressLine1"], found.fields["shipToAddressLine2"], *found.comments])
    assert printed.split() == words


@pytest.mark.parametrize("piece", ["B" * 90, "Yard"])
def test_a_part_that_reads_like_a_piece_of_another_is_said_too(piece: str) -> None:
    found = delivery(draft(address=address(street_1="A" * 95 + " " + piece, street_2=piece)))
    said = " ".join([*found.fields.values(), *found.comments]).replace(",", "").split()
    assert said.count(piece) == 2


def test_pick_up_point_and_note_are_comments_line_by_line() -> None:
    found = delivery(draft(pickup_point="PUDO-17", note="Ring twice\n\nat  the green door"))
    assert found.comments == ("PUDO-17", "Ring twice", "at the green door")


@pytest.mark.parametrize(
    ("fields", "field"), [({"city": "C" * 31}, "shipToCity"), ({"zip_code": "0" * 21}, "shipToPostCode")]
)
def test_what_the_carrier_sorts_by_stands_in_its_field_or_is_refused(fields: dict[str, str], field: str) -> None:
    with pytest.raises(Rejected) as refused:
        delivery(draft(address=address(**fields)))
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", field)
    assert "CCC" not in str(refused.value)


@given(st.text(alphabet="ab 😀", max_size=400))
def test_comments_hold_the_whole_text(text: str) -> None:
    plain = " ".join(text.split())
    found = tuple(in_comments(plain))
    assert all(0 < length(one) <= LENGTHS["description"] for one in found)
    assert "".join(found).replace(" ", "") == plain.replace(" ", "")
