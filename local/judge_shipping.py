"""Has every parcel that left reached Mirakl, with a carrier that it accepts, and nothing that has not left?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from local.verdict import FORGOTTEN, GONE, Book, Client, Finding, Record, Verdict, is_about, moment

OPEN = {"outstanding", "claimed", "unknown", "waiting"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """The newest version of one shipping document of an order; `tracked` is when its first number was there."""

    left: datetime
    carrier: str
    lines: Mapping[str, Decimal]
    numbers: frozenset[str]
    tracked: datetime | None


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
    parcels = _parcels(erp.get(sales_order["number"], ()), sales_order, now)
    yield from _judge_number(order, name, record, sales_order, verdict)
    yield from _judge_told(order, name, sales_order, parcels, platform, client)
    if not parcels:
        return
    told = order["shipped_at"] is not None
    left = all_left(order, sales_order, parcels)
    verdict.shipping.partial += not left and not told
    if not left:
        return
    verdict.shipping.left += 1
    if told:
        _measure(order, parcels, verdict)
        return
    yield from _judge_untold(name, record, parcels, verdict, client, now)


def _parcels(versions: Sequence[Book], sales_order: Book, now: datetime) -> tuple[Parcel, ...]:
    newest: dict[str, Book] = {}
    for one in versions:
        if one["company"] == sales_order["company"] and moment(one["visible_from"]) <= now:
            before = newest.get(one["slip"])
            if before is None or moment(one["created"]) >= moment(before["created"]):
                newest[one["slip"]] = one
    return tuple(_parcel(one, versions, now) for one in newest.values())


def _parcel(slip: Book, versions: Sequence[Book], now: datetime) -> Parcel:
    """It left with its first version; tracking belongs to the document, whatever version it was entered at."""
    own = [one for one in versions if one["slip"] == slip["slip"]]
    tracking = [one for each in own for one in each["tracking"] if moment(one["from"]) <= now]
    lines: dict[str, Decimal] = {}
    for line in slip["lines"]:
        lines[str(line["reference"])] = lines.get(str(line["reference"]), Decimal(0)) + Decimal(line["shipped"])
    return Parcel(
        left=min(moment(one["created"]) for one in own),
        carrier=str(slip["carrier"]),
        lines=lines,
        numbers=frozenset(str(one["number"]) for one in tracking),
        tracked=min((moment(one["from"]) for one in tracking), default=None),
    )


def all_left(order: Book, sales_order: Book, parcels: Iterable[Parcel]) -> bool:
    """Every line that somebody pays for has left as a whole, as far as the ERP's order has it."""
    shipped: dict[str, Decimal] = {}
    for parcel in parcels:
        for reference, quantity in parcel.lines.items():
            shipped[reference] = shipped.get(reference, Decimal(0)) + quantity
    owed = [line for line in order["lines"] if line["state"] not in GONE]
    own = [
        line
        for line in sales_order["lines"]
        if line["deleted"] is None and any(is_about(str(line["reference"]), one["id"]) for one in owed)
    ]
    return bool(own) and all(
        shipped.get(str(line["reference"]), Decimal(0)) >= Decimal(line["quantity"]) for line in own
    )


def _judge_told(
    order: Book, name: str, sales_order: Book, parcels: Sequence[Parcel], platform: Book, client: Client
) -> Iterator[Finding]:
    """What Mirakl was told is what the ERP shows."""
    told = [one for one in (order["tracking"], *order["shipments"]) if one["number"]]
    known = {number for parcel in parcels for number in parcel.numbers}
    if any(one["number"] not in known for one in told):
        yield Finding("different", name, "Mirakl has a tracking number that is none of the order's in the ERP")
    carriers = {client.carriers.get((order["platform"], parcel.carrier), "") for parcel in parcels}
    for one in (order["tracking"], *order["shipments"]):
        said = one["carrier_code"] or one["carrier_name"]
        if said and said not in carriers:
            yield Finding("different", name, f"Mirakl was told the carrier {said}, the ERP ships with another")
    if order["or24_effects"] > 1:
        yield Finding("twice", name, f"OR24 took effect {order['or24_effects']} times")
    yield from _judge_packages(order, name)
    if order["shipped_at"] is None or platform["multi_shipment"]:
        return
    before = [parcel for parcel in parcels if parcel.left <= moment(order["shipped_at"])]
    if not all_left(order, sales_order, before):
        yield Finding("unwanted", name, "told shipped although not everything of it had left")


