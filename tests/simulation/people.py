"""What people do during a day: they order, cancel in Mirakl, change orders in the ERP, correct slips, map a carrier."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from sandboxes.finance_supply_chain.packing_slips import lines_on
from sandboxes.finance_supply_chain.records import Row
from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.wishes import Mix, Placement, WantedOrder
from shared.model.mappings import MappingRow
from tests.simulation.world import EPOCH, World

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
    control, pick = chance.choice(["delete_order", "cancel_order", "cancel_line"]), chance.random()

    def act() -> None:
        known = {row.get("reference") for row in world.tables.everything("orders").values()}
        moving = b" ".join(request.body for request in world.erp.pending())
        headers = [row for row in _rows(world, "headers") if row.text("SalesOrderNumber") in known]
        header = _any([row for row in headers if row.text("CustomersOrderReference").encode() not in moving], pick)
        if header is None:
            return
        content = {"company": header.text("dataAreaId"), "number": header.text("SalesOrderNumber")}
        if control == "cancel_line":
            goods = [
                line for line in world.erp_rules.installation.lines_of(header) if "-" in line.text("OrderLineReference")
            ]
            content["reference"] = goods[0].text("OrderLineReference") if goods else ""
        _by_hand(world, control, **content)

    return at(chance, SHIPPING), act


def correct_a_slip(world: World, chance: random.Random) -> Act:
    """One unit less, or none, of a slip's first line."""
    pick, whole = chance.random(), chance.random() < 0.5

    def act() -> None:
        slip = _any(_rows(world, "slips"), pick)
        if slip is None:
            return
        installation = world.erp_rules.installation
        row = lines_on(installation, slip)[0]
        line = installation.found("lines", row, "InventoryLotId", row.text("InventTransId"))[0]
        quantity = Decimal(0) if whole else max(Decimal(0), Decimal(str(row.values["Qty"])) - 1)
        reference = line.text("OrderLineReference")
        _by_hand(world, "correct_slip", slip=slip.text("PackingSlipId"), lines={reference: str(quantity)})

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


def _rows(world: World, table: Literal["headers", "slips"]) -> Sequence[Row]:
    return [row for row in world.erp_rules.installation.tables[table].ever if row.deleted is None]


def _any(rows: Sequence[Row], pick: float) -> Row | None:
    return rows[int(pick * len(rows))] if rows else None


def _by_hand(world: World, control: str, **content: Any) -> None:
    with contextlib.suppress(ValueError):
        world.by_hand(control, **content)
