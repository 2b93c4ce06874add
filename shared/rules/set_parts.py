"""A set's components carry their order line's id with `#` and their number; an id may hold a `#` of its own."""

from __future__ import annotations


def line_of(reference: str) -> str:
    """Mirakl's order line that a reference of the ERP's order is about."""
    line, mark, part = reference.rpartition("#")
    return line if mark and part.isdigit() else reference
