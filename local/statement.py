"""The statement at the end of the day, counted in the books of Mirakl and of the ERP."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from local.day.conductor import Ended
from local.day.evidence import Evidence
from local.verdict import FindingKind, Shipping, Verdict, median, moment
from shared.exceptions import KINDS

BAD: tuple[FindingKind, ...] = get_args(FindingKind)
MOST_FINDINGS = 12
WIDTH = 100
_LABEL = 22


@dataclass(frozen=True, slots=True)
class Day:
    """How the day was played: `wall` and `trading` in seconds."""

    seed: int
    wall: float
    trading: float
    accelerate: float
    faults: bool = True


def statement(day: Day, ended: Ended) -> str:
    """Plain text, one fact a line."""
    evidence, verdict = ended.evidence, ended.evidence.verdict
    size = f"{verdict.placed.total()} orders on {len(verdict.placed)} marketplaces"
    lines = [
        f"The day of seed {day.seed}: {day.trading / 3600:.1f} h of trading in {day.wall:.0f} s, {size}",
        "Counted in the books of Mirakl and of the ERP, not in ours.",
        "",
        *_said("Accepted in time", [_accepted(verdict)]),
        *_said("In the ERP once", [_created(verdict, evidence)]),
        *_said("Shipped back", [_shipped(verdict.shipping)]),
        *_said("Lag", [_lag(verdict.shipping)]),
        *_said("Order numbers", [f"{verdict.shipping.numbers} of {verdict.shipping.numbers_due} in Mirakl"]),
        *_said("Waits", _waiting(ended)),
        *_said("Needs a person", _people(verdict)),
        *_said("Survived", _survived(evidence)),
        *_said("Calls per order", _calls(evidence)),
    ]
    if not day.faults:
        lines += _said("Acceptance", [_quickness(evidence, day.accelerate)])
    return "\n".join([*lines, "", *_verdict(ended)])


def clean(ended: Ended) -> bool:
    """Nothing late, twice, lost or different, and nothing left to come to rest."""
    return ended.evidence.verdict.clean and not ended.unsettled


def _said(label: str, texts: Sequence[str]) -> list[str]:
    lines = [line for text in texts for line in textwrap.wrap(text, WIDTH - _LABEL, subsequent_indent="  ")]
    return [f"{label if number == 0 else '':{_LABEL}}{line}" for number, line in enumerate(lines)]


def _accepted(verdict: Verdict) -> str:
    """An order that Mirakl refused because nobody accepted it is asked for and not accepted."""
    slowest, middle = max(verdict.shares, default=0.0), median(verdict.shares)
    share = f"slowest {slowest:.0%} of its window, median {middle:.1%}"
    return f"{verdict.accepted.total()} of {verdict.asked.total()}   {share}"


def _created(verdict: Verdict, evidence: Evidence) -> str:
    twice = {finding.order for finding in verdict.findings if finding.kind == "twice"}
    different = sum(finding.kind == "different" for finding in verdict.findings)
    equal = f"{different} with different amounts" if different else "amounts equal to the cent"
    totals = sum(order["totals"] is not None for order in evidence.erp["orders"])
    once = max(0, verdict.in_erp.total() - len(twice))
    return f"{once} of {verdict.due_in_erp.total()}   {equal}; the ERP has totalled {totals}"


def _shipped(shipping: Shipping) -> str:
    carriers = ", ".join(f"{name} {count}" for name, count in shipping.carriers.most_common())
    return f"{shipping.confirmed} of {shipping.left}   carrier codes: {carriers or 'none'}"


def _lag(shipping: Shipping) -> str:
    if not shipping.lags:
        return "nothing has shipped"
    return f"ERP shipment to Mirakl: {_minutes(shipping.lags)}; from tracking number: {_minutes(shipping.tracked_lags)}"


def _minutes(seconds: Sequence[float]) -> str:
    return f"median {median(seconds) / 60:.0f} min, worst {max(seconds) / 60:.0f} min"


def _waiting(ended: Ended) -> list[str]:
    waits = Counter(ended.evidence.verdict.waiting)
    waits["payment that the shopper's bank holds back"] += sum(
        order["state"] == "WAITING_DEBIT_PAYMENT" and order["debit"] == "held" for order in ended.evidence.live_orders
    )
    return [f"{count} for {what}" for what, count in waits.items() if count] or ["nothing"]


def _people(verdict: Verdict) -> list[str]:
    told = [
        f"{count}  {owner}: {KINDS[kind].title if kind in KINDS else kind}"
        for (kind, owner), count in sorted(verdict.people.items())
    ]
    return told or ["nothing"]


def _survived(evidence: Evidence) -> list[str]:
    told = [
        f"{title}: " + ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(survived.items()))
        for title, survived in (("Mirakl", evidence.mirakl_survived), ("ERP", evidence.erp_survived))
        if survived
    ]
    lost, duplicates = _bus(evidence, "lock_lost"), _bus(evidence, "duplicates")
    if lost or duplicates:
        told.append(f"Service Bus: {lost} locks expired, {duplicates} messages delivered twice")
    return told or ["nothing happened"]


def _bus(evidence: Evidence, what: str) -> int:
    return sum(queue[what] for queue in evidence.bus.values())


def _calls(evidence: Evidence) -> list[str]:
    orders = max(1, len(evidence.live_orders))
    mirakl = Counter(call["operation"] for call in evidence.mirakl_journal)
    erp = Counter(call["operation"] for call in evidence.erp_journal)
    operations = {name: count for name, count in evidence.operations.items() if count}
    return [
        f"{title} {sum(counts.values()) / orders:.2f} ({_each(counts, orders)})"
        for title, counts in (("Mirakl", mirakl), ("ERP", erp), ("Service Bus", operations))
    ]


def _each(counts: Mapping[str, int], orders: int) -> str:
    return ", ".join(f"{name} {count / orders:.2f}" for name, count in sorted(counts.items()))


def _quickness(evidence: Evidence, accelerate: float) -> str:
    """From the OR11 answer that showed the order waiting to our OR21, in wall seconds, 99th percentile."""
    taken = sorted(answer_to_acceptance(evidence.live_orders, evidence.mirakl_journal))
    if not taken:
        return "no order was accepted"
    worst = taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    return f"OR11 answer to OR21 sent: 99th percentile {worst / accelerate:.2f} s on the wall, of {len(taken)} orders"


def answer_to_acceptance(orders: Iterable[Mapping[str, Any]], journal: Iterable[Mapping[str, Any]]) -> list[float]:
    """Seconds of the books' time, one for each order that was shown waiting and accepted."""
    first: dict[str, Any] = {}
    for call in journal:
        if call["operation"] == "OR21":
            first.setdefault(call["subject"], call["at"])
    shown = {str(order["order_id"]): order["shown_waiting"]["first"] for order in orders}
    return [
        (moment(first[order]) - moment(since)).total_seconds()
        for order, since in shown.items()
        if since and order in first
    ]


def _verdict(ended: Ended) -> list[str]:
    findings = ended.evidence.verdict.findings
    if clean(ended):
        return ["Nothing late, nothing twice, nothing lost, nothing different."]
    counts = Counter(finding.kind for finding in findings)
    summary = ", ".join(f"{counts[kind]} {kind}" for kind in BAD if counts[kind])
    lines = [f"NOT AS IT MUST BE: {summary or 'not everything came to rest'}"]
    lines += [f"  {finding}" for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        lines.append(f"  … and {len(findings) - MOST_FINDINGS} more")
    return [*lines, *(f"  not at rest: {what}" for what in ended.unsettled)]
