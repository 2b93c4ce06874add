"""The matrix tells what was passed, skipped and why, and failed; nothing at all does not hold."""

from __future__ import annotations

from tests.contract.erp.matrix import Case, Cell, Matrix
from tests.contract.erp.worlds import WORLDS

FIRST, *OTHERS = WORLDS


def matrix(cell: Cell) -> Matrix:
    return Matrix({Case("Chapter.", "a case"): {FIRST: cell, OTHERS[0]: Cell(passed=2)}})


def row(shown: Matrix) -> list[str]:
    (found,) = [line.split() for line in shown.text().splitlines() if line.startswith("  a case")]
    return found[2:4]


def test_passed() -> None:
    shown = matrix(Cell(passed=1))
    assert (row(shown), shown.holds) == (["passed", "passed"], True)
    assert shown.text().endswith("1 cases: 2 passed, 0 skipped, 0 FAILED")


def test_skipped_with_its_reason() -> None:
    shown = matrix(Cell(reasons=["the ERP shows no lines"] * 3))
    assert (row(shown), shown.holds) == (["(1)", "passed"], True)
    assert "(1)  the ERP shows no lines" in shown.text()
    assert shown.text().endswith("1 cases: 1 passed, 1 skipped, 0 FAILED")


def test_failed_once_is_failed_whatever_else_passed() -> None:
    shown = matrix(Cell(passed=5, failures=["why"]))
    assert (row(shown), shown.holds, shown.failures) == (["FAILED", "passed"], False, ["why"])
    assert shown.text().endswith("1 cases: 1 passed, 0 skipped, 1 FAILED")


def test_nothing_that_ran_does_not_hold() -> None:
    assert not Matrix().holds


def test_a_file_that_cannot_be_read_does_not_hold() -> None:
    shown = matrix(Cell(passed=1))
    shown.unreadable.append("SyntaxError")
    assert (shown.holds, shown.failures) == (False, ["SyntaxError"])
