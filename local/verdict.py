"""What the judge finds, and what it is told of the client: it shares no code with the bridge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Book = Mapping[str, Any]
Rows = Mapping[tuple[str, str], Mapping[str, Any]]
"""A table's rows by (partition, row)."""

FindingKind = Literal["late", "twice", "lost", "different", "unwanted", "forgotten", "ignored input", "refused carrier"]
GONE = {"CANCELED", "REFUSED"}
TWO_WRITERS = timedelta(seconds=15)
"""The shortest back-off is 24 s: two placings closer than this had two writers."""
NOTHING_HAPPENED = {401, 403, 429}
UNANSWERED = {"hang_before", "hang_after", "late_commit"}
"""Calls that stay open without an answer: their caller waits until its time-out."""
CORRECTED = frozenset({"shipment_corrected", "despatch_row_refused"})
"""Either tells a person that of a shipping document, or of a file's rows, two versions say two things."""
FORGOTTEN = timedelta(minutes=45)
"""`watch` looks every two minutes: work this long overdue was forgotten."""
UNSEEN = timedelta(minutes=75)
"""The open orders are looked at in the ERP every half hour."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: FindingKind
    order: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.order}: {self.text}"


@dataclass(frozen=True, slots=True)
class Client:
    """What the judge must know of the client: prefix by marketplace, slug by the sandbox's shop, go-live.

    `patience` is the bridge's HTTP time-out, in the time of the books. `carriers` is what each of the ERP's carriers
    is called on each marketplace (a code or a name), where it is mapped at the end; `untracked` have no tracking.
    Each shopper of the marketplaces in `per_shopper` is a customer of the ERP. `place` is the operation in the ERP's
    journal that creates an order, `references` how the ERP writes our reference of an order.

    `vanishing`: an invoice takes the order out of the callers' sight. `lists_shipments`: the ERP's shipping documents
    can be read. `by_status`: nobody sees them at all, only that all of an order has left; then this is the carrier that
    Mirakl is told of. `found_by`: a shopper's account is told in the answer to a placing and never again, so that an
    order which had to be found by this operation told none.
    """

    prefixes: Mapping[str, str]
    shops: Mapping[str, str]
    live_from: datetime
    patience: timedelta = timedelta(0)
    carriers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    untracked: frozenset[str] = frozenset()
    per_shopper: frozenset[str] = frozenset()
    place: str = "batch"
    references: Literal["as they are", "upper case"] = "as they are"
    vanishing: bool = False
    lists_shipments: bool = True
    by_status: str = ""
    found_by: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows of `orders`, `openwork` and `exceptions`."""

    orders: Rows
    openwork: Rows
    exceptions: Rows


@dataclass
class Shipping:
    """Of the orders whose goods have all left: how many Mirakl shows shipped, and how long that took.

    `lags` count from the last shipment, `tracked_lags` from when a tracking number was there as well, in seconds.
    `numbers` of `numbers_due` orders carry the ERP's number in Mirakl; of `partial` ones a part has left.
    """

    left: int = 0
    confirmed: int = 0
    lags: list[float] = field(default_factory=list)
    tracked_lags: list[float] = field(default_factory=list)
    carriers: Counter[str] = field(default_factory=Counter)
    numbers: int = 0
    numbers_due: int = 0
    partial: int = 0


@dataclass
class Verdict:
    """`shares` are how much of its window each accepted order took, 0 to 1; `asked` were to be accepted."""

    findings: list[Finding] = field(default_factory=list)
    placed: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    due_in_erp: Counter[str] = field(default_factory=Counter)
    in_erp: Counter[str] = field(default_factory=Counter)
    shares: list[float] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)
    shipping: Shipping = field(default_factory=Shipping)
    people: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Record:
    """What our tables say of one order."""

    states: Mapping[str, str]
    waits: Mapping[str, str]
    exceptions: frozenset[str]
    open_work: bool
    updated: datetime | None = None


def moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0


def is_about(reference: str, line: str) -> bool:
    """A set's components carry the line's id with `#` and their number."""
    return reference == line or (reference.startswith(line + "#") and reference.removeprefix(line + "#").isdigit())


def escaped(part: str) -> str:
    """Key parts in our tables keep `[A-Za-z0-9._-]`; every other byte is `=XX`."""
    plain = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    return "".join(chr(byte) if byte in plain else f"={byte:02X}" for byte in part.encode())
