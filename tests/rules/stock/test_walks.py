"""The walks that the stock rule must survive, each by its name; buffer 0 and one to one unless a walk says so."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.model.in_flight import LineInErp
from shared.model.offers import Told
from shared.model.stock import StockUnit
from shared.model.stock_imports import Confirmed, ImportReport, SentImport, StockLine, Unconfirmed
from shared.rules.items import components
from shared.rules.stock.components import stock_components
from shared.rules.stock.confirming import verdict
from shared.rules.stock.gate import Gate, closed_by
from shared.rules.stock.imports import push_again, unlike
from shared.rules.stock.in_flight import gone, released
from shared.rules.stock.joining import Answer, joined
from shared.rules.stock.pushing import Push, Wait, decide
from shared.rules.stock.readings import latest
from shared.rules.stock.warehouses import stock_lines
from shared.rules.stock.whole_units import taken
from shared.rules.units import ordered_quantity
from tests.builders import item_row, mappings
from tests.rules.stock.builders import (
    ITEM,
    MAIN,
    MINUTE,
    SECOND,
    WEST,
    at,
    figures,
    in_doubt,
    in_erp,
    line,
    number,
    offer,
    reading,
    show,
    source,
    terms,
    unit,
)

D = Decimal
PACK_OF_4 = unit("1", "4")


def test_pack_of_four_never_shows_one_on_both_sides_of_the_creation() -> None:
    """Free 8, buffer 1, two shops: 7 are one pack; sold once, none is left, whoever looks and whenever."""
    rules, shops = terms(buffer=1), [offer(unit=PACK_OF_4, shop=shop) for shop in ("north-de", "south-fr")]
    before, bought = reading(8, started=0), line(4, placed=1)
    created = replace(bought, erp=in_erp(4, created=5))
    after = reading(figures(8, demand=4), started=6)
    walk = [
        (before, (), 1),
        (before, (bought,), 0),
        (before, (replace(bought, erp=in_doubt(4)),), 0),
        (before, (created,), 0),
        (after, (created,), 0),
        (after, (), 0),
    ]
    for shown, lines, expected in walk:
        assert [number(shown, *lines, offer=one, terms=rules) for one in shops] == [expected, expected]


def test_four_shipped_while_the_reading_runs() -> None:
    """Inventory 20, own order of 10. Asked in the wrong order it is 20 - 6; that reading does not come about."""
    ours = line(10, erp=in_erp(10, created=-5))
    answers = {
        "lines before": Answer(at(0), at(1), {(ITEM, MAIN): D(10)}),
        "inventory after": Answer(at(1), at(2), {(ITEM, MAIN): D(16)}),
        "inventory before": Answer(at(0), at(1), {(ITEM, MAIN): D(20)}),
        "lines after": Answer(at(1), at(2), {(ITEM, MAIN): D(6)}),
    }
    (right,) = joined(demand=answers["lines before"], supply=answers["inventory after"], lag=0 * SECOND)
    assert number(right, ours) == 6
    with pytest.raises(ValueError, match="supply was read before demand"):
        joined(demand=answers["lines after"], supply=answers["inventory before"], lag=0 * SECOND)


def test_the_order_vanishes_between_two_calls() -> None:
    """4 had shipped (16 on the shelf, 6 to come); the rest is shipped and invoiced between the calls."""
    ours = line(10, erp=in_erp(10, created=-5))
    demand, supply = Answer(at(0), at(1), {(ITEM, MAIN): D(6)}), Answer(at(1), at(2), {(ITEM, MAIN): D(10)})
    (found,) = joined(demand=demand, supply=supply, lag=0 * SECOND)
    assert number(found, ours) == 4
    with pytest.raises(ValueError, match="supply was read before demand"):
        joined(demand=Answer(at(1), at(2), {}), supply=Answer(at(0), at(1), {(ITEM, MAIN): D(16)}), lag=0 * SECOND)
    (next_,) = joined(
        demand=Answer(at(3), at(4), {}), supply=Answer(at(4), at(5), {(ITEM, MAIN): D(10)}), lag=0 * SECOND
    )
    assert number(next_, ours) == 10


def test_a_clerk_deletes_the_order_and_mirakl_still_waits() -> None:
    ours = line(10, erp=in_erp(10, created=0))
    assert number(reading(figures(20, demand=10), started=5), ours) == 10
    deleted = replace(ours, erp=in_erp(0, created=0))
    assert number(reading(20, started=9), deleted) == 10
    assert show(reading(20, started=9), deleted).terms[0].in_flight[0].why == "erp_order_gone"
    assert gone(deleted) == 10


def test_a_replica_shows_the_state_before_our_order() -> None:
    """The answers are 30 s old: a reading asked for 20 s after the creation cannot be trusted with it."""
    created = line(3, erp=in_erp(3, created=10))
    asked = at(10) + 20 * SECOND
    (behind,) = joined(
        demand=Answer(asked, asked, {}), supply=Answer(asked, asked, {(ITEM, MAIN): D(8)}), lag=30 * SECOND
    )
    assert number(behind, created) == 5
    asked = at(10) + 31 * SECOND
    (caught_up,) = joined(
        demand=Answer(asked, asked, {(ITEM, MAIN): D(3)}),
        supply=Answer(asked, asked, {(ITEM, MAIN): D(8)}),
        lag=30 * SECOND,
    )
    assert number(caught_up, created) == 5
    assert released(created, caught_up, terms())


def test_the_full_dump_is_stored_after_the_targeted_reading() -> None:
    full, targeted = reading(8, started=0), reading(3, started=3)
    for arrived in ([full, targeted], [targeted, full]):
        assert number(latest(arrived)[ITEM]) == 3


def test_case_of_six_sold_singly_with_five_decimals() -> None:
    singles = offer(unit=unit("6", "1"))
    assert number(reading("1"), offer=singles) == 6
    assert number(reading("0.83333"), offer=singles) == 5
    assert number(reading("0.16667"), offer=singles) == 1
    one_sold, five_sold = (line(taken(D(sold), unit("6", "1"))) for sold in (1, 5))
    assert number(reading("1"), one_sold, offer=singles) == 5
    assert number(reading("1"), five_sold, offer=singles) == 1


def test_box_of_six_ordered_as_box_and_stocked_in_pieces() -> None:
    found = mappings(add=[item_row("SKU-001", order_unit="BOX", stock_unit="PCS", stock_denominator="6")])
    (part,) = stock_components(found, marketplace="north", sku="SKU-001", company="usmf")
    boxes = offer((part.item, part.unit))
    assert number(reading(60, item=part.item), offer=boxes) == 10
    (ordered,) = components(found, marketplace="north", sku="SKU-001", company="usmf")
    assert ordered_quantity(D(1), ordered.unit, sku="SKU-001") == 1
    assert ordered.unit.unit == "BOX"


MAPPED = {"M1": (MAIN,), "M2": (WEST,)}


def test_a_negative_warehouse_and_a_full_one() -> None:
    shown = show(reading(figures(-3), figures(5, warehouse=WEST)), offer=offer(warehouses=MAPPED))
    assert shown.number == 2
    assert shown.by_warehouse == {"M1": 0, "M2": 2}


def test_two_warehouses_with_buffer_packs_and_a_line_in_flight() -> None:
    shown = show(
        reading(figures(13), figures(7, warehouse=WEST)),
        line(6, warehouse=MAIN),
        offer=offer(unit=unit("1", "6"), warehouses=MAPPED),
        terms=terms(buffer=2),
    )
    assert shown.number == 2
    assert shown.by_warehouse == {"M1": 1, "M2": 1}


SENT = SentImport("I-2", at(0), (StockLine("SKU-001", 4), StockLine("SKU-002", 7)))


@pytest.mark.parametrize(
    "report",
    [ImportReport("FAILED", 0, 0, {}), ImportReport("COMPLETE", 1, 1, {1: "unknown offer"})],
    ids=["failed", "half rejected"],
)
def test_told_ten_and_the_import_of_four_was_not_taken(report: ImportReport) -> None:
    found = verdict(SENT, report, known={"I-1"})
    assert not isinstance(found, Confirmed) or ("SKU-001", "") not in found.numbers
    assert isinstance(found, Confirmed | Unconfirmed)
    told = Told(confirmed=10)
    assert decide(4, {}, told=told, gate="", now=at(5)) == Push(4, {}, "decrease")


def test_an_import_given_up_completes_after_its_successor() -> None:
    """Told 8, then 3; both are reported in the end, and Mirakl may have taken them in either order."""
    older = SentImport("I-1", at(0), (StockLine("SKU-001", 8),), reported=at(15), given_up=True)
    newer = SentImport("I-2", at(11), (StockLine("SKU-001", 3),), reported=at(12))
    assert push_again([replace(older, reported=None), newer]) == frozenset()
    assert push_again([older, newer]) == {"SKU-001"}
    told = Told(confirmed=3, again=True)
    assert decide(3, {}, told=told, gate="late", now=at(16)) == Push(3, {}, "again")


def test_refused_by_time_out() -> None:
    """Mirakl set the offer to 0 by itself; the rule's number is the one that was told, in a file that differs."""
    refused = line(0)
    back = number(reading(10), refused)
    told = Told(confirmed=10, sold=2, stirred=True)
    assert decide(back, {}, told=told, gate="", now=at(5)) == Push(10, {}, "increase")
    file = stock_lines("SKU-001", back, {}, told={})
    again = unlike(file, earlier=[file], spare=[(StockLine("SKU-002", 7),)])
    assert again is not None
    assert again != file
    assert again[0] == StockLine("SKU-001", 10)


