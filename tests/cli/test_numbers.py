"""`bridge numbers show|move`: a range that stopped goes on, and the orders that it stopped are sent again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shared.errors import Rejected
from shared.exceptions import opened
from shared.model.keys import OrderKey
from shared.model.sales_order import NumberFormat
from shared.model.steps import Step
from shared.ports.own import Change, NumberRange
from shared.wiring.real_parts import RealParts
from tests.cli.terminal import Terminal
from tests.fakes.status_sales_orders import STATUS_ONLY, StatusSalesOrders

RANGES = {"north-main": NumberFormat("N", 4), "south-main": NumberFormat("S", 4, first=100)}


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Over an ERP that takes numbers of ours, where somebody else has used N0007."""
    made = Terminal.at(tmp_path)
    erp = StatusSalesOrders(capabilities=replace(STATUS_ONLY, ranges=RANGES))
    erp.entered_by_another("N0007")

    def parts(*given: object) -> RealParts:
        real = made.parts(*given)
        return replace(real, parts=replace(real.parts, sales_orders=erp))

    monkeypatch.setattr("cli.session.real_parts", parts)
    return made


def stopped(terminal: Terminal, order: str, shop: str = "north-main") -> OrderKey:
    """An order that waits for a number, and its shop's range."""
    key, now = OrderKey(shop, order), terminal.world.clock.now()
    reason = Rejected("number_range_stopped", subject=shop, reason="the ERP has N0007")
    step = Step("create_order", "exception", kind=reason.kind)
    change = Change(steps=(step,), opened=(opened(key, reason, step=step.name, now=now),))
    terminal.ask(lambda kept: kept.progress.commit(key, change))
    return key


def stand(terminal: Terminal, shop: str) -> NumberRange | None:
    return terminal.ask(lambda kept: kept.numbers.load(shop))


def test_what_is_shown(terminal: Terminal) -> None:
    terminal.ask(lambda kept: kept.numbers.save(NumberRange("north-main", 7, stopped="the ERP has N0007")))
    rows = [line.split() for line in terminal.bridge("numbers", "show").text.splitlines()]
    assert ["north-main", "N0007", "7", "the", "ERP", "has", "N0007"] in rows
    assert ["south-main", "S0100", "100"] in rows


def test_a_moved_range_sends_again_what_it_stopped_in_this_shop_alone(terminal: Terminal) -> None:
    terminal.ask(lambda kept: kept.numbers.save(NumberRange("north-main", 7, stopped="the ERP has N0007")))
    mine, other = stopped(terminal, "A-1"), stopped(terminal, "B-1", "south-main")
    said = terminal.bridge("numbers", "move", "--shop", "north-main", "--next", "8")
    assert (said.code, said.text.splitlines()) == (
        0,
        ["A-1: create_order", "The next number of north-main has the count 8; 1 orders sent again."],
    )
    after = stand(terminal, "north-main")
    assert after is not None
    assert (after.next, after.stopped) == (8, "")
    states = [terminal.ask(lambda kept, key=key: kept.progress.load(key)).steps for key in (mine, other)]  # type: ignore[misc]
    assert [one["create_order"].state for one in states] == ["outstanding", "exception"]
    [entry] = terminal.audited("numbers")
    assert (entry.what, entry.who, entry.before, entry.after) == (
        "north-main",
        "an operator",
        "next 7; the ERP has N0007",
        "next 8; not stopped",
    )


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["--shop", "north-main", "--next", "7"], "the ERP has an order N0007", 1),
        (["--shop", "south-main", "--next", "99"], "name 100 or more", 1),
        (["--shop", "south-wholesale", "--next", "5"], "no shop 'south-wholesale'", 2),
    ],
)
def test_what_cannot_be_moved_is_said(terminal: Terminal, words: list[str], said: str, code: int) -> None:
    told = terminal.bridge("numbers", "move", *words)
    assert (told.code, said in told.text) == (code, True)
    assert terminal.audited("numbers") == []


def test_where_the_erp_numbers_otherwise_there_is_nothing_to_show(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.session.real_parts", terminal.parts)
    assert terminal.bridge("numbers", "show").text == "The ERP's order numbers are not allocated by the bridge.\n"
    assert terminal.bridge("numbers", "move", "--shop", "north-main", "--next", "5").code == 1
