"""One customer for each shopper where the client wants that, none elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.judge_customers import judge_customers
from local.verdict import Client

CLIENT = Client(
    {"north": "NO", "south": "SO"}, {}, datetime(2026, 3, 2, 8, 0, tzinfo=UTC), per_shopper=frozenset({"north"})
)


def bought(order_id: str, customer_id: str, account: str, *, platform: str = "north") -> tuple[dict[str, Any], ...]:
    """The order in Mirakl's books, and in the ERP's."""
    reference = f"{CLIENT.prefixes[platform]}-{order_id}"
    order = {"platform": platform, "order_id": order_id, "customer_id": customer_id}
    return order, {"reference": reference, "customer": account}


def found(bought: list[tuple[dict[str, Any], ...]], *made: str) -> list[str]:
    mirakl = {"orders": [order for order, _ in bought]}
    customers = [{"account": account, "deleted": None} for account in made]
    erp = {"orders": [sales_order for _, sales_order in bought], "customers": customers}
    return [finding.kind for finding in judge_customers(mirakl, erp, CLIENT)]


@pytest.mark.parametrize(
    ("orders", "made", "kinds"),
    [
        ([bought("A", "C1", "NO-1"), bought("B", "C1", "NO-1")], ["NO-1"], []),
        ([bought("A", "C1", "NO-1"), bought("B", "C2", "NO-2")], ["NO-1", "NO-2"], []),
        ([bought("A", "C1", "LISTED")], [], []),
        ([bought("A", "C1", "MKP", platform="south")], [], []),
        ([bought("A", "C1", "NO-1"), bought("B", "C1", "NO-2")], ["NO-1", "NO-2"], ["twice", "twice"]),
        ([bought("A", "C1", "NO-1")], ["NO-1", "NO-2"], ["twice"]),
        ([bought("A", "C1", "NO-1"), bought("B", "C2", "NO-1")], ["NO-1"], ["different"]),
        ([bought("A", "C1", "NO-1", platform="south")], ["NO-1"], ["unwanted", "twice"]),
    ],
    ids=[
        "one shopper",
        "two shoppers",
        "one that the client had",
        "the marketplace's account",
        "two customers for a shopper",
        "a customer too many",
        "one customer for two shoppers",
        "a customer where there should be none",
    ],
)
def test_customers(orders: list[tuple[dict[str, Any], ...]], made: list[str], kinds: list[str]) -> None:
    assert found(orders, *made) == kinds


ONCE = replace(CLIENT, found_by="status")
TWO = [({"platform": "north", "order_id": one, "customer_id": "C1"}, one) for one in ("A", "B")]


@pytest.mark.parametrize(
    ("looks", "kinds"),
    [
        ([("1", 20)], []),
        ([], ["twice", "twice"]),
        ([("1", 5)], ["twice", "twice"]),
        ([("1", 40)], ["twice", "twice"]),
        ([("2", 20)], ["twice", "twice"]),
    ],
    ids=["found again", "never looked up", "before it was there", "after the other was made", "another was looked up"],
)
def test_an_account_that_is_told_once_may_be_made_again_where_nobody_was_told(
    looks: list[tuple[str, int]], kinds: list[str]
) -> None:
    sold = [
        {"reference": f"NO-{name}", "number": number, "customer": f"K{number}", "created": minute(10 + 20 * place)}
        for place, (name, number) in enumerate((("A", "1"), ("B", "2")))
    ]
    erp = {"orders": sold, "customers": [{"account": one["customer"], "deleted": None} for one in sold]}
    journal = [{"operation": "status", "subject": number, "at": minute(at)} for number, at in looks]
    mirakl = {"orders": [order for order, _ in TWO]}
    assert [finding.kind for finding in judge_customers(mirakl, erp, ONCE, journal)] == kinds


def minute(number: int) -> datetime:
    return CLIENT.live_from + timedelta(minutes=number)
