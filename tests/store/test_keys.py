"""Row keys: safe for the service, reversible, and never the same for different parts."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.store.keys import MAXIMUM_KEY, MAXIMUM_PART, escape, join, under, unescape

PARTS = st.text(max_size=80) | st.text(alphabet="ab|=~.%/#?\\'7C", max_size=60)
LONG_PARTS = PARTS | st.integers(100, 2000).flatmap(lambda length: st.text("aé|", min_size=length, max_size=length))


@pytest.mark.parametrize(
    ("part", "escaped"),
    [
        ("0_101-A.b", "0_101-A.b"),
        ("", ""),
        ("a|b", "a=7Cb"),
        ("a=7Cb", "a=3D7Cb"),
        ("/\\#?'", "=2F=5C=23=3F=27"),
        ("*", "=2A"),
        ("Ł", "=C5=81"),
        ("\ud800", "=ED=A0=80"),
        ("a\n", "a=0A"),
    ],
)
def test_escaping(part: str, escaped: str) -> None:
    assert escape(part) == escaped
    assert unescape(escaped) == part


@given(PARTS)
def test_a_part_comes_back(part: str) -> None:
    escaped = escape(part)
    assert re.fullmatch(r"[A-Za-z0-9._=~-]*", escaped)
    if "~" not in escaped:
        assert unescape(escaped) == part


@pytest.mark.parametrize("part", ["=", "=4", "=zz", f"{'a' * 80}~{'0' * 64}"])
def test_what_is_not_an_escaped_part_cannot_be_turned_back(part: str) -> None:
    with pytest.raises(ValueError, match="key part"):
        unescape(part)


@given(st.lists(LONG_PARTS, min_size=1, max_size=5), st.lists(LONG_PARTS, min_size=1, max_size=5))
@example(["a", "b"], ["a|b"])
@example(["a", ""], ["a"])
@example([""], ["="])
@example(["a" * 200], ["a" * 201])
@example([f"{'a' * 80}~{'0' * 64}"], ["a" * 200])
def test_different_parts_never_make_one_key(some: list[str], others: list[str]) -> None:
    assert (join(*some) == join(*others)) == (some == others)


@given(st.lists(LONG_PARTS, min_size=1, max_size=6))
def test_a_key_fits_and_is_not_empty(parts: list[str]) -> None:
    assert 0 < len(join(*parts)) <= MAXIMUM_KEY
    assert join(*parts) == join(*parts)


@given(LONG_PARTS, LONG_PARTS, LONG_PARTS)
def test_a_range_finds_what_is_under_it_and_nothing_else(first: str, second: str, other: str) -> None:
    bounds = under(first)

    def inside(key: str) -> bool:
        return bounds.start <= key < bounds.end

    assert inside(join(first, second))
    assert inside(join(first, second, other))
    assert inside(join(other, second)) == (other == first)
    assert not inside(join(first))


def test_long_parts_keep_their_head() -> None:
    assert len(escape("a" * MAXIMUM_PART)) == MAXIMUM_PART
    digested = escape("a" * (MAXIMUM_PART + 1))
    assert digested.startswith("a" * 80 + "~")
    assert len(digested) == 145
