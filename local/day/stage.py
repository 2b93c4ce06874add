"""What every act of the day is played on: the stack, both sandboxes, the clock, and the news that people read."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from local.day.controls import Broker, Side
from local.day.sandboxes import Clock
from local.day.tables import OwnTables
from local.demo.demo_erp import DemoErp
from local.stack import Stack

T = TypeVar("T")
_GLANCE_SECONDS = 0.03


@dataclass
class News:
    """Short sentences with their time in the day; `tell` prints them where there is no screen."""

    tell: Callable[[str], None] | None = None
    lines: deque[tuple[datetime, str]] = field(default_factory=lambda: deque(maxlen=200))

    def say(self, at: datetime, text: str) -> None:
        self.lines.append((at, text))
        if self.tell is not None:
            self.tell(f"{at:%H:%M}  {text}")


@dataclass
class Stage:
    """`demo` says which ERP it is that stands behind `erp`. `opening` is when the first shopper may order. `folder`
    holds the run's settings file and logs. `patience` is how long an act waits for what it needs, in wall seconds.
    """

    demo: DemoErp
    stack: Stack
    mirakl: Side
    erp: Side
    broker: Broker
    tables: OwnTables
    clock: Clock
    chance: random.Random
    folder: Path
    patience: float = 90.0
    news: News = field(default_factory=News)
    opening: datetime = field(init=False)
    erp_is_off: bool = False
    twice: bool = False

    def __post_init__(self) -> None:
        self.opening = self.now()

    def now(self) -> datetime:
        return self.clock.at(datetime.now(UTC))

    def say(self, text: str) -> None:
        self.news.say(self.now(), text)

    async def reach(self, minute: float) -> None:
        """Wait until so many minutes after the opening."""
        left = self.opening + timedelta(minutes=minute) - self.now()
        await asyncio.sleep(max(0.0, left.total_seconds() / self.clock.accelerate))

    async def pass_time(self, span: timedelta) -> None:
        await asyncio.sleep(span.total_seconds() / self.clock.accelerate)

    async def overview(self) -> list[Mapping[str, Any]]:
        """Mirakl's orders since the opening of the books, in few words each."""
        found: list[Mapping[str, Any]] = await self.mirakl.do("overview")
        return [order for order in found if datetime.fromisoformat(order["placed"]) >= self.clock.epoch]


def counted(number: int, what: str) -> str:
    """`no order`, `1 order`, `2 orders`."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


async def until(event: Callable[[], Awaitable[T]], *, patience: float, glance: float = _GLANCE_SECONDS) -> T | None:
    """What `event` answers, as soon as it is true; None after `patience` wall seconds."""
    try:
        async with asyncio.timeout(patience):
            while not (happened := await event()):  # noqa: ASYNC110 -- it happens in another process
                await asyncio.sleep(glance)
            return happened
    except TimeoutError:
        return None
