"""Has every parcel that left reached Mirakl, soon, and nothing that has not left?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from local.judge_told import judge_told
from local.parcels import Case, Parcel, all_left, parcels_at, told_units, units_left
from local.verdict import CORRECTED, FORGOTTEN, GONE, Book, Client, Finding, Record, Verdict

OPEN = {"outstanding", "claimed", "unknown", "waiting"}
_EXCUSED = {"cancelled_in_erp", "shipped_after_cancellation"}


def judge_shipping(
    order: Book,
    name: str,
    record: Record,
    sales_order: Book,
    erp: Mapping[str, Sequence[Book]],
    platform: Book,
    verdict: Verdict,
    client: Client,
    now: datetime,
) -> Iterator[Finding]:
    """`erp` are the ERP's shipments by sales order number; `platform` the marketplace as its books tell it."""
    versions = [one for one in erp.get(sales_order["number"], ()) if one["company"] == sales_order["company"]]
    case = Case(order, name, record, sales_order, versions, bool(platform["multi_shipment"]), client, now)
    yield from _judge_number(case, verdict)
    yield from judge_told(case)
    if case.shipped_at is not None:
        yield from _judge_shipped(case, case.shipped_at, verdict)
    else:
        yield from _judge_untold(case, verdict)


def _judge_number(case: Case, verdict: Verdict) -> Iterator[Finding]:
    told, number = case.order["seller_reference"]["value"], case.sales_order["number"]
    if any(line["state"] not in GONE for line in case.order["lines"]):
        verdict.shipping.numbers_due += 1
        verdict.shipping.numbers += told == number
    if told is not None and told != number:
        yield case.found("different", f"Mirakl has the ERP's number {told}, which is {number}")
    if case.record.states.get("report_order_numbers") == "done" and told is None:
        yield case.found("lost", "the ERP's number is on record as reported, and Mirakl does not have it")


def _judge_shipped(case: Case, shipped_at: datetime, verdict: Verdict) -> Iterator[Finding]:
    then = parcels_at(case.versions, shipped_at)
    if all_left(case.order, case.sales_order, then):
        verdict.shipping.left += 1
        _measure(case, then, shipped_at, verdict)
    elif not case.record.exceptions & CORRECTED:
        yield case.found("unwanted", "told shipped although not everything of it had left")


def _measure(case: Case, parcels: Sequence[Parcel], shipped_at: datetime, verdict: Verdict) -> None:
    shipping = verdict.shipping
    left = max(parcel.left for parcel in parcels)
    shipping.confirmed += 1
    shipping.lags.append((shipped_at - left).total_seconds())
    shipping.tracked_lags.append((shipped_at - (_known(case, parcels) or left)).total_seconds())
    for one in [each for each in case.order["shipments"] if each["shipped_at"]] or [case.order["tracking"]]:
        shipping.carriers[_carrier(one)] += 1


def _carrier(told: Book) -> str:
    return str(told["carrier_code"] or (f"{told['carrier_name']} (named)" if told["carrier_name"] else "none"))


def _known(case: Case, parcels: Sequence[Parcel]) -> datetime | None:
    """When everything that Mirakl wants to know was there: of one parcel, or of each where it takes several."""
    ready = [parcel.ready(case.client) for parcel in parcels]
    known = [one for one in ready if one is not None]
    if not known or (case.in_parts and len(known) < len(ready)):
        return None
    return max(*(parcel.left for parcel in parcels), max(known) if case.in_parts else min(known))


def _judge_untold(case: Case, verdict: Verdict) -> Iterator[Finding]:
    """Mirakl does not show it shipped: it is about to be told, or it waits for something, or a person knows."""
    parcels, state = case.parcels, case.record.states.get("confirm_shipment", "")
    whole = all_left(case.order, case.sales_order, parcels)
    verdict.shipping.left += whole
    verdict.shipping.partial += bool(parcels) and not whole
    if not parcels or case.record.exceptions & _EXCUSED:
        return
    since = _behind(case, parcels, whole)
    if since is not None:
        yield from _judge_behind(case, since, verdict)
    elif not _is_untracked(case, parcels, whole):
        return
    elif "tracking_late" in case.record.exceptions or _is_judged(case):
        verdict.waiting[_person(case)] += 1
    elif state in OPEN:
        verdict.waiting["tracking numbers"] += 1
    else:
        yield case.found("lost", f"shipped without tracking, and our record says {state or 'nothing'}")


def _behind(case: Case, parcels: Sequence[Parcel], whole: bool) -> datetime | None:
    """Since when Mirakl could have been told more than it was."""
    if not case.in_parts:
        return _known(case, parcels) if whole else None
    told = [one for one in case.order["shipments"] if one["shipped_at"]]
    times = sorted(ready for one in parcels if (ready := one.ready(case.client)) is not None)
    return next((at for at in times if _is_more(case, _ready_by(case, parcels, at), told)), None)


def _ready_by(case: Case, parcels: Sequence[Parcel], at: datetime) -> Sequence[Parcel]:
    return [one for one in parcels if (ready := one.ready(case.client)) is not None and ready <= at]


def _is_more(case: Case, parcels: Sequence[Parcel], told: Sequence[Book]) -> bool:
    owed = [line for line in case.order["lines"] if line["state"] not in GONE]
    return any(units_left(line, case.sales_order, parcels) > told_units(told, line) for line in owed)


def _is_untracked(case: Case, parcels: Sequence[Parcel], whole: bool) -> bool:
    return (whole or case.in_parts) and any(one.ready(case.client) is None for one in parcels)


def _judge_behind(case: Case, since: datetime, verdict: Verdict) -> Iterator[Finding]:
    record, late = case.record, case.now - since > FORGOTTEN
    state, waits = record.states.get("confirm_shipment", ""), record.waits.get("confirm_shipment", "")
    if _is_judged(case) and record.exceptions:
        verdict.waiting[_person(case)] += 1
    elif state == "waiting" and late:
        yield case.found("lost", f"left and tracked since {since:%H:%M}, and our record waits for {waits}")
    elif state in OPEN and record.open_work:
        verdict.waiting["confirmation in Mirakl"] += 1
    elif late:
        yield case.found("lost", f"left since {since:%H:%M} and Mirakl does not know; our record says {state}")


def _is_judged(case: Case) -> bool:
    """A person has it, if only because of its creation: then nobody looks at what has left of it."""
    record = case.record
    state, waits = record.states.get("confirm_shipment", ""), record.waits.get("confirm_shipment", "")
    unseen = waits == "order" or (not state and not case.client.lists_shipments)
    return state == "exception" or (unseen and record.states.get("create_order") == "exception")


def _person(case: Case) -> str:
    return f"a person ({', '.join(sorted(case.record.exceptions))})"
