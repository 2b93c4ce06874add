"""Whether an offer's number is sent now: a decrease always, an increase through the gate, a person's refusal never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shared.model.offers import Published, RefusedByPerson, Told
from shared.rules.stock.warehouses import cut

Why = Literal["decrease", "increase", "again"]


@dataclass(frozen=True, slots=True)
class Push:
    """`number` and its spread over warehouses are sent. `held_back`: why they are not the rule's own, "" where they
    are.
    """

    number: int
    by_warehouse: Mapping[str, int]
    why: Why
    held_back: str = ""


@dataclass(frozen=True, slots=True)
class Keep:
    """Mirakl shows it already."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; `reason` is for people."""

    reason: str


Decision = Push | Keep | Wait


def decide(number: int, by_warehouse: Mapping[str, int], *, told: Told, gate: str, now: datetime) -> Decision:
    """`number` is the target, to which the rule's spread over warehouses is cut; `gate` says why it may not be raised,
    empty where it may (`gate.closed_by`).

    Where an order was seen on the offer while the gate is closed, what Mirakl must show is sent all the same: nobody
    knows what it shows.
    """
    shows, spread = must_show(told), cut(by_warehouse, number)
    if told.not_before is not None and now < told.not_before:
        return Wait("its last line was rejected; it is tried again later")
    if not _is_due(number, spread, told):
        return Keep()
    if not gate or number <= (shows or 0):
        return Push(number, spread, _why(number, shows))
    if shows is None or not (told.stirred or told.again):
        return Wait(gate)
    return Push(shows, cut(spread, shows), "again", held_back=gate)


def must_show(told: Told) -> int | None:
    """What Mirakl shows unless something happened that we do not know: the last number less what was sold on the
    offer since; None where it was never told one.
    """
    numbers = [*([] if told.confirmed is None else [told.confirmed]), *told.under_way]
    return max(0, numbers[-1] - told.sold) if numbers else None


def target(published: Published, *, stopped: bool, refused: RefusedByPerson | None) -> int:
    """0 in a shop that is stopped, and after a person's refusal until the ERP's figure changes or it is released."""
    return 0 if stopped or (refused is not None and stays_refused(refused, published)) else published.number


def stays_refused(refused: RefusedByPerson, published: Published) -> bool:
    return not refused.released and refused.free == free_figures(published)


def free_figures(published: Published) -> tuple[Decimal, ...]:
    """What the ERP says is free, by component."""
    return tuple(one.free for one in published.terms)


def _is_due(number: int, spread: Mapping[str, int], told: Told) -> bool:
    shown = {code: units for code, units in told.by_warehouse.items() if units or code in spread}
    moved = shown != dict(spread)
    return number != must_show(told) or told.stirred or told.again or moved


def _why(number: int, shows: int | None) -> Why:
    if number > (shows or 0):
        return "increase"
    return "again" if number == shows else "decrease"
