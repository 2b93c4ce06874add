"""Whose order it is in the ERP, as that ERP writes our references."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from local.judge_references import our_references, shown_reference
from tests.local.evidence import CLIENT

UPPER = replace(CLIENT, references="upper case")
MIRAKL = {"orders": [{"platform": "north", "order_id": one} for one in ("A", "a-1", "a far too long one")]}
COMMENT = {"comment_digest": sha256(b"NO-a far too long one").hexdigest()}


@pytest.mark.parametrize(
    ("client", "shown", "lines", "ours"),
    [
        (CLIENT, "NO-A", [], "NO-A"),
        (CLIENT, "NO-a-1", [], "NO-a-1"),
        (CLIENT, "NO-A-1", [], "NO-A-1"),
        (UPPER, "NO-A-1", [], "NO-a-1"),
        (UPPER, "NO-SHORT", [{"comment_digest": ""}, COMMENT], "NO-a far too long one"),
        (UPPER, "NO-SHORT", [], "NO-SHORT"),
        (UPPER, "", [], ""),
    ],
)
def test_a_reference_is_read_as_the_erp_writes_it(client: Any, shown: str, lines: list[Any], ours: str) -> None:
    assert shown_reference({"reference": shown, "lines": lines}, our_references(MIRAKL, client)) == ours
