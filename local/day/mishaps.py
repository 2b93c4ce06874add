"""Answers that get lost or make no sense, on both sides, in the ERP's own words: each with minutes after the first."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from local.day.failures import Fail
from local.demo.demo_erp import DemoErp

Mishaps: TypeAlias = Iterator[tuple[float, Fail]]
SHARE = 0.15
"""Of the calls that a fault could meet, with several faults in a row."""


def lost_answers(chance: random.Random, erp: DemoErp) -> Mishaps:
    """On both sides, before and after the effect; between them others get through, or it would be an outage."""
    mirakl = [("hang_before", 2), ("hang_after", 2), ("error_before", 1), ("error_after", 1), ("reset_after", 1)]
    lost = [("error_after", 2), ("reset_after", 2), ("hang_after", 1), ("truncated", 1), ("html_after", 1)]
    chance.shuffle(mirakl)
    chance.shuffle(lost)
    lost += [(kind, 1) for kind in erp.lost]
    told = f"{sum(times for _, times in lost)} answers of the ERP get lost after it has committed"
    yield 0, Fail("mirakl", _faults("OR21", mirakl), "7 answers of OR21 get lost, before or after it acts")
    yield 2, Fail("erp", _faults(erp.place, lost), told)


def on_the_way_back(chance: random.Random, erp: DemoErp) -> Mishaps:
    """Answers to confirmations get lost after the effect, and reads of what has left fail."""
    lost = [("reset_after", 2), ("error_after", 1), ("hang_after", 1)]
    told = [*_faults("OR23", lost[:1]), *_faults("OR24", lost), *_faults("ST01", lost)]
    chance.shuffle(told)
    yield 0, Fail("mirakl", tuple(told), "10 answers of OR23, OR24 and ST01 get lost after Mirakl has acted")
    read = [("error_before", 2), ("truncated", 1), ("html", 1)]
    reads = tuple(fault for operation in erp.reads for fault in _faults(operation, read))
    yield 1, Fail("erp", reads, f"{4 * len(erp.reads)} reads of the ERP fail, {erp.slip}s among them")


def nonsense() -> Mishaps:
    mirakl = [("throttle", 3), ("html", 2), ("truncated", 2)]
    yield 0, Fail("mirakl", _faults("*", mirakl), "Mirakl answers 429, HTML pages and half a JSON")
    others = [("throttle", 2), ("html", 1), ("truncated", 1)]
    yield 1, Fail("erp", _faults("*", others), "The ERP answers 429, an HTML page and half of what it says")


def _faults(operation: str, kinds: Sequence[tuple[str, int]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"kind": kind, "operation": operation, "times": times, "probability": SHARE, "delay_seconds": 40}
        for kind, times in kinds
    )
