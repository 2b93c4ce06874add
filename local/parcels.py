"""What left of an order and when, read from the ERP's books: parcels, their tracking, and Mirakl's units in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor

from local.verdict import GONE, Book, Client, Finding, FindingKind, Record, is_about, moment


@dataclass(frozen=True, slots=True)
class Parcel:
    """One shipping document as it was at a moment; it could be read from `seen` on, its first number from `tracked`."""

    slip: str
    left: datetime
    seen: datetime
    carrier: str
    lines: Mapping[str, Decimal]
    numbers: frozenset[str]
    tracked: datetime | None

    def ready(self, client: Client) -> datetime | None:
        """When Mirakl could be told of it; None where its tracking number is still to come."""
        untracked = client.by_status or self.carrier in client.untracked
        since = self.left if untracked else self.tracked
        return since and max(since, self.seen)


def parcels_at(versions: Sequence[Book], at: datetime) -> tuple[Parcel, ...]:
    """Each document in its newest version of that moment; `versions` are those of one order."""
    seen = [one for one in versions if moment(one["visible_from"]) <= at]
    newest = {one["slip"]: one for one in sorted(seen, key=lambda one: moment(one["created"]))}
    return tuple(_parcel(one, seen, at) for one in newest.values())


def _parcel(slip: Book, versions: Sequence[Book], at: datetime) -> Parcel:
    """It left with its first version; tracking belongs to the document, whatever version it was entered at."""
    own = [one for one in versions if one["slip"] == slip["slip"]]
    tracking = [one for each in own for one in each["tracking"] if moment(one["from"]) <= at]
    lines: dict[str, Decimal] = {}
    for line in slip["lines"]:
        lines[str(line["reference"])] = lines.get(str(line["reference"]), Decimal(0)) + Decimal(line["shipped"])
    return Parcel(
        slip=str(slip["slip"]),
        left=min(moment(one["created"]) for one in own),
        seen=min(moment(one["visible_from"]) for one in own),
        carrier=str(slip["carrier"]),
        lines=lines,
        numbers=frozenset(str(one["number"]) for one in tracking),
        tracked=min((moment(one["from"]) for one in tracking), default=None),
    )


def all_left(order: Book, sales_order: Book, parcels: Iterable[Parcel]) -> bool:
    """Every line that somebody pays for has left as a whole, as far as the ERP's order has it."""
    shipped = _by_reference(parcels)
    owed = [line for line in order["lines"] if line["state"] not in GONE]
    own = [line for one in owed for line in _lines(sales_order, str(one["id"]))]
    return bool(own) and all(
        shipped.get(str(line["reference"]), Decimal(0)) >= Decimal(line["quantity"]) for line in own
    )


def units_left(line: Book, sales_order: Book, parcels: Iterable[Parcel]) -> int:
    """Whole units of Mirakl's line in these parcels, in proportion; a set has left as its least component has."""
    shipped = _by_reference(parcels)
    shares = [
        Fraction(shipped.get(str(one["reference"]), Decimal(0))) / Fraction(Decimal(one["quantity"]))
        for one in _lines(sales_order, str(line["id"]))
    ]
    return floor(min(shares, default=Fraction(0)) * int(line["quantity"]))


def _by_reference(parcels: Iterable[Parcel]) -> Mapping[str, Decimal]:
    shipped: dict[str, Decimal] = {}
    for parcel in parcels:
        for reference, quantity in parcel.lines.items():
            shipped[reference] = shipped.get(reference, Decimal(0)) + quantity
    return shipped


def _lines(sales_order: Book, line_id: str) -> list[Book]:
    stand = (line for line in sales_order["lines"] if line["deleted"] is None)
    return [line for line in stand if is_about(str(line["reference"]), line_id)]


def told_units(shipments: Sequence[Book], line: Book) -> int:
    return sum(int(each["quantity"]) for one in shipments for each in one["lines"] if each["id"] == line["id"])


@dataclass(frozen=True, slots=True)
class Case:
    """One order in both books. `versions` are those of its packing slips; `multi`: Mirakl takes several shipments."""

    order: Book
    name: str
    record: Record
    sales_order: Book
    versions: Sequence[Book]
    multi: bool
    client: Client
    now: datetime

    @property
    def parcels(self) -> tuple[Parcel, ...]:
        return parcels_at(self.versions, self.now)

    @property
    def in_parts(self) -> bool:
        """Mirakl can be told of a part of it."""
        return self.multi and not self.client.by_status

    @property
    def shipped_at(self) -> datetime | None:
        at = self.order["shipped_at"]
        return None if at is None else moment(at)

    def found(self, kind: FindingKind, text: str) -> Finding:
        return Finding(kind, self.name, text)
