"""A look at several orders, one call each: what one of them comes to must not hide the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from shared.erp.prima.shown_order import unclear
from shared.errors import Resting, Unavailable
from shared.model.sales_order import ErpOrder

IN_A_ROW = 3
"""So many answers that cannot be used one after the other are the server's fault, not the orders'."""

_Look = Callable[[str], Awaitable[ErpOrder | None]]


async def look(numbers: Sequence[str], of: _Look) -> tuple[ErpOrder, ...]:
    """The orders, in this order; one that Prima does not know is left out, and one of which the answer says nothing is
    `unclear`, never left out: it would pass for deleted.

    Raises Unavailable where no answer could be used or too many in a row could not; Resting, Throttled, Unauthorized.
    """
    found: list[ErpOrder] = []
    answered, failed = False, 0
    for position, number in enumerate(numbers, 1):
        try:
            order = await of(number)
        except Resting:
            raise
        except Unavailable:
            failed += 1
            if failed >= IN_A_ROW or (position == len(numbers) and not answered):
                raise
            found.append(unclear(number))
            continue
        answered, failed = True, 0
        found += [order] if order else []
    return tuple(found)
