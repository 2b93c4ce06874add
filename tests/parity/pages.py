"""Markdown pages as tests read them: their headings, and the tables under each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"`([^`]*)`")


def sections(page: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Every heading of a page (its path from the project's root), without its marks, and the lines under it."""
    title = ""
    lines: list[str] = []
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            yield title, lines
            title, lines = line.lstrip("# "), []
        else:
            lines.append(line)
    yield title, lines


def rows(lines: Sequence[str]) -> list[Mapping[str, str]]:
    """The rows of the table among these lines, by the names of its columns."""
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("|")]
    if not cells:
        return []
    names, _, *body = [[*row, ""] for row in cells]
    return [dict(zip(names, row, strict=False)) for row in body]


def code(cell: str) -> str:
    """What a cell holds between its first two backticks; empty where there is none."""
    found = _CODE.search(cell)
    return found.group(1) if found else ""
