"""A number term by term, as it was sent and as it would be now."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from shared.model.in_flight import WhyCounted
from shared.model.stock import Buffers
from shared.rules.stock.explaining import BECAUSE, explained
from tests.rules.stock.builders import MAIN, figures, in_erp, line, offer, reading, show, terms, unit

SENT = show(
    reading(figures(20, demand=3), figures(7, warehouse="NEW")),
    line(6, order="N-7"),
    offer=offer(unit=unit("1", "6"), warehouses={"M1": (MAIN,)}),
    terms=terms(buffers=Buffers(everywhere=Decimal("0.5"))),
)


def test_every_term_beside_todays() -> None:
    today = show(
        reading(figures(20, demand=9), started=9, blocked="stopped"), line(1, order="N-8", erp=in_erp(1, created=10))
    )
    rows = {row.term: (row.then, row.now) for row in explained(SENT, today)}
    assert rows == {
        "1: item": ("ITEM-001 of usmf", "ITEM-001 of usmf"),
        "1: reading started": ("2026-03-02 09:00:00Z", "2026-03-02 09:09:00Z"),
        "1: warehouse MAIN": ("available 20, allocated 0, demand 3", "available 20, allocated 0, demand 9"),
        "1: warehouses that do not count": ("NEW", "-"),
        "1: demand until": ("-", "-"),
        "1: free": ("17", "11"),
        "1: in flight north-de|N-8 N-8-1": ("-", "1: the reading started before the ERP showed it"),
        "1: in flight north-de|N-7 N-7-1": ("6: the ERP has no order of it", "-"),
        "1: in flight": ("6", "1"),
        "1: buffer": ("0.5 (set by all)", "0 (set by all)"),
        "1: share": ("1", "1"),
        "1: unit": ("1/6 of PCS", "1/1 of the stock unit"),
        "1: blocked": ("-", "stopped"),
        "1: number": ("1", "0"),
        "offer: warehouse M1": ("1", "-"),
        "offer: published": ("1", "0"),
    }
    assert [row.term for row in explained(SENT, today)][-1] == "offer: published"


def test_nothing_was_sent_yet() -> None:
    assert {row.then for row in explained(None, SENT)} == {"-"}
    assert explained(None, None) == ()


def test_every_reason_has_its_words() -> None:
    assert set(BECAUSE) == set(get_args(WhyCounted))