def test_a_receipt_after_sales_is_an_increase() -> None:
    """Told 10, 4 sold there, 2 received: Mirakl shows 6, so that 8 is more and waits for the gate."""
    told = Told(confirmed=10, sold=4)
    gate = Gate({"north-de": at(-1), "south-fr": at(-16)}, within=15 * MINUTE)
    shut = closed_by(gate, split=False, now=at(0))
    assert shut
    assert decide(8, {}, told=told, gate=shut, now=at(0)) == Wait(shut)
    looked = closed_by(replace(gate, passes={"north-de": at(-1), "south-fr": at(-2)}), split=False, now=at(0))
    assert decide(8, {}, told=told, gate=looked, now=at(0)) == Push(8, {}, "increase")


def test_cancelled_in_mirakl_while_the_creation_is_in_doubt() -> None:
    cancelled = line(0, erp=in_doubt(3))
    assert number(reading(8, started=5), cancelled) == 5
    assert number(reading(8, started=5), replace(cancelled, erp=LineInErp())) == 8
    settled = replace(cancelled, erp=in_erp(3, created=6))
    assert number(reading(8, started=5), settled) == 5
    assert number(reading(figures(8, demand=3), started=7), settled) == 5


def test_a_held_order_whose_hold_allocates_nothing() -> None:
    rules = terms(source=source(held=False))
    held = line(3, erp=in_erp(3, created=0, held=True))
    assert number(reading(8, started=60), held, terms=rules) == 5
    free = replace(held, erp=in_erp(3, created=0, held=True, released=70))
    assert number(reading(8, started=65), free, terms=rules) == 5
    assert number(reading(figures(8, allocated=3), started=75), free, terms=rules) == 5
    assert released(free, reading(5, started=75), rules)


@pytest.mark.parametrize(
    ("free", "per_unit", "shown"),
    [("-4", unit(), 0), ("2.9", unit(), 2), ("2.5", unit("1", "12"), 0), ("2.5", unit("12", "1"), 30)],
    ids=["negative", "fraction", "pack of 12 from singles", "case of 12 sold singly"],
)
def test_negative_fractional_and_too_little_for_a_pack(free: str, per_unit: StockUnit, shown: int) -> None:
    assert number(reading(free), offer=offer(unit=per_unit)) == shown


def test_a_confirmed_import_is_what_mirakl_shows() -> None:
    found = verdict(SENT, ImportReport("COMPLETE", 2, 0, {}), known={"I-1"})
    assert found == Confirmed({("SKU-001", ""): 4, ("SKU-002", ""): 7}, {})
