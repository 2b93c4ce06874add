"""Hand-made books: one order that went well, to be spoiled one field at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from local.judge import judge
from local.verdict import Client, Tables, Verdict

OPENING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLIENT = Client(
    {"north": "NO"},
    {"north/2001": "north-main"},
    OPENING,
    patience=timedelta(minutes=4),
    carriers={("north", "CARRIER-1"): "CA1", ("north", "CARRIER-2"): "Carrier Two", ("north", "LETTER"): "LTR"},
    untracked=frozenset({"LETTER"}),
)


def at(minute: float) -> str:
    return (OPENING + timedelta(minutes=minute)).isoformat()


def mirakl_order() -> dict[str, Any]:
    line = {
        "id": "A-1",
        "state": "SHIPPING",
        "history": [{"at": at(1), "state": "WAITING_ACCEPTANCE"}, {"at": at(8), "state": "SHIPPING"}],
        "price": {"net": "10.00", "gross": "12.00"},
        "shipping": {"net": "1.00", "gross": "1.20"},
        "fees": [{"code": "HANDLING", "amount": "0.50"}],
        "cancelled_at": None,
    }
    return {
        "platform": "north",
        "shop": "north/2001",
        "order_id": "A",
        "currency": "EUR",
        "state": "SHIPPING",
        "placed": at(1),
        "updated": at(8),
        "window_end": at(181),
        "decided_at": at(4),
        "decided_how": "accepted",
        "debit": "settles",
        "or21_effects": 1,
        "shown_waiting": {"first": at(2), "last": at(2), "count": 1},
        "history": [{"at": at(1), "state": "WAITING_ACCEPTANCE"}, {"at": at(8), "state": "SHIPPING"}],
        "lines": [line],
    }


def erp_order(number: str = "NO-A") -> dict[str, Any]:
    return {
        "company": "usmf",
        "number": number,
        "reference": "NO-A",
        "currency": "EUR",
        "created": at(10),
        "deleted": None,
        "held": False,
        "prices_include_tax": True,
        "totals": {"total": "13.70"},
        "lines": [{"reference": "A-1", "amount": "13.70", "deleted": None}],
    }


def carriage(code: str | None = "CA1", number: str | None = "T-1", *, name: str | None = None) -> dict[str, Any]:
    """How Mirakl was told that a parcel travels."""
    return {"carrier_code": code, "carrier_name": name, "number": number}


NOT_TOLD = carriage(None, None)


def slip(
    document: str, created: float, shipped: int, *, carrier: str = "CARRIER-1", tracked: float = -1
) -> dict[str, Any]:
    """One version of a packing slip, with the number `T-<its digits>` from that minute on."""
    number = {"number": f"T-{document.removeprefix('PS')}", "from": at(tracked), "until": None}
    return {
        "company": "usmf",
        "slip": document,
        "number": "NO-A",
        "reference": "NO-A",
        "created": at(created),
        "visible_from": at(created),
        "carrier": carrier,
        "lines": [{"reference": "A-1", "ordered": 2, "shipped": shipped}],
        "tracking": [number] if tracked >= 0 else [],
    }


def parcel(package: str, minute: float, quantity: int, *, shipped: bool = True, **said: Any) -> dict[str, Any]:
    """A shipment as Mirakl's books show it."""
    return {
        **(carriage(number=f"T-{package.removeprefix('PS')}", **said) if shipped else NOT_TOLD),
        "created": at(minute),
        "shipped_at": at(minute) if shipped else None,
        "packages": [package],
        "lines": [{"id": "A-1", "quantity": quantity, "package": package}],
    }


@dataclass
class Books:
    """`order` and `sales_order` are the ones to spoil."""

    order: dict[str, Any] = field(default_factory=mirakl_order)
    sales_orders: list[dict[str, Any]] = field(default_factory=lambda: [erp_order()])
    rows: dict[tuple[str, str], dict[str, Any]] = field(
        default_factory=lambda: {
            ("north-main|A", "step|acknowledge_order"): {"state": "done"},
            ("north-main|A", "step|create_order"): {"state": "done"},
            ("north-main|A", "facts"): {"updated": at(8)},
        }
    )
    openwork: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    exceptions: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    journal: list[dict[str, Any]] = field(default_factory=list)
    ignored: list[dict[str, Any]] = field(default_factory=list)
    slips: list[dict[str, Any]] = field(default_factory=list)
    multi: bool = False
    now: str = at(120)
    client: Client = CLIENT

    @property
    def line(self) -> dict[str, Any]:
        line: dict[str, Any] = self.order["lines"][0]
        return line

    def records(self, step: str, **values: Any) -> None:
        self.rows["north-main|A", f"step|{step}"] = values

    def stands(self, kind: str) -> None:
        self.rows["north-main|A", f"exception|{kind}|order"] = {"kind": kind}

    def places(self, minute: float, *, status: int = 200, fault: str = "") -> None:
        self.journal.append(
            {"operation": self.client.place, "subject": "NO-A", "status": status, "at": at(minute), "fault": fault}
        )

    def mirakl(self) -> dict[str, Any]:
        platforms = {"north": {"multi_shipment": self.multi}}
        return {"now": self.now, "orders": [self.order], "ignored_inputs": self.ignored, "platforms": platforms}

    def erp(self) -> dict[str, Any]:
        return {"orders": self.sales_orders, "shipments": self.slips, "ignored_inputs": {}}

    def tables(self) -> Tables:
        return Tables(self.rows, self.openwork, self.exceptions)

    def verdict(self) -> Verdict:
        return judge(self.mirakl(), self.erp(), self.tables(), self.client, self.journal)


def spoiled(spoil: Callable[[Books], object], books: Books | None = None) -> Books:
    books = copy.deepcopy(books or Books())
    spoil(books)
    return books


def shipped_books(*, multi: bool = False) -> Books:
    """Two of the order's line leave in one parcel at 40, its number comes at 50, and Mirakl is told at 55."""
    books = Books(slips=[slip("PS1", 40, 2, tracked=50)], multi=multi)
    books.line["quantity"] = 2
    books.sales_orders[0]["lines"][0]["quantity"] = "2"
    tell(books, 55, [parcel("PS1", 55, 2)] if multi else [], CARRIED)
    return books


CARRIED = carriage()


def tell(books: Books, minute: float | None, shipments: list[dict[str, Any]], tracking: dict[str, Any]) -> None:
    """What Mirakl shows of the order's shipping; `minute` None: it is not SHIPPED."""
    books.order.update(
        shipped_at=None if minute is None else at(minute),
        or24_effects=0 if books.multi or minute is None else 1,
        tracking=NOT_TOLD if books.multi else tracking,
        shipments=shipments,
        seller_reference={"value": "NO-A"},
    )
    books.records("confirm_shipment", state="waiting" if minute is None else "done", waiting_for="")
    books.records("report_order_numbers", state="done")
