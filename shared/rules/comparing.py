"""What the ERP shows against what we asked for: lines to the cent, totals within the client's tolerance.

Differences are sentences for people, without personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from decimal import Decimal
from itertools import zip_longest
from typing import TypeVar

from shared.model.sales_order import DraftLine, ErpLine, ErpOrder, ErpTotals, ItemCode, SalesOrderDraft
from shared.rules.money import minor_units, round_to_minor

L = TypeVar("L", DraftLine, ErpLine)
_INCLUDED, _EXCLUDED, _NONE = "TAX_INCLUDED", "TAX_EXCLUDED", "-"


def differing_lines(draft: SalesOrderDraft, found: ErpOrder) -> tuple[str, ...]:
    """One sentence for each difference; none when the ERP has every line as drafted and no other, or shows none."""
    if not found.lines_shown:
        return ()
    decimals = minor_units(draft.currency)
    wanted, shown = _by_reference(draft.lines), _by_reference(found.lines)
    return tuple(
        difference
        for reference in dict.fromkeys((*wanted, *shown))
        for ours, theirs in zip_longest(wanted.get(reference, ()), shown.get(reference, ()))
        for difference in _line_differences(ours, theirs, decimals)
    )


def expected_totals(draft: SalesOrderDraft) -> str:
    """What the ERP's totals will be held against, as text to keep: tax mode, total, Mirakl's tax (`-` for none)."""
    mode = _INCLUDED if draft.prices_include_tax else _EXCLUDED
    return f"{mode} {draft.total} {_NONE if draft.tax is None else draft.tax}"


def differing_totals(expected: str, totals: ErpTotals, *, tolerance: Decimal) -> tuple[str, ...]:
    """The ERP's order total against what the shopper pays; `totals.total` must be there.

    Where prices exclude tax, Mirakl's tax is added; where Mirakl states none, the ERP's own is left out.
    """
    if totals.total is None:
        raise ValueError("the ERP has not calculated this order's totals")
    included, total, tax = _expected(expected)
    if included:
        return _differing("order total", total, totals.total, tolerance)
    if tax is None:
        return _differing("order total without tax", total, totals.total - (totals.tax or 0), tolerance)
    return _differing("order total", total + tax, totals.total, tolerance)


def differing_tax(expected: str, totals: ErpTotals, *, tolerance: Decimal) -> tuple[str, ...]:
    """The ERP's tax against Mirakl's, where both state one: with prices that include tax no total would show it."""
    _, _, tax = _expected(expected)
    if tax is None or totals.tax is None:
        return ()
    return _differing("tax", tax, totals.tax, tolerance)


def _expected(text: str) -> tuple[bool, Decimal, Decimal | None]:
    mode, total, tax = text.split(" ")
    return mode == _INCLUDED, Decimal(total), None if tax == _NONE else Decimal(tax)


def _differing(name: str, wanted: Decimal, shown: Decimal, tolerance: Decimal) -> tuple[str, ...]:
    if abs(shown - wanted) <= tolerance:
        return ()
    return (f"{name} is {shown} instead of {wanted} ({shown - wanted:+})",)


def _line_differences(ours: DraftLine | None, theirs: ErpLine | None, decimals: int) -> Iterable[str]:
    if ours is None or theirs is None:
        return _one_sided(ours, theirs)
    return _field_differences(ours, theirs, decimals)


def _one_sided(ours: DraftLine | None, theirs: ErpLine | None) -> Iterable[str]:
    if ours is not None:
        yield f"line {ours.reference} ({ours.item.item}, {ours.amount}) is missing"
    if theirs is not None:
        yield f"line {theirs.reference or 'without reference'} ({theirs.item.item}, {theirs.amount}) is not ours"


def _field_differences(ours: DraftLine, theirs: ErpLine, decimals: int) -> Iterable[str]:
    shown = round_to_minor(theirs.amount, decimals)
    if _folded(ours.item) != _folded(theirs.item):
        yield f"line {ours.reference}: item is {_code(theirs.item)} instead of {_code(ours.item)}"
    if ours.quantity != theirs.quantity:
        yield f"line {ours.reference}: quantity is {theirs.quantity} instead of {ours.quantity}"
    if ours.unit.casefold() != theirs.unit.casefold():
        yield f"line {ours.reference}: unit is {theirs.unit} instead of {ours.unit}"
    if ours.amount != shown:
        yield f"line {ours.reference}: amount is {shown} instead of {ours.amount}"


def _folded(item: ItemCode) -> tuple[str, ...]:
    """ERPs fold the case of codes, some to capitals."""
    return tuple(part.casefold() for part in astuple(item))


def _code(item: ItemCode) -> str:
    return "/".join(part for part in astuple(item) if part)


def _by_reference(lines: Iterable[L]) -> Mapping[str, list[L]]:
    by: dict[str, list[L]] = {}
    for line in lines:
        by.setdefault(line.reference, []).append(line)
    return by
