"""What Mirakl's line states mean to us; the line decides, never the order's own state.

The states are OR11's `order_line_state`. A new word of Mirakl's is `unknown`: carried along, neither ordered nor final.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol, TypeVar

from shared.model.order import Order

Phase = Literal[
    "staging",
    "waiting_acceptance",
    "waiting_payment",
    "shipping",
    "shipped",
    "refused",
    "cancelled",
    "closed",
    "unknown",
]

PHASES: Mapping[str, Phase] = {
    "STAGING": "staging",
    "WAITING_ACCEPTANCE": "waiting_acceptance",
    "WAITING_DEBIT": "waiting_payment",
    "WAITING_DEBIT_PAYMENT": "waiting_payment",
    "SHIPPING": "shipping",
    "SHIPPED": "shipped",
    "TO_COLLECT": "shipped",
    "RECEIVED": "shipped",
    "INCIDENT_OPEN": "shipped",
    "INCIDENT_CLOSED": "shipped",
    "WAITING_REFUND": "shipped",
    "WAITING_REFUND_PAYMENT": "shipped",
    "REFUNDED": "closed",
    "CLOSED": "closed",
    "REFUSED": "refused",
    "CANCELED": "cancelled",
}

_WITHDRAWN: frozenset[Phase] = frozenset({"refused", "cancelled"})
_FINAL: frozenset[Phase] = _WITHDRAWN | {"closed"}


class Line(Protocol):
    """An order line, or the little of it that acceptance reads."""

    @property
    def state(self) -> str: ...


L = TypeVar("L", bound=Line)


def phase(state: str) -> Phase:
    return PHASES.get(state, "unknown")


def waiting_lines(lines: Iterable[L]) -> tuple[L, ...]:
    """The lines that OR21 must decide."""
    return _in(lines, {"waiting_acceptance"})


def shippable_lines(lines: Iterable[L]) -> tuple[L, ...]:
    """The lines to order: paid where the workflow asks for it, not shipped yet."""
    return _in(lines, {"shipping"})


def kept_lines(lines: Iterable[L]) -> tuple[L, ...]:
    """The lines that somebody pays for: all but the refused and the cancelled."""
    return tuple(line for line in lines if phase(line.state) not in _WITHDRAWN)


def withdrawn_lines(lines: Iterable[L]) -> tuple[L, ...]:
    """The lines refused or cancelled: nobody pays for them."""
    return _in(lines, _WITHDRAWN)


def open_lines(lines: Iterable[L]) -> tuple[L, ...]:
    """The lines of which something may still come; unknown states are open."""
    return tuple(line for line in lines if phase(line.state) not in _FINAL)


def is_cancelled(lines: Iterable[Line]) -> bool:
    """Nothing of it is left to deliver: every line is refused or cancelled."""
    return _all(lines, _WITHDRAWN)


def is_final(lines: Iterable[Line]) -> bool:
    """Nothing more comes from Mirakl for any line."""
    return _all(lines, _FINAL)


def was_auto_refused(order: Order) -> bool:
    """Refused by the time-out: no `acceptance_decision_date`. An operator that accepts by itself refuses nothing."""
    refused = _in(order.lines, {"refused"})
    return bool(refused) and order.decided is None and is_cancelled(order.lines)


def _in(lines: Iterable[L], phases: Iterable[Phase]) -> tuple[L, ...]:
    return tuple(line for line in lines if phase(line.state) in phases)


def _all(lines: Iterable[Line], phases: frozenset[Phase]) -> bool:
    met = {phase(line.state) for line in lines}
    return bool(met) and met <= phases
