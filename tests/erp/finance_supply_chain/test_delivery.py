"""Where each part of the delivery goes, and that none is lost."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.finance_supply_chain.delivery import delivery_fields
from shared.erp.lengths import length
from shared.errors import Rejected
from shared.model.order import Address
from shared.model.sales_order import SalesOrderDraft
from tests.erp.finance_supply_chain.drafts import address, configuration, draft

NAME, NOTE, STREET = "DeliveryAddressName", "DeliveryAddressDescription", "DeliveryAddressStreet"
LONG_NAME = " ".join(["Shopper"] * 9)  # 71 characters


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(draft(), {NAME: "Shopper One", STREET: "Test Street 5"}, id="the ordinary case"),
        pytest.param(
            draft(address=address(company="Company Two", street_2="Yard", additional_info="2nd floor")),
            {NAME: "Shopper One", STREET: "Company Two\nTest Street 5\nYard\n2nd floor"},
            id="a company and further lines are lines of the street",
        ),
        pytest.param(
            draft(address=address(name=" ", company="Company Two")),
            {NAME: "Company Two", STREET: "Test Street 5"},
            id="a company without a person is the name",
        ),
        pytest.param(
            draft(pickup_point="PUDO-17", note="Ring\n twice", address=address(phone="+00 1")),
            {STREET: "Test Street 5", NOTE: "PUDO-17; Ring twice; +00 1"},
            id="pick-up point, note and telephone share the note field",
        ),
        pytest.param(
            draft(address=address(additional_info="Ring twice"), note="Ring twice"),
            {STREET: "Test Street 5\nRing twice", NOTE: None},
            id="what stands there already is not said again",
        ),
        pytest.param(
            draft(pickup_point="PUDO-17", note="n" * 60),
            {NOTE: "PUDO-17", STREET: "Test Street 5\n" + "n" * 60},
            id="a note too long for its field goes to the street",
        ),
        pytest.param(
            draft(address=address(street_1="s" * 240, street_2="t" * 20)),
            {STREET: "s" * 240, NOTE: "t" * 20},
            id="a street line too many goes to the note field",
        ),
        pytest.param(
            draft(address=address(name=LONG_NAME)),
            {NAME: LONG_NAME[:55], NOTE: "Shopper Shopper"},
            id="a long name is broken between words",
        ),
        pytest.param(
            draft(address=address(name="n" * 50 + " " + "n" * 50)),
            {NAME: "n" * 50, NOTE: "n" * 50},
            id="both halves of a name that repeats itself stand",
        ),
        pytest.param(
            draft(address=address(name="Shopper " * 8 + "Yard"), note="Yard"),
            {NAME: "Shopper " * 6 + "Shopper", NOTE: "Shopper Yard; Yard"},
            id="a part that reads like a piece of another is said too",
        ),
        pytest.param(
            draft(address=address(name=LONG_NAME, company=LONG_NAME)),
            {NAME: LONG_NAME[:55], NOTE: "Shopper Shopper", STREET: "Test Street 5"},
            id="a company that is called like the person is said once",
        ),
        pytest.param(
            draft(address=address(state="Teststate")),
            {STREET: "Test Street 5\nTeststate", "DeliveryAddressStateId": None},
            id="a state is a line of the street",
        ),
    ],
)
def test_place_of_each_part(order: SalesOrderDraft, expected: dict[str, str | None]) -> None:
    found = delivery_fields(order, configuration())
    assert {name: found.get(name) for name in expected} == expected


def test_state_is_a_code_where_the_lengths_name_its_field() -> None:
    found = delivery_fields(draft(address=address(state="TS")), configuration(DeliveryAddressStateId=10))
    assert (found["DeliveryAddressStateId"], found[STREET]) == ("TS", "Test Street 5")


def test_note_goes_to_the_street_where_no_note_field_is_set() -> None:
    found = delivery_fields(draft(note="Ring twice"), configuration(note_field=""))
    assert (found.get(NOTE), found[STREET]) == (None, "Test Street 5\nRing twice")


@pytest.mark.parametrize(
    ("order", "field", "reason"),
    [
        (draft(address=address(zip_code="0" * 11)), "DeliveryAddressZipCode", "it has 11 characters"),
        (draft(address=address(city="c" * 61)), "DeliveryAddressCity", "it has 61 characters"),
        (draft(address=address(name="n" * 61)), NAME, "it has 61 characters"),
        (draft(address=address(street_1="s" * 251)), STREET, "the first street line has 251 characters"),
        (draft(note="n" * 238), NOTE, "DeliveryAddressStreet has 13 of 250 taken"),
        # Each of these is two UTF-16 code units, which is what the database counts.
        (draft(address=address(city="\N{DELIVERY TRUCK}" * 31)), "DeliveryAddressCity", "it has 62 characters"),
    ],
)
def test_what_finds_no_room_is_refused_by_length(order: SalesOrderDraft, field: str, reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        delivery_fields(order, configuration())
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", field)
    assert reason in refused.value.reason


TEXT = st.text(alphabet="abcdefgh \n\N{DELIVERY TRUCK}é", max_size=130)
ADDRESSES = st.builds(Address, **{part.name: TEXT for part in fields(Address)})


@given(to=ADDRESSES, pickup_point=TEXT, note=TEXT, note_field=st.sampled_from([NOTE, ""]))
def test_nothing_is_lost_and_nothing_is_too_long(to: Address, pickup_point: str, note: str, note_field: str) -> None:
    order, environment = draft(address=to, pickup_point=pickup_point, note=note), configuration(note_field=note_field)
    try:
        found = delivery_fields(order, environment)
    except Rejected as refused:
        assert refused.kind == "text_does_not_fit"  # noqa: PT017 -- being refused is one of the two right outcomes
        return
    sent = "\n".join(found.values())
    for part in (*(getattr(to, one.name) for one in fields(Address) if one.name != "country"), pickup_point, note):
        assert all(word in sent for word in part.split())
    for name, text in found.items():
        assert length(text) <= environment.lengths.get(name, 250)


@given(to=ADDRESSES, pickup_point=TEXT, note=TEXT)
def test_every_part_is_whole(to: Address, pickup_point: str, note: str) -> None:
    """A part is in one field as it is (on one line); only the name may be broken, between words, over two."""
    order = draft(address=to, pickup_point=pickup_point, note=note)
    try:
        found = delivery_fields(order, configuration())
    except Rejected:
        return
    parts = (to.company, to.street_1, to.street_2, to.additional_info, to.state, to.phone, pickup_point, note)
    assert all(any(" ".join(part.split()) in text for text in (*found.values(), "")) for part in parts)
