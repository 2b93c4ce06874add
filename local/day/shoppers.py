"""What shoppers do: order, cancel, and change their orders."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.day.stage import Stage, until

UNPAID = ("WAITING_ACCEPTANCE", "WAITING_DEBIT", "WAITING_DEBIT_PAYMENT")
SETTLED = ("SHIPPING", "SHIPPED")
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Place:
    """`count` drawn orders and `orders` as wanted, in a sandbox shop; the `seed` makes them the same each time."""

    shop: str
    seed: int
    count: int = 0
    mix: Mapping[str, Any] = field(default_factory=dict)
    orders: tuple[Mapping[str, Any], ...] = ()
    sentence: str = ""

    @property
    def total(self) -> int:
        return self.count + len(self.orders)

    async def play(self, stage: Stage) -> None:
        await stage.mirakl.do(
            "place", shop=self.shop, seed=self.seed, count=self.count, mix=dict(self.mix), orders=list(self.orders)
        )
        if self.sentence:
            stage.say(self.sentence.format(total=self.total))


@dataclass(frozen=True, slots=True)
class Cancel:
    """`count` orders in one of these states are cancelled; with `part`, only the first line of those with several."""

    count: int
    states: tuple[str, ...]
    when: str
    part: bool = False

    async def play(self, stage: Stage) -> None:
        books = await stage.mirakl.books()
        found = [order for order in books["orders"] if self._fits(order, stage)]
        chosen = stage.chance.sample(found, min(self.count, len(found)))
        for order in chosen:
            lines = [order["lines"][0]["id"]] if self.part else []
            await stage.mirakl.do("cancel", platform=order["platform"], order_id=order["order_id"], lines=lines)
        what = "one line of each of" if self.part else "the whole of"
        stage.say(f"Shoppers cancel {what} {len(chosen)} orders, {self.when}")

    def _fits(self, order: Mapping[str, Any], stage: Stage) -> bool:
        live = str(order["placed"]) >= stage.clock.epoch.isoformat() and not order["order_id"].startswith("DOUBT")
        return live and order["state"] in self.states and (not self.part or len(order["lines"]) > 1)


@dataclass(frozen=True, slots=True)
class Touch:
    """So many orders change at once in a way that a seller does not see."""

    count: int

    async def play(self, stage: Stage) -> None:
        calls = len([one for one in await stage.mirakl.read_journal() if one["operation"] == "OR11"])
        orders = [one for one in await stage.overview() if one["state"] in SETTLED][: self.count]
        for start in range(0, len(orders), _AT_ONCE):
            chunk = orders[start : start + _AT_ONCE]
            await asyncio.gather(
                *(stage.mirakl.do("touch", platform=one["platform"], order_id=one["order_id"]) for one in chunk)
            )
        polls = len([one for one in await stage.mirakl.read_journal() if one["operation"] == "OR11"]) - calls
        stage.say(f"{len(orders)} orders change at once ({polls} polls meanwhile): nothing is created again for it")


async def accepted(stage: Stage, order_id: str) -> bool:
    """Wait until that order is accepted and waits for its payment; False, and said so, if it never is."""

    async def event() -> bool:
        return any(one["order_id"] == order_id and one["accepted"] for one in await stage.overview())

    if await until(event, patience=stage.patience):
        return True
    stage.say(f"{order_id} was not accepted in time for its act")
    return False
