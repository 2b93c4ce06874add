"""Which lines of an order stand in the ERP: there, and not cancelled.

A line's reference is Mirakl's order line id; a set's components carry it with `#` and their number. From an order
that is shown without its lines (`ErpOrder.lines_shown`) nothing follows about one of them: its status speaks for all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from shared.model.sales_order import ErpLine, ErpOrder
from shared.rules.set_parts import line_of
from shared.rules.shipped import is_charge


def carries(order: ErpOrder, line: str) -> bool:
    """Anything of the line is on the order, cancelled or not."""
    return not order.lines_shown or bool(_of(order, line))


def held(order: ErpOrder, lines: Iterable[str], *, sent: Collection[str]) -> tuple[str, ...]:
    """Of these lines, those that the order holds; where it shows none, those that may have been `sent`."""
    return tuple(line for line in lines if carries(order, line) and (order.lines_shown or line in sent))


def stands(order: ErpOrder, line: str) -> bool:
    """Something of the line may still ship."""
    if not order.lines_shown:
        return not order.cancelled
    return any(not one.cancelled for one in _of(order, line))


def cancelled(order: ErpOrder, line: str) -> frozenset[str]:
    """The references of the line's parts of which nothing will ship any more."""
    return frozenset(one.reference for one in _of(order, line) if one.cancelled)


def charges(order: ErpOrder, lines: Iterable[str]) -> tuple[str, ...]:
    """What stands beside these order lines: shipping, fees and roundings of any of them."""
    goods = {one.reference for line in lines for one in _of(order, line)}
    return tuple(one.reference for one in order.lines if not one.cancelled and one.reference not in goods)


def is_over(order: ErpOrder | None) -> bool:
    """Nothing of the order will ship any more: it is gone, or cancelled as a whole."""
    return order is None or order.cancelled or (bool(order.lines) and all(one.cancelled for one in order.lines))


def is_withdrawn(order: ErpOrder | None, lines: Iterable[str], *, left: Iterable[str]) -> bool:
    """None of these lines will ship. Where no other is `left`, the order itself must be over: charges stand on it."""
    if order is None or is_over(order):
        return True
    return any(True for _ in left) and not any(stands(order, line) for line in lines)


def missing(order: ErpOrder, lines: Iterable[str]) -> tuple[str, ...]:
    """Of these lines, those that will not ship whole.

    A line without a reference was entered by a person and may be the one that is looked for.
    """
    if not order.lines_shown:
        return tuple(lines) if order.cancelled else ()
    if any(not one.reference and not one.cancelled for one in order.lines):
        return ()
    return tuple(line for line in lines if not _is_whole(order, line))


def is_usual(order: ErpOrder | None, *, lines: int) -> bool:
    """As it was created for so many of Mirakl's lines, as far as the order alone tells."""
    if order is not None and not order.lines_shown:
        return not order.cancelled
    if order is None or order.cancelled or not order.lines or any(one.cancelled for one in order.lines):
        return False
    return len(_goods(order)) >= lines or any(not one.reference for one in order.lines)


def _goods(order: ErpOrder) -> frozenset[str]:
    """The order lines that the order's lines name; charges name none."""
    return frozenset(line_of(one.reference) for one in order.lines if not is_charge(one.reference))


def _is_whole(order: ErpOrder, line: str) -> bool:
    """Every part that the ERP shows of it stands; a part may be there again beside its cancelled self."""
    parts = {one.reference for one in _of(order, line)}
    standing = {one.reference for one in _of(order, line) if not one.cancelled}
    return bool(parts) and parts == standing


def _of(order: ErpOrder, line: str) -> tuple[ErpLine, ...]:
    return tuple(one for one in order.lines if one.reference == line or one.reference.startswith(f"{line}#"))
