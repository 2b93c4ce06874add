"""Refusals in a row for one reason."""

from __future__ import annotations

import pytest

from shared.erp.prima.repeated import Repeated

Step = tuple[str, str]


@pytest.mark.parametrize(
    ("steps", "too_many"),
    [
        ([("vat", "1"), ("vat", "2"), ("vat", "3")], [False, False, True]),
        ([("vat", "1"), ("vat", "2"), ("vat", "3"), ("vat", "4"), ("vat", "1")], [False, False, True, True, True]),
        ([("vat", "1"), ("vat", "1"), ("vat", "1"), ("vat", "1")], [False, False, False, False]),
        ([("vat", "1"), ("vat", "2"), ("item", "3"), ("vat", "4")], [False, False, False, False]),
        ([("vat", "1"), ("vat", "2"), ("", ""), ("vat", "3")], [False, False, False, False]),
        ([("", "1"), ("", "2"), ("", "3"), ("", "4")], [False, False, False, False]),
    ],
    ids=["three orders", "it stays too many", "one order again and again", "another reason", "one went in", "no words"],
)
def test_too_many(steps: list[Step], too_many: list[bool]) -> None:
    repeated, told = Repeated(3), []
    for reason, order in steps:
        if not order:
            repeated.taken()
        told.append(repeated.again(reason, order) if order else False)
    assert told == too_many
