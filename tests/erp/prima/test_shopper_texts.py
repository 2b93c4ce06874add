"""The letters that are sent are settled before anything is measured, and refused by the name of the field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.erp.prima.codec.letters import Policy
from shared.erp.prima.configuration import ADDRESS_LINES
from shared.erp.prima.delivery import delivery
from shared.erp.prima.shopper_texts import spelled
from shared.errors import Rejected
from tests.erp.prima.drafts import ADDRESS, configuration, customer, draft


@pytest.mark.parametrize(
    ("letters", "sent"),
    [
        ("transliterate", ["Coeur " * 5 + "Coeur", "Coeur", "Testville"]),
        ("reference", ["Cœur " * 6 + "Cœur", "Testville"]),
    ],
)
def test_a_text_is_as_long_as_it_is_sent(letters: Policy, sent: list[str]) -> None:
    """34 letters that become 41: a line takes 40 of them."""
    found = delivery(spelled(draft(address=replace(ADDRESS, street_1="Cœur " * 7)), letters), configuration())
    assert [found.data[line] for line in ADDRESS_LINES if line in found.data] == sent


@pytest.mark.parametrize(
    ("letters", "texts", "field"),
    [
        ("refuse", {"city": "Łódź"}, "city"),
        ("transliterate", {"name": "Имя Образец"}, "name"),
    ],
)
def test_letters_that_cannot_be_sent_are_for_people(letters: Policy, texts: dict[str, str], field: str) -> None:
    with pytest.raises(Rejected) as refused:
        spelled(draft(address=replace(ADDRESS, **texts)), letters)
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", field)
    assert not any(text in str(refused.value) for text in texts.values())


def test_every_text_of_the_shopper_is_spelled() -> None:
    shopper = customer(first_name="Łukasz", organization="Œuvre")
    found = spelled(draft(note="“Ring”\x0btwice", pickup_point="Zoë", shopper=shopper), "transliterate")
    assert (found.note, found.pickup_point) == ('"Ring" twice', "Zoë")
    assert found.shopper is not None
    assert (found.shopper.first_name, found.shopper.organization) == ("Lukasz", "OEuvre")
