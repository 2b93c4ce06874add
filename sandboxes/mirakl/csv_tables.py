"""The CSV files of imports and of their reports: one delimiter per operator, a header, one line per offer or stock."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

DELIMITERS = {"SEMICOLON": ";", "COMMA": ","}


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts the file's lines, the header being the first, as Mirakl's own example of an error report does.

    `even` is off where the line has more or fewer cells than the header.
    """

    number: int
    cells: tuple[str, ...]
    header: tuple[str, ...]
    even: bool

    def cell(self, column: str) -> str:
        """Blank where the column is left out."""
        if column not in self.header:
            return ""
        position = self.header.index(column)
        return self.cells[position].strip() if position < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...] = field(default=())

    def unknown(self, known: Collection[str]) -> list[str]:
        return [column for column in self.header if column not in known]


def read_table(content: bytes, delimiter: str, required: Collection[str]) -> Table | None:
    """None where the file is none of this kind: not UTF-8, or a required column is missing or stands twice (a wrong
    delimiter makes one column of them all)."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error):
        return None
    header = tuple(name.strip() for name in lines[0]) if lines else ()
    if not set(required) <= set(header) or len(set(header)) < len(header):
        return None
    return Table(header, tuple(_rows(header, lines[1:])))


def written_table(header: Sequence[str], lines: Iterable[Sequence[str]], delimiter: str) -> bytes:
    """Every cell quoted, lines that end in a bare line feed, as in Mirakl's examples."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([header, *lines])
    return out.getvalue().encode()


def _rows(header: tuple[str, ...], lines: Iterable[Sequence[str]]) -> Iterable[Row]:
    """Blank lines count and are passed over."""
    for number, cells in enumerate(lines, 2):
        if any(cell.strip() for cell in cells):
            yield Row(number, tuple(cells), header, len(cells) == len(header))
