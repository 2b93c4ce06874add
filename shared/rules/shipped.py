"""How much of an order has left, in whole marketplace units; the line decides.

The ERP's quantities are brought back to Mirakl's by proportion: what a line's `shipped` is of its `ordered`. A set has
left as often as the least of its components. Callers pass one version of each shipping document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from shared.model.order import Order, OrderLine
from shared.model.shipment import ErpShipment, ShippedLine
from shared.rules.order_states import shippable_lines, withdrawn_lines

WITHOUT_REFERENCE = "a line added by hand, or of a deleted order"
_CHARGE = re.compile(r"(shipping|fee|rounding)-[0-9]+")
"""The references of the service items that drafting adds: an ERP may show them on a shipping document."""
_NUMBER = re.compile(r"[1-9][0-9]?")
"""Components count from 1; what is no such number is a component's own name and proves no others."""
_ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class LineProgress:
    """`wanted` is what is still paid for; `shipped` is whole units, and never more than `wanted`."""

    line: str
    wanted: Decimal
    shipped: Decimal


def line_progress(order: Order, shipments: Iterable[ErpShipment]) -> tuple[LineProgress, ...]:
    """One for each line that Mirakl shows in SHIPPING."""
    known = _ids(order)
    left = _by_order_line((line for shipment in shipments for line in shipment.lines), known)
    return tuple(_progress(line, left.get(line.id, {})) for line in shippable_lines(order.lines))


def is_complete(order: Order, shipments: Iterable[ErpShipment]) -> bool:
    """Everything that is still to ship has left, and there is something to ship."""
    owed = [one for one in line_progress(order, shipments) if one.wanted]
    return bool(owed) and all(one.shipped >= one.wanted for one in owed)


def new_units(order: Order, shipment: ErpShipment, before: Iterable[ErpShipment]) -> tuple[tuple[str, int], ...]:
    """Line by line the whole units that this shipment adds to those before it; lines to which it adds none are out."""
    earlier = tuple(before)
    had, have = line_progress(order, earlier), line_progress(order, (*earlier, shipment))
    added = ((now.line, int(now.shipped - then.shipped)) for then, now in zip(had, have, strict=True))
    return tuple((line, units) for line, units in added if units > 0)


def unmatched(order: Order, shipment: ErpShipment) -> tuple[str, ...]:
    """References of the shipment that are no line of the order; charges are ours and are no goods."""
    known = _ids(order)
    strange = (
        line.reference or WITHOUT_REFERENCE
        for line in shipment.lines
        if _named(line.reference, known)[0] not in known and not is_charge(line.reference)
    )
    return tuple(dict.fromkeys(strange))


def is_charge(reference: str) -> bool:
    """Shipping, a fee or a rounding difference: a service item, not goods."""
    return _CHARGE.fullmatch(reference) is not None


def nobody_pays(order: Order, shipment: ErpShipment) -> tuple[str, ...]:
    """Lines of which something left although Mirakl shows them refused or cancelled."""
    known = _ids(order)
    left = {_named(line.reference, known)[0] for line in shipment.lines if line.shipped > 0}
    return tuple(line.id for line in withdrawn_lines(order.lines) if line.id in left)


def _progress(line: OrderLine, parts: Mapping[str, Sequence[ShippedLine]]) -> LineProgress:
    wanted = max(line.quantity - line.cancelled_quantity, Decimal(0))
    units = min((_units(line, wanted, parts.get(part, ())) for part in _parts(parts)), default=Fraction(0))
    return LineProgress(line.id, wanted, min(Decimal(max(floor(units), 0)), wanted))


def _units(line: OrderLine, wanted: Decimal, lines: Iterable[ShippedLine]) -> Fraction:
    return sum((_share(line, wanted, one) for one in lines), Fraction(0))


def _share(line: OrderLine, wanted: Decimal, shown: ShippedLine) -> Fraction:
    """The ERP's line was drafted for Mirakl's whole quantity. Where it stands at what is still wanted, a person has
    taken the cancelled rest out of it.
    """
    if shown.ordered <= 0:
        return Fraction(0)
    drafted = wanted if shown.ordered == wanted else line.quantity
    return Fraction(drafted) * Fraction(shown.shipped) / Fraction(shown.ordered)


def _parts(shown: Iterable[str]) -> Iterable[str]:
    """The components that there are, as far as shipments prove it: `2` proves a `1`, and one alone that more follow.

    A line that is no set has one part, the empty one.
    """
    seen = set(shown)
    highest = max((int(part) for part in seen if _NUMBER.fullmatch(part)), default=0)
    parts = seen | {str(number) for number in range(1, highest + 1)}
    return parts if len(parts) > 1 or parts <= {""} else parts | {_ANOTHER}


def _by_order_line(
    lines: Iterable[ShippedLine], known: Collection[str]
) -> Mapping[str, Mapping[str, Sequence[ShippedLine]]]:
    """Order line id -> component (empty: no set) -> what left of it."""
    found: dict[str, dict[str, list[ShippedLine]]] = {}
    for line in lines:
        id_, part = _named(line.reference, known)
        found.setdefault(id_, {}).setdefault(part, []).append(line)
    return found


def _named(reference: str, known: Collection[str]) -> tuple[str, str]:
    """The order line and, for a set, the component that a sales order line's reference names."""
    line, mark, part = reference.rpartition("#")
    return (line, part) if mark and reference not in known else (reference, "")


def _ids(order: Order) -> frozenset[str]:
    return frozenset(line.id for line in order.lines)
