"""The script of the day: what happens when, in minutes of the day, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from local.day.client import MISSING_SKU, ImportMissingCarrier, ImportMissingItem
from local.day.doubts import CancelledInDoubt, KilledWhileWriting, wanted
from local.day.erp_people import CancelLine, CorrectSlip, DeleteOrder, ShipUnmapped
from local.day.failures import Outage, TellLost, WrongKey
from local.day.mishaps import Mishaps, lost_answers, nonsense, on_the_way_back
from local.day.no_such_thing import NoSuchThing
from local.day.price_book import FlagTurned
from local.day.shoppers import UNPAID, Cancel, Place, Touch
from local.day.stage import Stage
from local.day.workers import EverythingTwice, KillWorker, StartWorker, StopWorker
from local.demo.demo_erp import DemoErp
from local.demo.erps import FINANCE_SUPPLY_CHAIN

NORTH, OUTLET, SOUTH = "north/2001", "north/2002", "south/2001"
FOLLOWED = "FOLLOW-ME-1"
SKUS = tuple(f"SKU-{number:03d}" for number in range(1, 21))
MIXES: Mapping[str, Mapping[str, Any]] = {
    NORTH: {"skus": SKUS, "debit_refused": 0.03, "two_rates": 0.01},
    OUTLET: {"skus": SKUS, "rate": "19", "reduced_rate": "7", "two_rates": 0.01},
    SOUTH: {"skus": tuple(sku for sku in SKUS if sku != MISSING_SKU), "two_rates": 0.01},
}
"""Two rates on one line are rare, and an ERP's tax group cannot tell their shares: finance has to look at each."""
LATE_ENOUGH, WRITER, CANCELLED = "DOUBT-LATE", "DOUBT-WRITER", "DOUBT-LOST"


ROUNDS = ((0, 10), (10, 5), (18, 5), (28, 5))
FAST_ROUNDS = ((0, 4), (12, 3), (30, 4))
QUIET_ROUNDS = tuple((10 * number, 11) for number in range(12))
"""A day without faults: as many orders, evenly."""


class Deed(Protocol):
    async def play(self, stage: Stage) -> None: ...


BY_HAND: Mapping[str, Deed] = {
    "delete_order": DeleteOrder(),
    "cancel_line": CancelLine(),
    "correct_slip": CorrectSlip(),
    "price_book": FlagTurned(12),
}
"""By the sandbox's control, as `DemoErp.lacks` names what cannot be done."""


@dataclass(frozen=True, slots=True)
class Act:
    """`minute` counts from the opening, in the day's own time."""

    minute: float
    deed: Deed


def script(seed: int, *, erp: DemoErp = FINANCE_SUPPLY_CHAIN, fast: bool = False, faults: bool = True) -> Sequence[Act]:
    """In the order of their times. `fast`: a shorter day with the same dangers. Without `faults` only shoppers act."""
    chance = random.Random(f"script {seed}")
    if not faults:
        return [*_shoppers(chance, QUIET_ROUNDS[: 3 if fast else None])]
    acts = [*_shoppers(chance, FAST_ROUNDS if fast else ROUNDS), Act(2, _unmapped(chance))]
    acts += _fast_dangers(chance, erp) if fast else _dangers(chance, erp)
    return sorted(acts, key=lambda act: act.minute)


def placed(acts: Sequence[Act]) -> int:
    """How many orders the script places."""
    return sum(act.deed.total for act in acts if isinstance(act.deed, Place))


def _shoppers(chance: random.Random, rounds: Sequence[tuple[float, int]]) -> Iterator[Act]:
    """A round is a minute and how many orders each shop gets then, at least."""
    yield Act(0, Place(NORTH, _seed(chance), orders=(_followed(),), sentence=f"{FOLLOWED} is placed: follow it above"))
    for minute, count in rounds:
        for shop in (NORTH, OUTLET, SOUTH):
            yield Act(minute, _place(chance, shop, count + chance.randrange(3)))


