"""What an import's report confirms: the lines sent less those rejected, and only where the counts agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from shared.model.stock_imports import (
    Confirmed,
    ImportReport,
    Running,
    SentImport,
    StockLine,
    Unconfirmed,
    Verdict,
)
from shared.rules.retry import delay

STUCK_AFTER = timedelta(minutes=30)


def verdict(sent: SentImport, report: ImportReport, *, known: Collection[str]) -> Verdict:
    """`known` are the ids of imports sent before: Mirakl answers a duplicate file with the old one, and does
    nothing. A status that we do not know is taken for one still running.
    """
    if is_duplicate(sent.id, known):
        return Unconfirmed("Mirakl took the file for one that it had before")
    if report.status == "FAILED":
        return Unconfirmed("the import failed as a whole")
    if report.status != "COMPLETE":
        return Running(report.status)
    fault = _fault(sent, report)
    return Unconfirmed(fault) if fault else _confirmed(sent.lines, report.rejected)


def is_duplicate(id_: str, known: Collection[str]) -> bool:
    return id_ in known


def is_stuck(sent: SentImport, now: datetime) -> bool:
    """Unreported for so long that a person must know."""
    return sent.reported is None and now - sent.sent >= STUCK_AFTER


def try_again_after(rejections: int, *, jitter: float) -> timedelta:
    """How long a line rests that was rejected so many times in a row; `jitter` is random in [0, 1)."""
    return delay(rejections, jitter=jitter)


def _fault(sent: SentImport, report: ImportReport) -> str:
    """What keeps a complete import from confirming anything, empty where nothing does."""
    counted = (report.in_success or 0) + (report.in_error or 0)
    if report.in_success is None or report.in_error is None or counted != len(sent.lines):
        return f"{len(sent.lines)} lines were sent, and Mirakl counts {counted}"
    known = sum(1 for number in report.rejected if 1 <= number <= len(sent.lines))
    if known != len(report.rejected) or known != report.in_error:
        return f"Mirakl counts {report.in_error} lines in error, and its report names {known} of ours"
    return ""


def _confirmed(lines: tuple[StockLine, ...], rejected: Mapping[int, str]) -> Confirmed:
    numbered = dict(enumerate(lines, start=1))
    return Confirmed(
        numbers={line.position: line.quantity for number, line in numbered.items() if number not in rejected},
        rejected={numbered[number].position: reason for number, reason in rejected.items()},
    )
