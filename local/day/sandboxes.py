"""The day's outside world: the two sandboxes as processes, on the day's clock."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from local import demo
from local.processes import Child, Children
from sandboxes.mirakl.world import World, written_world
from sandboxes.mirakl.worlds import demo as mirakl_demo

READY = r"^listening on (?P<port>\d+)$"


@dataclass(frozen=True, slots=True)
class Clock:
    """The scaled clock that every process of a run shares."""

    epoch: datetime
    accelerate: float

    def at(self, wall: datetime) -> datetime:
        return self.epoch + (wall - self.epoch) * self.accelerate


@dataclass(frozen=True, slots=True)
class Sandboxes:
    mirakl: Child
    erp: Child

    @property
    def mirakl_address(self) -> str:
        return f"http://127.0.0.1:{self.mirakl.port}"

    @property
    def erp_address(self) -> str:
        return f"http://127.0.0.1:{self.erp.port}"


async def start(
    children: Children, clock: Clock, world: World, *, seed: int, warehouse: Mapping[str, Any] = MappingProxyType({})
) -> Sandboxes:
    """Mirakl with this world, and the ERP with the demo's set-up; without a `warehouse` nothing leaves by itself."""
    mirakl, erp = await asyncio.gather(
        _start(children, "mirakl", clock, written_world(world)),
        _start(children, "finance_supply_chain", clock, {**demo.ERP_WORLD, **warehouse}, "--seed", str(seed)),
    )
    return Sandboxes(mirakl, erp)


def mirakl_world(
    epoch: datetime,
    windows: Mapping[str, timedelta],
    *,
    seed: int,
    debit_delay: timedelta | None = None,
    multi_shipment: Collection[str] = (),
) -> World:
    """The demo's two marketplaces with these acceptance windows; `debit_delay` is how soon shoppers have paid, and
    those in `multi_shipment` take several shipments of an order.
    """
    world = mirakl_demo(epoch, seed=seed, multi_shipment=multi_shipment)
    platforms = tuple(
        replace(one, acceptance_window=windows[one.code], debit_delay=debit_delay or one.debit_delay)
        for one in world.platforms
    )
    return replace(world, platforms=platforms)


async def _start(children: Children, name: str, clock: Clock, world: dict[str, Any], *more: str) -> Child:
    file = children.folder / f"{name}.world.json"
    file.write_text(json.dumps(world))
    argv = [sys.executable, "-m", f"sandboxes.{name}", "--port", "0", "--epoch", clock.epoch.isoformat()]
    argv += ["--accelerate", str(clock.accelerate), "--world", str(file), *more]
    return await children.start(name, argv, ready=READY)
