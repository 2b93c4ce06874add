"""What people see while the day runs, read from the books and journals of the sandboxes every few seconds."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import httpx

from local import demo
from local.day.stage import Stage
from local.verdict import moment

Light = Literal["up", "failing", "down", "quiet"]
_RECENT = 6
_EVERY = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """A marketplace: how many orders were placed, accepted, are in the ERP, left there as a whole, and are SHIPPED."""

    name: str
    placed: int = 0
    accepted: int = 0
    in_erp: int = 0
    left: int = 0
    shipped: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """The order that has used most of its acceptance window; `share` is 0 to 1."""

    order_id: str
    share: float
    minutes: float


@dataclass(frozen=True, slots=True)
class View:
    now: datetime
    rows: tuple[Row, ...] = ()
    oldest: Waiting | None = None
    waiting: int = 0
    mirakl: Light = "quiet"
    erp: Light = "quiet"
    workers: int = 0
    bus: Mapping[str, int] = field(default_factory=dict)
    followed: tuple[str, ...] = ()
    exceptions: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Observer:
    """`view` is the latest; `watch` keeps it fresh until it is cancelled."""

    stage: Stage
    followed: str
    view: View = field(init=False)

    def __post_init__(self) -> None:
        self.view = View(self.stage.now(), tuple(Row(name) for name in demo.PREFIXES))

    async def watch(self) -> None:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                await self.look()
            await asyncio.sleep(_EVERY)

    async def look(self) -> View:
        stage = self.stage
        orders = await stage.overview()
        books = await stage.erp.books()
        counts = await stage.broker.counts()
        stand = Counter(str(one["kind"]) for one in await stage.tables.open_exceptions())
        waiting = [one for one in orders if one["state"] == "WAITING_ACCEPTANCE"]
        now = stage.now()
        self.view = View(
            now=now,
            rows=tuple(rows(orders, books)),
            oldest=oldest(waiting, now),
            waiting=len(waiting),
            mirakl=light(await stage.mirakl.read_journal()),
            erp=light(await stage.erp.read_journal()),
            workers=len(stage.stack.hosts),
            bus={what: sum(one[what] for one in counts.values()) for what in ("active", "locked", "scheduled")},
            followed=tuple(story(self.followed, orders, books)),
            exceptions=stand,
        )
        return self.view


def rows(orders: Sequence[Mapping[str, Any]], books: Mapping[str, Any]) -> list[Row]:
    created = _by_prefix(books["orders"])
    left = _by_prefix(order for order in books["orders"] if order["shipped_at"])
    found = []
    for name, prefix in demo.PREFIXES.items():
        own = [order for order in orders if order["platform"] == name]
        accepted, shipped = (sum(bool(order[what]) for order in own) for what in ("accepted", "shipped_at"))
        found.append(Row(name, len(own), accepted, created[prefix], left[prefix], shipped))
    return found


def _by_prefix(orders: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(str(order["reference"]).partition("-")[0] for order in orders)


def oldest(waiting: Sequence[Mapping[str, Any]], now: datetime) -> Waiting | None:
    """By the share of its window: marketplaces have windows of different lengths."""
    found = [
        Waiting(
            str(order["order_id"]),
            (now - moment(order["placed"])) / (moment(order["window_end"]) - moment(order["placed"])),
            (now - moment(order["placed"])).total_seconds() / 60,
        )
        for order in waiting
    ]
    return max(found, key=lambda one: one.share, default=None)


def light(journal: Sequence[Mapping[str, Any]]) -> Light:
    """By the last few calls, as the other side answered them."""
    recent = journal[-_RECENT:]
    bad = sum(call["status"] == 0 or call["status"] in {401, 403, 429} or call["status"] >= 500 for call in recent)
    if not recent:
        return "quiet"
    return "down" if bad == len(recent) else "failing" if bad else "up"


def story(order_id: str, orders: Sequence[Mapping[str, Any]], books: Mapping[str, Any]) -> list[str]:
    """One order from placing to the end, as both books tell it."""
    order = next((one for one in orders if one["order_id"] == order_id), None)
    if order is None:
        return []
    told = [f"placed {_time(order['placed'])}"]
    if order["accepted"]:
        told.append(f"accepted {_time(order['decided_at'])}")
    told += [f"paid {_time(one['at'])}" for one in order["history"] if one["state"] == "SHIPPING"][:1]
    for created in books["orders"]:
        if created["reference"].endswith(f"-{order_id}"):
            told.append(f"in the ERP {_time(created['created'])} as {created['number']}")
            totals = created["totals"]
            told.append(f"its total there {totals['total']}" if totals else "its total there is not calculated yet")
    left = [_time(one["created"]) for one in books["shipments"] if one["reference"].endswith(f"-{order_id}")]
    told += [f"left {', '.join(left)}"] if left else []
    told += [f"SHIPPED {_time(order['shipped_at'])}"] if order["shipped_at"] else []
    return told


def _time(at: Any) -> str:
    return f"{moment(at):%H:%M}"
