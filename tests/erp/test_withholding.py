"""No personal value of a draft survives in an error text."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.erp.withholding import WITHHELD, withheld
from shared.model.order import Address
from tests.erp.finance_supply_chain.drafts import address, customer, draft

PERSONAL = [part.name for part in fields(Address) if part.name != "country"]
TEXT = st.text(alphabet="abcxyz0189 .*('\n", max_size=8)
ADDRESSES = st.builds(Address, **{part.name: TEXT for part in fields(Address)})


@given(
    to=ADDRESSES,
    note=TEXT,
    pickup_point=TEXT,
    around=st.lists(st.text(alphabet="abcxyz0189 .'", max_size=6), min_size=10, max_size=10),
)
def test_no_value_of_three_characters_remains(to: Address, note: str, pickup_point: str, around: list[str]) -> None:
    values = [*(getattr(to, name) for name in PERSONAL), note, pickup_point]
    text = "".join(before + value for before, value in zip([*around, ""], values, strict=True))
    pieces = withheld(text, draft(address=to, note=note, pickup_point=pickup_point)).split(WITHHELD)
    for value in values:
        assert len(value.strip()) < 3 or not any(value.strip() in piece for piece in pieces)


@given(names=st.lists(TEXT, min_size=6, max_size=6), to=ADDRESSES, around=st.text(alphabet="abcxyz0189 .'", max_size=6))
def test_no_value_of_a_customer_remains_whether_alone_or_with_an_order(
    names: list[str], to: Address, around: str
) -> None:
    first, last, organization, tax_number, identification_number, alias = names
    who = customer(
        first_name=first,
        last_name=last,
        organization=organization,
        tax_number=tax_number,
        identification_number=identification_number,
        alias=alias,
        address=to,
    )
    values = [*names, *(getattr(to, name) for name in PERSONAL)]
    text = around.join(values)
    for told in (withheld(text, who), withheld(text, draft(shopper=who))):
        for value in values:
            assert len(value.strip()) < 3 or not any(value.strip() in piece for piece in told.split(WITHHELD))


@given(to=ADDRESSES, text=st.text(alphabet="defghi ", max_size=30))
def test_a_text_without_any_value_is_left_alone(to: Address, text: str) -> None:
    assume(to.name.strip())
    assert withheld(text, draft(address=to)) == text


@pytest.mark.parametrize(
    ("to", "text", "expected"),
    [
        (
            address(name="Shopper One"),
            "Contact shopper one, again SHOPPER  ONE",
            "Contact [withheld], again [withheld]",
        ),
        (address(name="Shopper One"), "The party One is blocked.", "The party [withheld] is blocked."),
        (address(street_1="Yard 1\nDoor 2"), "'Door 2' is not known", "'[withheld]' is not known"),
        (address(street_1="abcd", street_2="cdef"), "abcdef", "[withheld]"),
        (address(city="Y"), "City Y is not in any county", "City [withheld] is not in any county"),
        (address(phone=".*"), "Nothing at all", "Nothing at all"),
    ],
)
def test_finds(to: Address, text: str, expected: str) -> None:
    assert withheld(text, draft(address=to)) == expected
