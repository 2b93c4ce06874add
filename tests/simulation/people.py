"""What people do during a day: they order, cancel in Mirakl, change orders in the ERP, correct slips, map a carrier."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from local.verdict import Book
from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.wishes import Mix, Placement, WantedOrder
from shared.model.mappings import MappingRow
from tests.simulation.world import EPOCH, World, is_named

Act = tuple[datetime, Callable[[], object | Awaitable[object]]]
BUSY = timedelta(minutes=50)
SHIPPING = timedelta(minutes=90)
"""Until when people change what is on its way out."""
MISTYPED = {"carrier_code": "CA-2", "tracking": "required"}
MISSING_CARRIER = MappingRow(
    "carriers", ("south", "*", "CARRIER-2", "*"), {"carrier_code": "CA2", "tracking": "required"}
)


def at(chance: random.Random, most: timedelta = BUSY, *, least: timedelta = timedelta(0)) -> datetime:
    return EPOCH + timedelta(seconds=chance.randrange(int(least.total_seconds()), int(most.total_seconds())))


def place(world: World, chance: random.Random, shop: str) -> Act:
    rate, reduced = (Decimal(19), Decimal(7)) if shop == "north/2002" else (Decimal(20), Decimal("5.5"))
    mix = Mix(rate=rate, reduced_rate=reduced, odd_ids=0.3, debit_refused=0.1)
    wanted = Placement(shop=shop, count=chance.randrange(1, 4), mix=mix, seed=chance.randrange(10**6))
    return at(chance), lambda: world.mirakl_rules.place(wanted)


def place_together(world: World, chance: random.Random) -> list[Act]:
    """One shopper's orders, each under an alias of its own, in two shops at once."""
    begin, orders = at(chance), (WantedOrder(customer="one shopper"),) * 2
    placements = [
        Placement(shop=shop, orders=orders, seed=chance.randrange(10**6)) for shop in ("north/2001", "north/2002")
    ]
    return [(begin, partial(world.mirakl_rules.place, one)) for one in placements]


def cancel(world: World, chance: random.Random) -> Act:
    pick, whole = chance.random(), chance.random() < 0.6

    def act() -> None:
        now = world.mirakl_rules.advance(world.clock.now())
        orders = [order for order in world.mirakl_rules.book if order.created >= EPOCH]
        if not orders:
            return
        order = orders[int(pick * len(orders))]
        lines = [line.id for line in order.lines]
        life_cycle.cancel(order, lines if whole else lines[:1], now, number=len(world.mirakl_rules.book) + 5000)
        world.mirakl_rules.book.changed(order)

    return at(chance, SHIPPING), act


def change_in_erp(world: World, chance: random.Random) -> Act:
    """Somebody cancels or deletes an order in the ERP, or cancels a line of one; what has left cannot be.

    An order that goes before we know that it was there was never created, as far as anybody can tell; and one that
    goes while a creation of it is still on its way comes again.
    """
    lacks = world.choices.far_end.demo.lacks
    controls = [one for one in ("delete_order", "cancel_order", "cancel_line") if one not in lacks]
    control, pick = chance.choice(controls), chance.random()

    def act() -> None:
        known = {row.get("reference") for row in world.tables.everything("orders").values()}
        moving = world.on_their_way()
        orders = [one for one in world.books()["orders"] if one["deleted"] is None and one["number"] in known]
        order = _any([one for one in orders if not is_named(str(one["reference"]), moving)], pick)
        if order is None:
            return
        content = {"company": order["company"], "number": order["number"]}
        if control == "cancel_line":
            content["reference"] = next(iter(_goods(order)), "")
        _by_hand(world, control, **content)

    return at(chance, SHIPPING), act


def correct_a_slip(world: World, chance: random.Random) -> Act:
    """One unit less, or none, of a slip's first line."""
    pick, whole = chance.random(), chance.random() < 0.5

    def act() -> None:
        slip = _any([one for one in world.books()["shipments"] if one["lines"]], pick)
        if slip is None:
            return
        line = slip["lines"][0]
        quantity = Decimal(0) if whole else max(Decimal(0), Decimal(line["shipped"]) - 1)
        if not quantity and not world.choices.far_end.demo.lists_shipments:
            return  # a despatch file has no row for what did not leave
        _by_hand(world, "correct_slip", slip=slip["slip"], lines={line["reference"]: str(quantity)})

    return at(chance, SHIPPING, least=timedelta(minutes=25)), act


def commit_late(world: World, chance: random.Random) -> list[Act]:
    """Every other minute the slips that are posted can be read only minutes after those that come behind them."""
    begin, minute = at(chance, timedelta(minutes=2)), timedelta(minutes=1)
    return [
        (begin + minute * number, partial(world.by_hand, "warehouse", visible_after_seconds=number % 2 * 240))
        for number in range(int(SHIPPING / minute))
    ]


def map_the_carrier(world: World, chance: random.Random) -> list[Act]:
    """Sometimes with a code first that the marketplace does not have."""
    wrong = at(chance, SHIPPING), lambda: world.save(replace(MISSING_CARRIER, values=MISTYPED))
    return [*([wrong] if chance.random() < 0.5 else []), _map_it(world, chance)]


def _map_it(world: World, chance: random.Random) -> Act:
    return at(chance, SHIPPING + timedelta(minutes=20), least=BUSY), lambda: world.save(MISSING_CARRIER)


def _goods(order: Book) -> Iterator[str]:
    """References of the lines that Mirakl has as lines."""
    stand = (line for line in order["lines"] if line["deleted"] is None)
    return (str(line["reference"]) for line in stand if "-" in str(line["reference"]))


def _any(rows: Sequence[Book], pick: float) -> Book | None:
    return rows[int(pick * len(rows))] if rows else None


def _by_hand(world: World, control: str, **content: Any) -> None:
    with contextlib.suppress(ValueError):
        world.by_hand(control, **content)
