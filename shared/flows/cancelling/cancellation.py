"""How far a cancellation has come: what Mirakl withdrew, against what stands in the ERP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from shared.flows.waits import HELD
from shared.model.sales_order import ErpOrder
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.rules import standing

_KEEPS = {"amounts_differ", "totals_differ"}

Stage = Literal["stands", "compare", "release", "over"]


def withdrawn(record: OrderRecord, lines: Sequence[str], *, number: str, now: datetime) -> Step:
    """The change_order step where an order turns out to hold lines that were cancelled before it was on record."""
    before = record.steps.get("change_order")
    step = replace(before, attempt=before.attempt + 1) if before else Step("change_order", "outstanding")
    new = tuple(line for line in lines if line not in step.lines)
    return replace(
        step,
        state="outstanding",
        due=now,
        waiting_for="",
        kind="",
        reference=number,
        reason=f"cancelled in Mirakl: {', '.join(lines)}",
        lines=(*step.lines, *new),
    )


def left(step: Step, record: OrderRecord) -> tuple[str, ...]:
    """The lines of the ERP's order that somebody still pays for."""
    return tuple(line for line in record.steps["create_order"].lines if line not in step.lines)


def stage(step: Step, record: OrderRecord, shown: ErpOrder | None) -> Stage:
    """`stands`: something of it may still ship; `release`: nothing, and our hold alone keeps the other lines."""
    others = left(step, record)
    if not standing.is_withdrawn(shown, step.lines, left=others):
        return "stands"
    wanted = shown is not None and any(standing.stands(shown, line) for line in others)
    if step.expected != HELD or not wanted or any(one.kind in _KEEPS for one in record.exceptions):
        return "over"
    return "release" if are_compared(record) else "compare"


def are_compared(record: OrderRecord) -> bool:
    """An order may be on hold until its totals are; whoever compares them lets it go on."""
    totals = record.steps.get("compare_totals")
    return totals is None or totals.closed
