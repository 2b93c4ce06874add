"""Which lines count against a reading, how much of each, and until when."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.model.in_flight import LineInErp, LineInFlight
from shared.model.stock import StockSource
from shared.rules.stock.in_flight import by_warehouse, counts, gone, in_flight, released, total
from tests.rules.stock.builders import (
    MAIN,
    OTHER,
    WEST,
    at,
    in_doubt,
    in_erp,
    line,
    reading,
    source,
    terms,
)

CREATED, SHIPPED, NOT_HELD = source(), source(demand="shipped"), source(held=False)
TAKEN_BACK = in_erp(0, created=0)


@pytest.mark.parametrize(
    ("sold", "source", "started", "counted", "why"),
    [
        # nothing is in the ERP
        (line(10), CREATED, 5, 10, "no_erp_order"),
        (line(0), CREATED, 5, 0, ""),
        (line(10, shipped=5), CREATED, 5, 10, "no_erp_order"),
        (line(10, shipped=5), CREATED, 6, 0, ""),
        # whether it is there is in doubt
        (line(10, erp=in_doubt(10)), CREATED, 99, 10, "in_doubt"),
        (line(0, erp=in_doubt(10)), CREATED, 99, 10, "in_doubt"),
        (line(6, erp=in_doubt(10)), CREATED, 99, 10, "in_doubt"),
        (line(10, erp=in_doubt(10), shipped=5), CREATED, 99, 10, "in_doubt"),
        # it is there, and the figure shows it from its creation on
        (line(10, erp=in_erp(10, created=5)), CREATED, 4, 10, "after_the_reading"),
        (line(10, erp=in_erp(10, created=5)), CREATED, 5, 10, "after_the_reading"),
        (line(10, erp=in_erp(10, created=5)), CREATED, 6, 0, ""),
        (line(0, erp=in_erp(10, created=5)), CREATED, 4, 10, "after_the_reading"),
        (line(0, erp=in_erp(10, created=5)), CREATED, 6, 0, ""),
        (line(6, erp=in_erp(10, created=5)), CREATED, 4, 10, "after_the_reading"),
        (line(6, erp=in_erp(10, created=5)), CREATED, 6, 0, ""),
        # it is there, and the figure shows what has shipped, part by part
        (line(10, erp=in_erp(10, created=0)), SHIPPED, 99, 10, "not_shown"),
        (line(10, erp=in_erp(10, created=0, left=[(4, 5)])), SHIPPED, 5, 10, "not_shown"),
        (line(10, erp=in_erp(10, created=0, left=[(4, 5)])), SHIPPED, 6, 6, "not_shown"),
        (line(10, erp=in_erp(10, created=0, left=[(4, 5), (6, 8)])), SHIPPED, 7, 6, "not_shown"),
        (line(10, erp=in_erp(10, created=0, left=[(4, 5), (6, 8)])), SHIPPED, 9, 0, ""),
        (line(10, erp=in_erp(10, created=0, left=[(12, 5)])), SHIPPED, 9, 0, ""),
        # an order on hold
        (line(10, erp=in_erp(10, created=0, held=True)), CREATED, 5, 0, ""),
        (line(10, erp=in_erp(10, created=0, held=True)), NOT_HELD, 99, 10, "not_shown"),
        (line(10, erp=in_erp(10, created=0, held=True, released=5)), NOT_HELD, 5, 10, "after_the_reading"),
        (line(10, erp=in_erp(10, created=0, held=True, released=5)), NOT_HELD, 6, 0, ""),
        (line(10, erp=in_erp(10, created=0)), NOT_HELD, 6, 0, ""),
        # its order was taken back in the ERP
        (line(10, erp=TAKEN_BACK), CREATED, 99, 10, "erp_order_gone"),
        (line(0, erp=TAKEN_BACK), CREATED, 99, 0, ""),
        (line(10, erp=in_erp(4, created=0)), CREATED, 99, 6, "erp_order_gone"),
        (line(10, erp=in_erp(4, created=0, left=[(4, 5)])), SHIPPED, 99, 6, "erp_order_gone"),
        (line(10, erp=TAKEN_BACK, shipped=5), CREATED, 5, 10, "erp_order_gone"),
        (line(10, erp=TAKEN_BACK, shipped=5), CREATED, 6, 0, ""),
    ],
)
def test_what_counts(sold: LineInFlight, source: StockSource, started: float, counted: int, why: str) -> None:
    found = counts(sold, at(started), terms(source=source))
    assert (found.quantity if found else 0, found.why if found else "") == (counted, why)
    assert released(sold, reading(1, started=started), terms(source=source)) == (counted == 0)


@pytest.mark.parametrize(
    ("sold", "older_in_erp", "counted"),
    [
        (line(3, placed=-1), True, 0),
        (line(3, placed=-1), False, 3),
        (line(3, placed=0), True, 3),
        (line(3, placed=-1, shop="south-fr"), True, 3),
        (line(3, by_operator=True), True, 0),
    ],
)
def test_whose_orders_count(sold: LineInFlight, older_in_erp: bool, counted: int) -> None:
    rules = terms(orders_from={"north-de": at(0)}, older_in_erp=older_in_erp)
    assert total(in_flight([sold], reading(9, started=5), rules)) == counted


def test_lines_of_all_shops_on_the_item_each_once() -> None:
    lines = [
        line(2, shop="north-de", warehouse=MAIN),
        line(3, shop="south-fr", warehouse=WEST),
        line(3, shop="south-fr", warehouse=WEST),
        line(5, order="N-2", item=OTHER),
    ]
    counted = in_flight(lines, reading(9, started=5), terms())
    assert total(counted) == 5
    assert by_warehouse(counted) == {MAIN: 2, WEST: 3}


@pytest.mark.parametrize(
    ("sold", "units"),
    [
        (line(10, erp=TAKEN_BACK), 10),
        (line(10, erp=in_erp(4)), 6),
        (line(10, erp=in_erp(10)), 0),
        (line(10), 0),
        (line(10, erp=in_doubt(10)), 0),
        (line(0, erp=TAKEN_BACK), 0),
        (line(10, erp=TAKEN_BACK, shipped=5), 0),
    ],
)
def test_what_a_person_must_know(sold: LineInFlight, units: int) -> None:
    assert gone(sold) == units


def test_a_step_that_is_done_does_not_release() -> None:
    """Only a reading does, however long ago the order was created."""
    created = line(3, erp=in_erp(3, created=0))
    assert not released(created, reading(9, started=-1), terms())
    assert released(replace(created, erp=LineInErp(), remains=Decimal(0)), reading(9, started=-1), terms())