def _judge_packages(order: Book, name: str) -> Iterator[Finding]:
    """A parcel is one shipment of Mirakl's, and no line ships more than was ordered."""
    stand = order["shipments"]
    packages = [package for one in stand for package in one["packages"]]
    if len(packages) != len(set(packages)):
        yield Finding("twice", name, "two shipments in Mirakl for one of the ERP's")
    for line in order["lines"]:
        units = sum(each["quantity"] for one in stand for each in one["lines"] if each["id"] == line["id"])
        if units > line["quantity"]:
            yield Finding("twice", name, f"{units} of {line['id']} shipped in Mirakl, {line['quantity']} ordered")


def _judge_untold(
    name: str,
    record: Record,
    parcels: Sequence[Parcel],
    verdict: Verdict,
    client: Client,
    now: datetime,
) -> Iterator[Finding]:
    """Everything has left and Mirakl does not know: it is about to, or it waits for something, or a person knows."""
    state, waits = record.states.get("confirm_shipment", ""), record.waits.get("confirm_shipment", "")
    untracked = any(parcel.carrier in client.untracked for parcel in parcels)
    tracked = min((one.tracked for one in parcels if one.tracked is not None), default=None)
    since = max(one.left for one in parcels) if untracked else tracked
    if record.exceptions & {"cancelled_in_erp", "shipped_after_cancellation"}:
        return
    if since is None:
        verdict.waiting["tracking numbers"] += 1
        if state not in OPEN and not record.exceptions:
            yield Finding("lost", name, f"shipped without tracking, and our record says {state or 'nothing'}")
    elif state == "exception" and record.exceptions:
        verdict.waiting[f"a person ({', '.join(sorted(record.exceptions))})"] += 1
    elif state == "waiting" and now - since > FORGOTTEN:
        yield Finding("lost", name, f"left and tracked since {since:%H:%M}, and our record waits for {waits}")
    elif state in OPEN and record.open_work:
        verdict.waiting["confirmation in Mirakl"] += 1
    elif now - since > FORGOTTEN:
        yield Finding("lost", name, f"left since {since:%H:%M} and Mirakl does not know; our record says {state}")


def _judge_number(order: Book, name: str, record: Record, sales_order: Book, verdict: Verdict) -> Iterator[Finding]:
    told = order["seller_reference"]["value"]
    verdict.shipping.numbers += told == sales_order["number"]
    if told is not None and told != sales_order["number"]:
        yield Finding("different", name, f"Mirakl has the ERP's number {told}, which is {sales_order['number']}")
    if record.states.get("report_order_numbers") == "done" and told is None:
        yield Finding("lost", name, "the ERP's number is on record as reported, and Mirakl does not have it")


def _measure(order: Book, parcels: Sequence[Parcel], verdict: Verdict) -> None:
    shipped = moment(order["shipped_at"])
    left = max(parcel.left for parcel in parcels)
    tracked = [parcel.tracked for parcel in parcels if parcel.tracked is not None]
    known = max(left, min(tracked)) if tracked else left
    verdict.shipping.confirmed += 1
    verdict.shipping.lags.append((shipped - left).total_seconds())
    verdict.shipping.tracked_lags.append((shipped - known).total_seconds())
    for one in [each for each in order["shipments"] if each["shipped_at"]] or [order["tracking"]]:
        verdict.shipping.carriers[str(one["carrier_code"] or one["carrier_name"] or "none")] += 1
