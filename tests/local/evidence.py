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
CLIENT = Client({"north": "NO"}, {"north/2001": "north-main"}, OPENING, patience=timedelta(minutes=4))


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
    now: str = at(120)

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
            {"operation": "batch", "subject": "NO-A", "status": status, "at": at(minute), "fault": fault}
        )

    def mirakl(self) -> dict[str, Any]:
        return {"now": self.now, "orders": [self.order], "ignored_inputs": self.ignored}

    def erp(self) -> dict[str, Any]:
        return {"orders": self.sales_orders, "ignored_inputs": {}}

    def tables(self) -> Tables:
        return Tables(self.rows, self.openwork, self.exceptions)

    def verdict(self) -> Verdict:
        return judge(self.mirakl(), self.erp(), self.tables(), CLIENT, self.journal)


def spoiled(spoil: Callable[[Books], object]) -> Books:
    books = copy.deepcopy(Books())
    spoil(books)
    return books
