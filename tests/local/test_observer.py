"""What people see of the day while it runs, from both books."""

from __future__ import annotations

from typing import Any

from local.day.observer import Row, rows, story
from local.screen import line_of
from tests.local.evidence import at, erp_order, slip

OVERVIEW = {
    "platform": "north",
    "order_id": "A",
    "accepted": True,
    "placed": at(1),
    "decided_at": at(4),
    "history": [{"at": at(1), "state": "WAITING_ACCEPTANCE"}, {"at": at(8), "state": "SHIPPING"}],
    "shipped_at": None,
}


def books(*slips: dict[str, Any], shipped_at: str | None = None) -> dict[str, Any]:
    return {"orders": [{**erp_order(), "shipped_at": shipped_at}], "shipments": list(slips)}


def test_a_row_counts_what_left_and_what_mirakl_shows_shipped() -> None:
    shipped = {**OVERVIEW, "shipped_at": at(45)}
    assert rows([OVERVIEW], books())[0] == Row("north", placed=1, accepted=1, in_erp=1)
    assert rows([OVERVIEW], books(shipped_at=at(40)))[0].left == 1
    assert rows([shipped], books(shipped_at=at(40)))[0] == Row("north", 1, 1, 1, left=1, shipped=1)
    assert line_of(Row("north", 3, 2, 2, left=2, shipped=1)) == "north 3 placed, 2 accepted, 2 in ERP, 1/2 shipped"


def test_the_story_goes_on_to_the_shopper() -> None:
    told = story("A", [{**OVERVIEW, "shipped_at": at(65)}], books(slip("PS1", 40, 1), slip("PS2", 60, 1)))
    assert told == [
        "placed 08:01",
        "accepted 08:04",
        "paid 08:08",
        "in the ERP 08:10 as NO-A",
        "its total there 13.70",
        "left 08:40, 09:00",
        "SHIPPED 09:05",
    ]
    assert story("B", [OVERVIEW], books()) == []