def _dangers(chance: random.Random, erp: DemoErp) -> Iterator[Act]:
    yield from _after(6, lost_answers(chance, erp))
    yield from _doubt(4, 16, CANCELLED, CancelledInDoubt(CANCELLED, late=False))
    yield from _doubt(4, 22, LATE_ENOUGH, CancelledInDoubt(LATE_ENOUGH, late=True))
    yield Act(20, Cancel(3, UNPAID, "before payment"))
    yield Act(24, WrongKey(14))
    yield Act(26, _place(chance, OUTLET, 6))
    yield Act(32, Outage("mirakl", 10))
    yield Act(36, TellLost())
    yield from _restart(44, chance, {NORTH: 120, OUTLET: 50, SOUTH: 80})
    yield from _after(62, nonsense())
    yield Act(100, ImportMissingItem())
    yield from _after(110, on_the_way_back(chance, erp))
    yield Act(126, Outage("erp", 60))
    for minute in (130, 142, 154):
        yield from (Act(minute, _place(chance, shop, 6)) for shop in (NORTH, OUTLET, SOUTH))
    yield Act(168, Touch(150))
    yield Act(190, ShipUnmapped())
    yield from _two_workers(192, chance)
    yield from _people(erp, {"price_book": 88})
    yield from _people(erp, {"delete_order": 194, "cancel_line": 196, "correct_slip": 200})
    yield Act(206, Cancel(2, ("SHIPPING",), "after payment"))
    yield Act(208, Cancel(3, ("SHIPPING",), "after payment", part=True))
    yield Act(226, ImportMissingCarrier())


def _fast_dangers(chance: random.Random, erp: DemoErp) -> Iterator[Act]:
    """About 45 seconds: every danger from which a rule of the bridge protects, and few orders."""
    yield from _after(4, lost_answers(chance, erp))
    yield from _doubt(2, 14, CANCELLED, CancelledInDoubt(CANCELLED, late=False))
    yield from _doubt(2, 22, LATE_ENOUGH, CancelledInDoubt(LATE_ENOUGH, late=True))
    yield Act(20, TellLost())
    yield Act(26, ImportMissingItem())
    yield from _after(28, on_the_way_back(chance, erp))
    yield Act(32, ShipUnmapped())
    yield Act(34, Outage("mirakl", 8))
    yield from _two_workers(36, chance, orders=4, apart=10)
    yield from _people(erp, {"price_book": 11})
    yield from _people(erp, {"delete_order": 62, "cancel_line": 64, "correct_slip": 66})
    yield Act(70, Cancel(1, ("SHIPPING",), "after payment"))
    yield Act(84, ImportMissingCarrier())


def _after(minute: float, mishaps: Mishaps) -> Iterator[Act]:
    return (Act(minute + later, deed) for later, deed in mishaps)


def _people(erp: DemoErp, minutes: Mapping[str, float]) -> Iterator[Act]:
    """What people do in the ERP, each act by its control."""
    for control, minute in minutes.items():
        why = erp.lacks.get(control)
        yield Act(minute, BY_HAND[control] if why is None else NoSuchThing(why))


def _doubt(placed: float, minute: float, order_id: str, deed: Deed) -> Iterator[Act]:
    yield Act(placed, Place(SOUTH, 1, orders=(wanted(order_id),)))
    yield Act(minute, deed)


def _restart(minute: float, chance: random.Random, orders: Mapping[str, int]) -> Iterator[Act]:
    yield Act(minute, StopWorker())
    for shop, count in orders.items():
        yield Act(minute + 2, _place(chance, shop, count))
    yield Act(minute + 8, StartWorker("The worker starts again: {waiting} orders wait for acceptance"))


def _two_workers(minute: float, chance: random.Random, *, orders: int = 8, apart: float = 14) -> Iterator[Act]:
    """One is killed while Mirakl's answers are on their way, then two share the queues and one dies while it writes."""
    yield Act(minute, Place(SOUTH, 1, orders=(wanted(WRITER),)))
    for shop in (NORTH, OUTLET, SOUTH):
        yield Act(minute, _place(chance, shop, orders))
    yield Act(minute + 0.1, KillWorker())
    yield Act(minute + 1, EverythingTwice(on=True))
    yield Act(minute + apart, StartWorker("Two workers share the queues", second=True))
    yield Act(minute + apart + 4, KilledWhileWriting(WRITER))
    yield Act(minute + apart + 14, EverythingTwice(on=False))


def _place(chance: random.Random, shop: str, count: int) -> Place:
    return Place(shop, _seed(chance), count, MIXES[shop])


def _seed(chance: random.Random) -> int:
    return chance.randrange(1, 10**6)


def _followed() -> Mapping[str, Any]:
    lines = [
        {"sku": "SKU-001", "quantity": 3, "unit_price": "19.99", "shipping_price": "4.90"},
        {"sku": "SKU-018", "unit_price": "49.00", "fees": {"HANDLING": "1.50"}},
    ]
    return {"id": FOLLOWED, "lines": lines, "shipping_type": "EXP"}


def _unmapped(chance: random.Random) -> Place:
    mix = {**MIXES[SOUTH], "skus": (MISSING_SKU,)}
    return Place(SOUTH, _seed(chance), 3, mix, sentence=f"{{total}} orders of {MISSING_SKU}, which nobody has mapped")
