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
from local.demo.demo_erp import DemoErp
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
    children: Children,
    clock: Clock,
    world: World,
    erp: DemoErp,
    *,
    seed: int,
    warehouse: Mapping[str, Any] = MappingProxyType({}),
) -> Sandboxes:
    """Mirakl with this world, and the ERP with the demo's set-up; without a `warehouse` nothing leaves by itself."""
    mirakl, started = await asyncio.gather(
        _start(children, "mirakl", clock, written_world(world)), start_erp(children, clock, erp, seed, warehouse)
    )
    return Sandboxes(mirakl, started)


async def start_erp(
    children: Children, clock: Clock, erp: DemoErp, seed: int, warehouse: Mapping[str, Any] = MappingProxyType({})
) -> Child:
    settings = {**erp.world, **erp.exchange(children.folder).world, **warehouse, **erp.warehouse}
    return await _start(children, erp.kind, clock, settings, "--seed", str(seed))


def mirakl_world(
    epoch: datetime,
    windows: Mapping[str, timedelta],
    erp: DemoErp,
    *,
    seed: int,
    debit_delay: timedelta | None = None,
    multi_shipment: Collection[str] = (),
) -> World:
    """The demo's two marketplaces with these acceptance windows, as the ERP's client has them; `debit_delay` is how
    soon shoppers have paid, and those in `multi_shipment` take several shipments of an order.
    """
    world = mirakl_demo(epoch, seed=seed, multi_shipment=multi_shipment)
    platforms = tuple(
        replace(one, acceptance_window=windows[one.code], debit_delay=debit_delay or one.debit_delay)
        for one in demo.platforms(world, erp)
    )
    return replace(world, platforms=platforms)


async def _start(children: Children, name: str, clock: Clock, world: dict[str, Any], *more: str) -> Child:
    file = children.folder / f"{name}.world.json"
    file.write_text(json.dumps(world))
    argv = [sys.executable, "-m", f"sandboxes.{name}", "--port", "0", "--epoch", clock.epoch.isoformat()]
    argv += ["--accelerate", str(clock.accelerate), "--world", str(file), *more]
    return await children.start(name, argv, ready=READY)
