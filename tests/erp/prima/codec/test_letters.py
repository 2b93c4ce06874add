# ruff: noqa: RUF001
"""Every letter arrives, becomes the nearest one, or is refused by its field's name: never a question mark."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.prima.codec.letters import Policy, carried
from shared.errors import Rejected

ANY = st.text(st.characters())
LATIN = st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]) | st.sampled_from("\t\n\r"))


def carry(text: str, policy: Policy) -> str:
    return carried(text, policy=policy, field="Data.AddrLine1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź", "Lódz"),
        ("Žluťoučký kůň", "Zlutoucký kun"),
        ("Őrség, Ţepeş, İstanbul, Diyarbakır", "Orség, Tepes, Istanbul, Diyarbakir"),
        ("Straße Ærø ñ café", "Straße Ærø ñ café"),
        ("cafe\u0301", "café"),
        ("l’été – “à côté” … 5 €", 'l\'été - "à côté" ... 5 EUR'),
        ("Œuvre ﬁn № 3 ẞ", "OEuvre fin No 3 SS"),
        ("left\u200b\u2028right 🎁", "leftright "),
        ("Ｆｕｌｌ", "Full"),
        ("ǿ", "ø"),
    ],
)
def test_the_nearest_letters(text: str, expected: str) -> None:
    if "\u2028" in text:
        with pytest.raises(Rejected):
            carry(text, "transliterate")
        text = text.replace("\u2028", "")
    assert carry(text, "transliterate") == expected


@pytest.mark.parametrize("text", ["Москва", "東京", "Αθήνα", "שלום", "ok \ue000"])
@pytest.mark.parametrize("policy", ["transliterate", "refuse"])
def test_a_letter_without_any_near_it_is_refused_by_its_fields_name(text: str, policy: Policy) -> None:
    with pytest.raises(Rejected) as refused:
        carry(text, policy)
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", "Data.AddrLine1")
    assert text not in str(refused.value)


@pytest.mark.parametrize("text", ["Łódź", "’", "€", "🎁"])
def test_refuse_changes_nothing(text: str) -> None:
    with pytest.raises(Rejected):
        carry(text, "refuse")


@given(LATIN, st.sampled_from(["reference", "transliterate", "refuse"]))
def test_what_latin_carries_stays_under_every_policy(text: str, policy: Policy) -> None:
    assert carry(text, policy) == text


@given(ANY)
def test_references_keep_all_that_xml_can_hold(text: str) -> None:
    kept = carry(text, "reference")
    dropped = set(text) - set(kept)
    assert all(unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff" for letter in dropped)
    assert kept == "".join(letter for letter in text if letter not in dropped)


@given(ANY)
def test_what_is_transliterated_is_latin_or_refused(text: str) -> None:
    try:
        found = carry(text, "transliterate")
    except Rejected:
        return
    assert found.encode("latin-1").decode("latin-1") == found
    assert carry(found, "refuse") == found
