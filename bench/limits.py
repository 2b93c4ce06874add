"""What an order may cost, and the floor: what the interfaces alone demand of anyone who does this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.counts import Counted
from bench.meter import Phase, Tally

TOLERANCE = 0.01
"""How far the sizes may be apart."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Figure:
    """One count per order (or per showing of one). `limit` None: told, not judged."""

    title: str
    tally: str
    phase: Phase
    limit: float | None
    floor: float
    why: str

    def mean(self, counted: Counted) -> float:
        return self._tally(counted).mean(self.phase)

    def worst(self, counted: Counted) -> float:
        return self._tally(counted).worst(self.phase)

    def _tally(self, counted: Counted) -> Tally:
        meter = counted.meter
        return {"tables": meter.tables, "bus": meter.bus, "calls": meter.calls}[self.tally]


_IN_ONE_BATCH = "receive, settle, and a hundredth of a page's batch"
FIGURES = (
    Figure("accepted: bus operations", "bus", "acceptance", 3, 2.01, _IN_ONE_BATCH),
    Figure("accepted: table requests", "tables", "acceptance", 5, 4, "read and write, when shown and when sent"),
    Figure("accepted: OR21", "calls", "acceptance", 1, 1, "one call decides all lines"),
    Figure("created: bus operations", "bus", "creation", 3, 2.01, _IN_ONE_BATCH),
    Figure("created: table requests", "tables", "creation", 7, 6, "as accepted, its SKU's mapping, and a claim"),
    Figure("created: ERP calls", "calls", "creation", 2, 1, "one $batch; we read back, because 2xx proves nothing"),
    Figure("shown again, changed: table requests", "tables", "changed", 2, 2, "read and write"),
    Figure("shown again, unchanged: table requests", "tables", "unchanged", 2, 1, "read"),
    Figure("totals compared: table requests", "tables", "totals", None, 2, "read and write"),
)


def exceeded(counts: Sequence[Counted]) -> Iterator[str]:
    """Every order has to keep the limits, not only their mean; and the sizes may not differ."""
    for counted in counts:
        yield from (f"{counted.orders} orders: {problem}" for problem in counted.problems)
    for figure in FIGURES:
        if figure.limit is not None:
            yield from _over(figure, figure.limit, counts)
            yield from _apart(figure, counts)


def _over(figure: Figure, limit: float, counts: Sequence[Counted]) -> Iterator[str]:
    for counted in counts:
        worst = figure.worst(counted)
        if not figure.mean(counted):
            yield f"{figure.title}: nothing was counted at {counted.orders} orders"
        if worst > limit + _ROUNDING:
            yield f"{figure.title}: {worst:.2f} for an order of {counted.orders}, and {limit:g} are allowed"


def _apart(figure: Figure, counts: Sequence[Counted]) -> Iterator[str]:
    means = [figure.mean(counted) for counted in counts]
    if max(means) > min(means) * (1 + TOLERANCE):
        told = ", ".join(f"{figure.mean(counted):.3f} at {counted.orders}" for counted in counts)
        yield f"{figure.title}: the sizes differ by more than {TOLERANCE:.0%} ({told})"
