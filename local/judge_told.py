"""Is what Mirakl was told of an order's parcels what the ERP shows: numbers, carriers, quantities, each once?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from local.parcels import Case, parcels_at, told_units, units_left
from local.verdict import CORRECTED, FORGOTTEN, Finding, moment


def judge_told(case: Case) -> Iterator[Finding]:
    yield from _judge_carriage(case)
    yield from _judge_effects(case)
    yield from _judge_corrections(case)


def _judge_carriage(case: Case) -> Iterator[Finding]:
    """Numbers and carriers that Mirakl was told are the ERP's; a number replaced since was right once."""
    told = [case.order["tracking"], *case.order["shipments"]]
    known = {number for parcel in case.parcels for number in parcel.numbers}
    if any(one["number"] and one["number"] not in known for one in told):
        yield case.found("different", "Mirakl has a tracking number that is none of the order's in the ERP")
    with_whom = {case.client.by_status} if case.client.by_status else {one.carrier for one in case.parcels}
    carriers = {case.client.carriers.get((case.order["platform"], one), "") for one in with_whom}
    for one in told:
        said = one["carrier_code"] or one["carrier_name"]
        if said and said not in carriers:
            yield case.found("different", f"Mirakl was told the carrier {said}, the ERP ships with another")


def _judge_effects(case: Case) -> Iterator[Finding]:
    """A parcel is one shipment of Mirakl's, and no line ships more than was ordered, or than had left by then."""
    order, stand = case.order, case.order["shipments"]
    if order["or24_effects"] > 1:
        yield case.found("twice", f"OR24 took effect {order['or24_effects']} times")
    packages = [package for one in stand for package in one["packages"]]
    if len(packages) != len(set(packages)):
        yield case.found("twice", "two shipments in Mirakl for one of the ERP's")
    for line in order["lines"]:
        units = told_units(stand, line)
        if units > line["quantity"]:
            yield case.found("twice", f"{units} of {line['id']} shipped in Mirakl, {line['quantity']} ordered")
    yield from _judge_early(case)


def _judge_early(case: Case) -> Iterator[Finding]:
    """A correction takes back what had left: then a person knows."""
    if case.record.exceptions & CORRECTED:
        return
    stand = sorted(case.order["shipments"], key=lambda one: moment(one["created"]))
    for position, one in enumerate(stand):
        then = parcels_at(case.versions, moment(one["created"]))
        for line in case.order["lines"]:
            told = told_units(stand[: position + 1], line)
            left = units_left(line, case.sales_order, then)
            if told_units([one], line) and told > left:
                yield case.found("unwanted", f"{told} of {line['id']} told to Mirakl when {left} had left")


def _judge_corrections(case: Case) -> Iterator[Finding]:
    """A packing slip says something else than when Mirakl was told of it: a person must compare."""
    if case.client.by_status or case.record.exceptions & CORRECTED:
        return
    for parcel in parcels_at(case.versions, case.now - FORGOTTEN):
        at = _told_at(case, parcel.slip)
        before = [] if at is None else [one for one in parcels_at(case.versions, at) if one.slip == parcel.slip]
        if before and before[0].lines != parcel.lines:
            yield case.found("forgotten", f"{parcel.slip} was corrected after Mirakl was told, and nobody knows")


def _told_at(case: Case, slip: str) -> datetime | None:
    made = [moment(one["created"]) for one in case.order["shipments"] if slip in one["packages"]]
    return min(made, default=None) if case.multi else case.shipped_at
