"""What an import confirms, and what it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.model.stock_imports import Confirmed, ImportReport, Running, SentImport, StockLine, Unconfirmed
from shared.rules.stock.confirming import is_stuck, try_again_after, verdict
from tests.rules.stock.builders import at

SENT = SentImport("I-2", at(0), (StockLine("SKU-001", 4), StockLine("SKU-002", 7, "A"), StockLine("SKU-002", 3, "B")))
REASON = "unknown warehouse"


def test_everything_was_taken() -> None:
    found = verdict(SENT, ImportReport("COMPLETE", 3, 0, {}), known=())
    assert found == Confirmed({("SKU-001", ""): 4, ("SKU-002", "A"): 7, ("SKU-002", "B"): 3}, {})


def test_a_rejected_line_is_not_confirmed() -> None:
    found = verdict(SENT, ImportReport("COMPLETE", 2, 1, {3: REASON}), known={"I-1"})
    assert found == Confirmed({("SKU-001", ""): 4, ("SKU-002", "A"): 7}, {("SKU-002", "B"): REASON})


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (ImportReport("FAILED", 0, 0, {}), "failed as a whole"),
        (ImportReport("FAILED", 3, 0, {}), "failed as a whole"),
        (ImportReport("COMPLETE", 2, 0, {}), "3 lines were sent, and Mirakl counts 2"),
        (ImportReport("COMPLETE", 4, 0, {}), "3 lines were sent, and Mirakl counts 4"),
        (ImportReport("COMPLETE", 3, None, {}), "3 lines were sent"),
        (ImportReport("COMPLETE", None, None, {}), "3 lines were sent, and Mirakl counts 0"),
        (ImportReport("COMPLETE", 2, 1, {}), "1 lines in error, and its report names 0"),
        (ImportReport("COMPLETE", 3, 0, {1: REASON}), "0 lines in error, and its report names 1"),
        (ImportReport("COMPLETE", 2, 1, {4: REASON}), "names 0 of ours"),
        (ImportReport("COMPLETE", 2, 1, {0: REASON}), "names 0 of ours"),
    ],
)
def test_what_confirms_nothing(report: ImportReport, said: str) -> None:
    found = verdict(SENT, report, known=())
    assert isinstance(found, Unconfirmed)
    assert said in found.reason


def test_a_duplicate_confirms_nothing_whatever_its_report_says() -> None:
    assert isinstance(verdict(SENT, ImportReport("COMPLETE", 3, 0, {}), known={"I-1", "I-2"}), Unconfirmed)


@pytest.mark.parametrize("status", ["WAITING", "RUNNING", "SOMETHING_NEW", ""])
def test_what_is_not_reported_yet(status: str) -> None:
    assert verdict(SENT, ImportReport(status, 3, 0, {}), known=()) == Running(status)


@pytest.mark.parametrize(("minutes", "stuck"), [(29.9, False), (30, True)])
def test_half_an_hour_without_a_report(minutes: float, stuck: bool) -> None:
    assert is_stuck(SENT, at(minutes)) == stuck
    assert not is_stuck(replace(SENT, reported=at(1)), at(minutes))


def test_a_rejected_line_rests_longer_each_time() -> None:
    rests = [try_again_after(count, jitter=0.5) for count in range(1, 8)]
    assert rests == sorted(rests)
    assert rests[0] < rests[-1]
