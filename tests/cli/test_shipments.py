"""`bridge shipments enter`: what a person knows of, on record and told as any shipment is."""

from __future__ import annotations

import pytest

from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.wishes import WantedLine, WantedOrder
from tests.cli.terminal import Terminal

NUMBER = "BY-HAND-0001"


@pytest.fixture
def created(terminal: Terminal) -> Order:
    order = terminal.place(WantedOrder(lines=(WantedLine(quantity=3), WantedLine(sku="SKU-002"))))
    terminal.pass_time(10)
    return order


def enter(terminal: Terminal, order: str, *more: str, document: str = "C-1") -> tuple[int, str]:
    words = ("--shop", "north-main", "--order", order, "--document", document, "--carrier", "CARRIER-1")
    said = terminal.bridge("shipments", "enter", *words, *more)
    return said.code, said.text


@pytest.mark.parametrize("named", ["{}", "NO-{}"])
def test_a_shipment_is_on_record_audited_and_told(terminal: Terminal, created: Order, named: str) -> None:
    code, text = enter(terminal, named.format(created.id), "--tracking", NUMBER)
    assert (code, text) == (
        0,
        f"C-1 of order {named.format(created.id)} is on record; confirm_shipment is outstanding.\n",
    )
    [shipment] = terminal.record(created).shipments
    assert [one.number for one in shipment.erp.tracking] == [NUMBER]
    assert {one.reference for one in shipment.erp.lines} == {line.id for line in created.lines}
    [entry] = terminal.audited("shipments")
    assert (entry.what, entry.who) == (f"north-main|{created.id} C-1", "an operator")
    assert entry.after == "the order; CARRIER-1, with tracking"
    terminal.pass_time(10)
    shown = terminal.bridge("orders", "show", created.id).text
    assert "Mirakl: SHIPPED" in shown
    assert "C-1 entered by hand (an operator)" in shown
    assert NUMBER not in shown + entry.what + entry.after


def test_tracking_that_is_missing_is_entered_for_the_document(terminal: Terminal, created: Order) -> None:
    _, text = enter(terminal, created.id)
    assert "confirm_shipment is waiting tracking" in text
    _, text = enter(terminal, created.id, "--tracking", NUMBER)
    assert "confirm_shipment is outstanding" in text
    [shipment] = terminal.record(created).shipments
    assert [one.number for one in shipment.erp.tracking] == [NUMBER]


def test_lines_are_entered_by_quantity(terminal: Terminal, created: Order) -> None:
    first, second = (line.id for line in created.lines)
    enter(terminal, created.id, "--lines", f"{first}=2", "--tracking", NUMBER)
    enter(terminal, created.id, "--lines", f"{first}, {second}=1", "--tracking", NUMBER, document="C-2")
    left = {
        one.erp.document: {line.reference: int(line.shipped) for line in one.erp.lines}
        for one in terminal.record(created).shipments
    }
    assert left == {"C-1": {first: 2}, "C-2": {first: 1, second: 1}}


@pytest.mark.parametrize(
    ("order", "more", "code", "said"),
    [
        ("NONE-1", (), 1, "has no order 'NONE-1' that stands in the ERP"),
        ("", ("--lines", "L-9=1"), 1, "names line 'L-9', which the order does not have"),
        ("", ("--lines", "L-9=0"), 2, "a quantity above zero"),
        ("", ("--lines", "L-9=two"), 2, "a quantity above zero"),
        ("", ("--shop", "east"), 2, "no shop 'east'"),
    ],
)
def test_what_cannot_be_entered_is_said(
    terminal: Terminal, created: Order, order: str, more: tuple[str, ...], code: int, said: str
) -> None:
    found, text = enter(terminal, order or created.id, *more)
    assert found == code
    assert said in text
    assert terminal.record(created).shipments == ()
    assert terminal.audited("shipments") == []
