"""The figures as plain text, each with its limit or aim and its floor beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench import ratio
from bench.acceptance_day import AIM_SECONDS, Quickness
from bench.counts import Counted
from bench.imports import PACKAGES, Import, Imports
from bench.limits import FIGURES, Figure
from bench.memory import Growth
from bench.ratio import Ratio, Run
from bench.receiving import AT_ONCE

_TITLE, _COLUMN = 42, 10


def counts(counted: Sequence[Counted]) -> Iterator[str]:
    yield "Per plain order, counted outside the app (in memory, on a virtual clock, waves of a hundred)"
    yield _row("", "limit", "floor", *(f"{one.orders:,}" for one in counted))
    for figure in FIGURES:
        yield _figure(figure, counted)
    yield _row("showings of an order after the first", "", "", *(f"{sum(one.showings):.2f}" for one in counted))
    yield ""
    yield "Apart, for no one order"
    yield from _shared(counted)


def alone(counted: Counted) -> Iterator[str]:
    """The reads that orders share, when nobody shares them."""
    tables = counted.meter.tables
    accepted = tables.worst("acceptance") + counted.shared("tables", "acknowledge-order")
    created = tables.worst("creation") + counted.shared("tables", "create-order")
    yield f"A single order in a quiet hour bears shared reads alone: accepted {accepted:g}, created {created:g} requests"


def _figure(figure: Figure, counted: Sequence[Counted]) -> str:
    limit = "" if figure.limit is None else f"{figure.limit:g}"
    means = (f"{figure.mean(one):.2f}" for one in counted)
    return _row(figure.title, limit, f"{figure.floor:g}", *means) + f"   floor: {figure.why}"


def _shared(counted: Sequence[Counted]) -> Iterator[str]:
    told: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("a poll: table requests", "tables", ("poll-orders",)),
        ("a poll: bus operations", "bus", ("poll-orders",)),
    )
    for title, tally, names in told:
        yield _row(title, "", "", *(f"{one.shared(tally, *names) / one.polls:.2f}" for one in counted))
    yield _row(
        "a run of watch: table requests",
        "",
        "",
        *(f"{one.shared('tables', 'timer') / one.watches:.2f}" for one in counted),
    )
    steps = ("acknowledge-order", "create-order")
    yield _row(
        "cached tables and pauses, per order",
        "",
        "",
        *(f"{one.shared('tables', *steps) / one.orders:.3f}" for one in counted),
    )
    yield _row(
        "totals: ERP calls per order",
        "",
        "0.05",
        *(f"{one.shared('calls', 'timer read') / one.orders:.3f}" for one in counted),
    )


def throughput(measured: Ratio) -> Iterator[str]:
    orders = sum(run.took.messages for run in measured.bare)
    yield f"Acceptance over real sockets, {len(measured.step)} alternating runs, {AT_ONCE} at a time, {orders} orders each way"
    yield _row("", "the step", "bare loop")
    yield _row("orders a second, by run", *(_speeds(runs) for runs in (measured.step, measured.bare)))
    yield _row("own CPU per order, ms", *(f"{_cpu(runs):.2f}" for runs in (measured.step, measured.bare)))
    for title, name in (("table requests", "tables"), ("bus operations", "bus"), ("OR21", "or21")):
        both = (f"{_seen(runs, name):.2f}" for runs in (measured.step, measured.bare))
        yield _row(f"{title} per order, as the far side saw", *both)
    spread = ", ".join(f"{one:.2f}" for one in measured.ratios)
    yield f"ratio of the throughputs: median {measured.median:.2f} (of {spread}; aim {ratio.AIM:g})"


def _speeds(runs: Sequence[Run]) -> str:
    return " ".join(f"{run.took.per_second:.0f}" for run in runs)


def _cpu(runs: Sequence[Run]) -> float:
    return 1000 * sum(run.took.cpu for run in runs) / sum(run.took.messages for run in runs)


def _seen(runs: Sequence[Run], name: str) -> float:
    return float(sum(getattr(run.seen, name) for run in runs)) / sum(run.took.messages for run in runs)


def memory(growth: Growth) -> Iterator[str]:
    yield "Memory of the worker, the real function app in its host, while it accepts"
    if growth.end.orders < growth.wanted:
        yield f"only {growth.end.orders:,} of {growth.wanted:,} orders fitted in {growth.seconds:.0f} s on this machine"
    for name, sample in (("start", growth.start), ("half", growth.half), ("end", growth.end)):
        yield _row(f"{name}, after {sample.orders:,} orders", f"{sample.resident:.1f} MiB")
    yield _row("growth per 1,000 orders in the second half", f"{growth.slope:+.2f} MiB")


def imports(measured: Imports) -> Iterator[str]:
    yield f"Imports of a cold start, median of {len(measured.app.seconds)} fresh processes"
    yield _row("", "ms", "ratio", "modules")
    yield _imported("floor: the five packages", measured.packages, measured.packages)
    yield _imported("function_app", measured.app, measured.packages)
    yield _imported("with what its first trigger imports", measured.whole, measured.packages)
    yield f"the five packages: {', '.join(PACKAGES)}"


def _imported(title: str, one: Import, floor: Import) -> str:
    return _row(title, f"{1000 * one.median:.0f}", f"{one.median / floor.median:.2f}", str(one.modules))


def quickness(day: Quickness) -> Iterator[str]:
    yield "A trading day without faults, from Mirakl's journal"
    figure = f"99th percentile {day.seconds:.2f} s on the wall, of {day.orders} orders (aim {AIM_SECONDS:g} s)"
    yield f"OR11 answer to OR21 sent: {figure}"


def _row(title: str, *cells: str) -> str:
    return f"  {title:{_TITLE}}" + "".join(f"{cell:>{_COLUMN}}" for cell in cells)
