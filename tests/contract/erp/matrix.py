"""`python -m tests.contract.erp.matrix`: runs the suite once and prints what each case came to in each world.

Exits 1 where a case failed, or where none ran.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import getdoc
from pathlib import Path
from string import ascii_uppercase

import pytest

from tests.contract.erp.worlds import WORLDS

ROOM = Path(__file__).parent
OPTIONS = ("-p", "no:terminal", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers --import-mode=importlib")
_LETTERS = dict(zip(WORLDS, ascii_uppercase, strict=False))
_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Case:
    chapter: str
    name: str


@dataclass
class Cell:
    """What the runs of one case in one world came to, one run for each way of failing it."""

    passed: int = 0
    reasons: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Matrix:
    """A pytest plugin that collects; `cells` are by case and world, in the order of the files."""

    cells: dict[Case, dict[str, Cell]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    _places: dict[str, Cell] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if isinstance(item, pytest.Function) and "world" in item.fixturenames:
                world = str(item.callspec.params["world"])
                self._places[item.nodeid] = self.cells.setdefault(_case(item), {}).setdefault(world, Cell())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.unreadable.append(report.longreprtext)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        cell = self._places.get(report.nodeid)
        if cell is None:
            return
        if report.failed:
            cell.failures.append(f"{report.nodeid} ({report.when})\n{report.longreprtext}")
        elif report.skipped:
            cell.reasons.append(_reason(report))
        elif report.when == "call":
            cell.passed += 1

    @property
    def failures(self) -> list[str]:
        found = (cell.failures for row in self.cells.values() for cell in row.values())
        return [*self.unreadable, *(one for some in found for one in some)]

    @property
    def holds(self) -> bool:
        return bool(self.cells) and not self.failures

    def text(self) -> str:
        reasons: dict[str, int] = {}
        table = list(self._table(reasons))
        worlds = [f"  {letter}  {world}" for world, letter in _LETTERS.items()]
        legend = [f"  ({number})  {reason}" for reason, number in reasons.items()]
        return "\n".join([*worlds, "", *table, "", "Skipped, because", *legend, "", self._sum()])

    def _table(self, reasons: dict[str, int]) -> Iterator[str]:
        chapter, width = "", max((len(case.name) for case in self.cells), default=0)
        for case, row in self.cells.items():
            if case.chapter != chapter:
                chapter = case.chapter
                yield f"\n{chapter}\n  {'':{width}}  {''.join(f'{one:{_WIDTH}}' for one in _LETTERS.values()).rstrip()}"
            words = (_word(row.get(world), reasons) for world in WORLDS)
            yield f"  {case.name:{width}}  {''.join(f'{word:{_WIDTH}}' for word in words)}".rstrip()

    def _sum(self) -> str:
        cells = [cell for row in self.cells.values() for cell in row.values()]
        failed = sum(bool(cell.failures) for cell in cells)
        passed = sum(not cell.failures and bool(cell.passed) for cell in cells)
        skipped = len(cells) - failed - passed
        return f"{len(self.cells)} cases: {passed} passed, {skipped} skipped, {failed} FAILED"


def _case(item: pytest.Function) -> Case:
    """A file is a chapter, a function a case (with what is wrong, where that is its parameter); names are sentences."""
    words = item.function.__name__.removeprefix("test_").replace("_s_", "'s ").replace("_", " ")
    what = item.callspec.params.get("what")
    chapter = (getdoc(item.module) or "").partition("\n")[0]
    return Case(chapter, re.sub(r"\berp\b", "ERP", words) + (f": {what}" if what else ""))


def _reason(report: pytest.TestReport) -> str:
    said = report.longrepr
    return said[2].removeprefix("Skipped: ") if isinstance(said, tuple) else str(said)


def _word(cell: Cell | None, reasons: dict[str, int]) -> str:
    """Some runs of a case may be skipped and others not: then both are told."""
    if cell is None:
        return "-"
    if cell.failures:
        return "FAILED"
    numbers = dict.fromkeys(reasons.setdefault(reason, len(reasons) + 1) for reason in cell.reasons)
    words = ["passed"] if cell.passed else []
    return " ".join([*words, *(f"({number})" for number in numbers)])


def main() -> int:
    matrix = Matrix()
    pytest.main([*OPTIONS, str(ROOM)], plugins=[matrix])
    sys.stdout.write("\n\n".join([matrix.text(), *matrix.failures]) + "\n")
    return 0 if matrix.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
