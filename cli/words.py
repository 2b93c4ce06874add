"""How times and tables are written for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

_PIPED = 1000
"""Columns where nobody's window bounds them: what is piped into another program is never broken."""
console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _PIPED)
"""Texts from outside hold brackets and colons that mean nothing."""


def moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else ""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """A plain table without personal data; long texts wrap."""
    shown = Table(*columns, title=title or None, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        shown.add_row(*row)
    console.print(shown)


def say(text: str = "") -> None:
    console.print(text, soft_wrap=True)
