"""What the words of OrderStatus mean here."""

from __future__ import annotations

import pytest

from shared.erp.prima.status_words import WORDS, Role, role_of


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("Despatched", "despatched"),
        ("despatched", "despatched"),
        ("Part Despatched", "part"),
        ("Part-Despatched", "part"),
        ("PART  DESPATCHED", "part"),
        ("Cancelled", "cancelled"),
        ("Held", "held"),
        ("Received", "received"),
        ("Canceled", None),
        ("Awaiting Approval", None),
        ("", None),
    ],
)
def test_known_words(word: str, role: Role | None) -> None:
    assert role_of(word, WORDS) == role


def test_the_clients_own_words_come_before_the_known_ones() -> None:
    words = {**WORDS, "Picked": "received", "DESPATCHED": "part"}
    assert [role_of(word, words) for word in ("picked", "Despatched")] == ["received", "part"]
