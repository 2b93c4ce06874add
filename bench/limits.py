"""What an order may cost, and the floor: what the interfaces alone demand of anyone who does this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.counts import LATER, MULTI, SINGLE, Counted
from bench.meter import CONFIRM, Phase

TOLERANCE = 0.01
"""How far the sizes may be apart."""
_DECIMALS = 2
"""What is printed is judged: an order that comes a page later than its hundred does not make 3.01 more than 3.01."""


WHOLE: Literal["whole life"] = "whole life"


@dataclass(frozen=True, slots=True)
class Figure:
    """One count per order (or per showing of one), in one phase or over the whole life. `limit` None: not judged."""

    title: str
    tally: str
    phase: Phase | Literal["whole life"]
    limit: float | None
    floor: float
    why: str

    def mean(self, counted: Counted) -> float:
        tally = counted.tally(self.tally)
        if self.phase != WHOLE:
            return tally.mean(self.phase)
        whole = tally.whole().values()
        return float(sum(whole)) / counted.orders + self._of_batches(counted)

    def worst(self, counted: Counted) -> float:
        """A whole life is held to its limit by the mean: who is alone on a page, and shares no request, is chance."""
        return self.mean(counted) if self.phase == WHOLE else counted.tally(self.tally).worst(self.phase)

    def _of_batches(self, counted: Counted) -> float:
        """What a shop's batch costs as a whole, its messages first, is each order's in equal parts."""
        return counted.shared(self.tally, CONFIRM) / counted.orders


_IN_ONE_BATCH = "receive, settle, and a hundredth of a page's batch"
_SHOWN = "read and write"
_ACCEPTED = (
    Figure("accepted: bus operations", "bus", "acceptance", 3, 2.01, _IN_ONE_BATCH),
    Figure("accepted: table requests", "tables", "acceptance", 5, 4, "read and write, when shown and when sent"),
    Figure("accepted: OR21", "writes", "acceptance", 1, 1, "one call decides all lines"),
)
_CREATED = (
    Figure("created: bus operations", "bus", "creation", 3, 2.01, _IN_ONE_BATCH),
    Figure("created: table requests", "tables", "creation", 7, 6, "as accepted, its SKU's mapping, and a claim"),
    Figure("created: ERP calls", "erp", "creation", 2, 1, "one $batch; we read back, because 2xx proves nothing"),
    Figure("totals, number: table requests", "tables", "watched", 3, 2, "one look for both: read and write"),
)
_SHOWINGS = (
    Figure("shown again, changed: table requests", "tables", "changed", 2, 2, _SHOWN),
    Figure("shown with our number: table requests", "tables", "numbered", 2, 1, "read: it is known that it is there"),
    Figure("shown SHIPPED: table requests", "tables", "shipped", 3, 2, _SHOWN),
    Figure("shown again, unchanged: table requests", "tables", "unchanged", 2, 1, "read"),
)
FIGURES = {
    SINGLE.name: (
        *_ACCEPTED,
        *_CREATED,
        Figure("shipment seen: table requests", "tables", "shipment", 3, 2, _SHOWN),
        Figure("confirmed: bus operations", "bus", "confirmation", 3, 2.01, _IN_ONE_BATCH),
        Figure("confirmed: table requests", "tables", "confirmation", 2, 2, _SHOWN),
        Figure("confirmed: OR23, OR24", "writes", "confirmation", 2, 2, "its tracking, and that it has shipped"),
        *_SHOWINGS,
        Figure("whole life: Mirakl writes", "writes", WHOLE, 3.01, 3.01, "OR21, OR23, OR24, a hundredth of an OR04"),
        Figure("whole life: table requests", "tables", WHOLE, 22, 21, "the sum of the above"),
        Figure("whole life: bus operations", "bus", WHOLE, 8, 6.03, "three messages"),
    ),
    LATER.name: (
        Figure("shipment seen: table requests", "tables", "shipment", None, 4, "read and write, twice"),
        Figure("whole life: Mirakl writes", "writes", WHOLE, 3.01, 3.01, "the same"),
        Figure("whole life: table requests", "tables", WHOLE, None, 23, "the sum"),
        Figure("whole life: bus operations", "bus", WHOLE, 8, 6.03, "three messages"),
    ),
    MULTI.name: (
        Figure("shipment seen: table requests", "tables", "shipment", 3, 2, _SHOWN),
        Figure("confirmed: table requests", "tables", "confirmation", 4, 3, "read and write, and the claim of ST01"),
        Figure("confirmed: ST01", "writes", "confirmation", 0.05, 0.05, "twenty orders a call"),
        Figure("whole life: Mirakl writes", "writes", WHOLE, 1.1, 1.1, "OR21, a twentieth of an ST01 and of an OR04"),
        Figure("whole life: table requests", "tables", WHOLE, None, 22, "the sum"),
        Figure("whole life: bus operations", "bus", WHOLE, 8, 4.12, "two messages, a twentieth of a third"),
    ),
}
"""What is judged of each life, by its name. Whole life: what an order's steps and those of its showings cost that
show anything new; how often it is shown with nothing new hangs on the polls, not on the order."""


def exceeded(counts: Sequence[Counted]) -> Iterator[str]:
    """Of one life. Every order has to keep a phase's limits, not only their mean; and the sizes may not differ."""
    for counted in counts:
        yield from (f"{counted.orders} orders: {problem}" for problem in counted.problems)
    for figure in FIGURES[counts[0].life.name]:
        if figure.limit is not None:
            yield from _over(figure, figure.limit, counts)
            yield from _apart(figure, counts)


def _over(figure: Figure, limit: float, counts: Sequence[Counted]) -> Iterator[str]:
    for counted in counts:
        worst = figure.worst(counted)
        if not figure.mean(counted):
            yield f"{figure.title}: nothing was counted at {counted.orders} orders"
        if round(worst, _DECIMALS) > limit:
            yield f"{figure.title}: {worst:.2f} for an order of {counted.orders}, and {limit:g} are allowed"


def _apart(figure: Figure, counts: Sequence[Counted]) -> Iterator[str]:
    means = [figure.mean(counted) for counted in counts]
    if max(means) > min(means) * (1 + TOLERANCE):
        told = ", ".join(f"{figure.mean(counted):.3f} at {counted.orders}" for counted in counts)
        yield f"{figure.title}: the sizes differ by more than {TOLERANCE:.0%} ({told})"
