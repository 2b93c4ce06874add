"""The figures as plain text, each with its limit or aim and its floor beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from bench import ratio
from bench.acceptance_day import AIM_SECONDS, Quickness
from bench.counts import Counted
from bench.imports import PACKAGES, Import, Imports
from bench.limits import FIGURES, Figure
from bench.memory import Growth
from bench.meter import CONFIRM, POLL, SHIPMENTS, TIMER
from bench.ratio import Ratio, Run
from bench.receiving import AT_ONCE
from bench.side_by_side import CALL, ORDERS, ROUND, Cost, Round

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_TITLE, _COLUMN, _WIDE = 45, 10, 22
_FAR_SIDES = (
    ("table requests per order (Azurite's log)", "tables"),
    ("bus operations per order (the broker)", "bus"),
    ("OR21 per order (Mirakl)", "or21"),
)


def counts(counted: Sequence[Counted]) -> Iterator[str]:
    """Of one life, at its sizes."""
    yield f"Per plain order: {counted[0].life.name}"
    yield _row("", "limit", "floor", *(f"{one.orders:,}" for one in counted))
    for figure in FIGURES[counted[0].life.name]:
        yield _figure(figure, counted)
    dearest = (f"{float(max(one.meter.tables.whole().values())):.2f}" for one in counted)
    yield _row("whole life of the dearest: table requests", "", "", *dearest)
    yield _row("showings with something new, counted", "", "", *(f"{one.showings[0]:.2f}" for one in counted))
    yield _row("showings with nothing new, not counted", "", "", *(f"{one.showings[1]:.2f}" for one in counted))
    yield "  Apart, for no one order"
    yield from _shared(counted)


def alone(counted: Counted) -> Iterator[str]:
    """The requests that orders share, when nobody shares them."""
    tables = counted.meter.tables
    accepted = tables.worst("acceptance") + counted.shared("tables", "acknowledge-order")
    created = tables.worst("creation") + counted.shared("tables", "create-order")
    whole = float(max(tables.whole().values())) + counted.shared("tables", *_STEPS)
    figures = f"accepted {accepted:g}, created {created:g}, whole life {whole:g}"
    yield f"  table requests of an order that shares none with another: {figures}"


_STEPS = ("acknowledge-order", "create-order", CONFIRM)
_SHIPMENT_READS = {
    "CustPackingSlipTransBiEntities": "lines",
    "SalesOrderHeadersV3": "orders",
    "PackingSlipTrackingInformation": "tracking",
}


def _figure(figure: Figure, counted: Sequence[Counted]) -> str:
    limit = "" if figure.limit is None else f"{figure.limit:g}"
    means = (f"{figure.mean(one):.2f}" for one in counted)
    return _row(figure.title, limit, f"{figure.floor:g}", *means) + f"   floor: {figure.why}"


def _shared(counted: Sequence[Counted]) -> Iterator[str]:
    def row(title: str, floor: str, figures: Iterable[float]) -> str:
        return _row(title, "", floor, *(f"{figure:.3f}" for figure in figures))

    yield row("a poll: table requests", "", (one.shared("tables", POLL) / one.polls for one in counted))
    yield row("a poll: bus operations", "", (one.shared("bus", POLL) / one.polls for one in counted))
    yield row("a run of watch: table requests", "", (one.shared("tables", TIMER) / one.watches for one in counted))
    yield row("per order: cached tables, pauses", "", (one.shared("tables", *_STEPS) / one.orders for one in counted))
    yield row(
        "per order: ERP calls for totals",
        "0.05",
        (one.shared("erp", f"{TIMER} SalesOrderHeadersV3") / one.orders for one in counted),
    )
    for entity, what in _SHIPMENT_READS.items():
        reads = (one.shared("erp", f"{SHIPMENTS} {entity}") / one.orders for one in counted)
        yield row(f"per order: ERP calls for packing slips' {what}", "0.05", reads)
    slips = (one.shared("erp", f"{SHIPMENTS} CustPackingSlipJourBiEntities") / one.rounds for one in counted)
    yield row("a poll of shipments: ERP calls for slips", "1", slips)
    yield row(
        "a poll of shipments: table requests", "", (one.shared("tables", SHIPMENTS) / one.rounds for one in counted)
    )


def erps(costs: Sequence[Cost]) -> Iterator[str]:
    def row(title: str, floor: str, figures: Iterable[float]) -> str:
        return _row(title, floor, *(f"{figure:.2f}" for figure in figures), width=_WIDE)

    yield f"Per plain order with each ERP, of {ORDERS} orders in one wave, until it is shipped"
    yield _row("", "floor", *(one.title for one in costs), width=_WIDE)
    yield row("created: calls of the ERP", "1", (one.creation for one in costs))
    yield row("  of these such that create", "1", (one.writes for one in costs))
    yield row("other calls of the ERP", "", (one.others for one in costs))
    yield row("whole life: table requests", "21", (one.tables for one in costs))
    yield row("whole life: bus operations", "6.03", (one.bus for one in costs))


def rounds(measured: Sequence[Round]) -> Iterator[str]:
    terms = f"every {ROUND // _MINUTE} min, {CALL / _SECOND:g} s a call"
    yield f"Rounds of an ERP that tells one order's status a call, {terms}"
    yield _row("open orders", "calls", "a day, each", "1 at once", "2 at once", width=13)
    for one in measured:
        lasts = (f"{one.lasts(at_once) / _MINUTE:.1f} min" for at_once in (1, 2))
        yield _row(f"{one.orders:,}, {one.ages}", f"{one.calls:.0f}", f"{one.daily:.1f}", *lasts, width=13)


def throughput(measured: Ratio) -> Iterator[str]:
    both = (measured.step, measured.bare)
    orders = sum(run.took.messages for run in measured.bare)
    yield f"Acceptance over sockets: {len(measured.step)} alternating runs, {AT_ONCE} at a time, {orders} orders each"
    yield _row("", "the step", "bare loop", width=_WIDE)
    yield _row("orders a second, by run", *map(_speeds, both), width=_WIDE)
    yield _row("own CPU per order, ms", *(f"{_cpu(runs):.2f}" for runs in both), width=_WIDE)
    for title, name in _FAR_SIDES:
        yield _row(title, *(f"{_seen(runs, name):.2f}" for runs in both), width=_WIDE)
    spread = ", ".join(f"{one:.2f}" for one in measured.ratios)
    yield f"  ratio of the throughputs: median {measured.median:.2f} (of {spread}; aim {ratio.AIM:g})"


def _speeds(runs: Sequence[Run]) -> str:
    return " ".join(f"{run.took.per_second:.0f}" for run in runs)


def _cpu(runs: Sequence[Run]) -> float:
    return 1000 * sum(run.took.cpu for run in runs) / sum(run.took.messages for run in runs)


def _seen(runs: Sequence[Run], name: str) -> float:
    return float(sum(getattr(run.seen, name) for run in runs)) / sum(run.took.messages for run in runs)


def memory(growth: Growth) -> Iterator[str]:
    yield "Memory of the worker, the real function app in its host, while it accepts"
    if growth.end.orders < growth.wanted:
        yield f"  only {growth.end.orders:,} of {growth.wanted:,} orders fitted in its {growth.seconds:.0f} s here"
    for name, sample in (("start", growth.start), ("half", growth.half), ("end", growth.end)):
        yield _row(f"{name}, after {sample.orders:,} orders, MiB", f"{sample.resident:.1f}")
    yield _row("per 1,000 orders of the second half, MiB", f"{growth.slope:+.2f}")


def imports(measured: Imports) -> Iterator[str]:
    yield f"Imports of a cold start, median of {len(measured.app.seconds)} fresh processes"
    yield _row("", "ms", "ratio", "modules")
    yield _imported("floor: the five packages", measured.packages, measured.packages)
    yield _imported("function_app", measured.app, measured.packages)
    yield _imported("with what its first trigger imports", measured.whole, measured.packages)
    yield f"  the five packages: {', '.join(PACKAGES)}"


def _imported(title: str, one: Import, floor: Import) -> str:
    return _row(title, f"{1000 * one.median:.0f}", f"{one.median / floor.median:.2f}", str(one.modules))


def quickness(day: Quickness) -> Iterator[str]:
    yield "A trading day without faults, from Mirakl's journal"
    figure = f"99th percentile {day.seconds:.2f} s on the wall, of {day.orders} orders (aim {AIM_SECONDS:g} s)"
    yield f"  OR11 answer to OR21 sent: {figure}"


def _row(title: str, *cells: str, width: int = _COLUMN) -> str:
    return (f"  {title:{_TITLE}}" + "".join(f"{cell:>{width}}" for cell in cells)).rstrip()
