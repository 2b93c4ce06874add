"""`make run`: a trading day in two or three minutes, with faults switched on, and a statement at its end.

Environment: ERP=<kind> chooses the client's ERP, SEED=n plays that day again, FAST=1 a shorter one, FAULTS=0 one
without faults, SABOTAGE=<rule> one on a bridge that lacks this rule, STAY=1 keeps everything running afterwards. Exits
0 only if nothing was late, twice, lost or different.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sys
import time
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from rich.console import Console

from local import demo
from local.day import sandboxes
from local.day.by_hand import obey
from local.day.client import SETTINGS_FILE
from local.day.conductor import Ended, conduct
from local.day.controls import Broker, Side
from local.day.observer import Observer
from local.day.script import FOLLOWED, script
from local.day.stage import Stage
from local.day.tables import OwnTables
from local.keys import keys
from local.options import Options
from local.processes import WORK, ChildFailed, cancel_on_sigterm
from local.screen import Screen
from local.stack import SABOTAGED_APP, Stack
from local.statement import Day, clean, statement

ACCELERATE = 120.0
WINDOWS = {"north": timedelta(hours=4), "south": timedelta(hours=6)}
MULTI_SHIPMENT = ("south",)
FAST_WAREHOUSE = {
    "ships_after_seconds": 480,
    "ships_spread_seconds": 600,
    "rest_after_seconds": 480,
    "tracking_after_seconds": 480,
}
HTTP_TIMEOUT_SECONDS = 2.0
LOCK_SECONDS = 8.0
SCHEDULES = {
    "POLL_ORDERS_SCHEDULE": "0 */5 * * * *",
    "POLL_SHIPMENTS_SCHEDULE": "45 */10 * * * *",
    "CHANGE_ORDER_SCHEDULE": "15 */30 * * * *",
    "WATCH_SCHEDULE": "30 */10 * * * *",
}
"""Five minutes of the day are 2.5 s on the wall: a poll must end before the next one begins."""
WRONG, STOPPED = 2, 130
KEPT_RUNS = 10


def main() -> int:
    try:
        options = Options.read(os.environ)
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return WRONG
    try:
        return asyncio.run(_run(options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nStopped; nothing is left running.")
        return STOPPED
    except ChildFailed as problem:
        print(f"The stack did not start: {problem}", file=sys.stderr)
        return WRONG


async def _run(options: Options) -> int:
    cancel_on_sigterm()
    began = time.monotonic()
    folder = _folder(WORK / "runs")
    print(f"Starting the bridge, Table Storage, a Service Bus, Mirakl and {options.erp.title}", end=" ")
    print(f"(logs in {_short(folder)}) ...")
    async with AsyncExitStack() as held:
        stage = await _open(options, folder, held)
        print(f"Ready after {time.monotonic() - began:.1f} s.", flush=True)
        ended = await _play(options, stage)
        day = Day(
            options.seed,
            wall=time.monotonic() - began,
            trading=(stage.now() - stage.opening).total_seconds(),
            accelerate=ACCELERATE,
            faults=options.faults,
        )
        print("\n" + statement(day, ended), flush=True)
        print(f"This day again: make run {options.again}")
        if options.stay:
            await _stay(folder)
        return 0 if clean(ended) else 1


def _folder(runs: Path) -> Path:
    """A new one, named so that it sorts by its time; the oldest runs' logs go, but for those still running."""
    folder = runs / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}"
    folder.mkdir(parents=True)
    for old in sorted(runs.iterdir())[:-KEPT_RUNS]:
        if not _is_running(int(old.name.rpartition("-")[2])):
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _open(options: Options, folder: Path, held: AsyncExitStack) -> Stage:
    """Everything started, the tables filled, one worker listening."""
    clock = sandboxes.Clock(datetime.now(UTC), ACCELERATE)
    erp = options.erp
    stack = Stack(folder, lock_seconds=LOCK_SECONDS, demo=erp)
    if options.sabotage:
        stack.app = SABOTAGED_APP
    await held.enter_async_context(stack)
    world = sandboxes.mirakl_world(clock.epoch, WINDOWS, erp, seed=options.seed, multi_shipment=MULTI_SHIPMENT)
    outside = await sandboxes.start(
        stack.children,
        clock,
        world,
        erp,
        seed=options.seed,
        warehouse=demo.WAREHOUSE | (FAST_WAREHOUSE if options.fast else {}),
    )
    values = demo.settings(
        erp,
        mirakl=outside.mirakl_address,
        address=outside.erp_address,
        epoch=clock.epoch,
        windows=WINDOWS,
        accelerate=ACCELERATE,
        timeout=HTTP_TIMEOUT_SECONDS,
        terms=erp.day,
    )
    sabotage = {"SABOTAGE": options.sabotage} if options.sabotage else {}
    await stack.begin({**values, **SCHEDULES, **erp.exchange(folder).settings, **sabotage})
    (folder / SETTINGS_FILE).write_text(json.dumps({"IsEncrypted": False, "Values": dict(stack.environment)}, indent=2))
    await stack.start_host()
    http = await held.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
    tables = OwnTables(stack.connections["TABLES_CONNECTION"])
    held.push_async_callback(tables.close)
    return Stage(
        demo=erp,
        stack=stack,
        mirakl=Side(http, outside.mirakl_address),
        erp=Side(http, outside.erp_address),
        broker=Broker(http, stack.broker_status),
        tables=tables,
        clock=clock,
        chance=random.Random(f"acts {options.seed}"),
        folder=folder,
        patience=25.0 if options.fast else 90.0,
    )


async def _play(options: Options, stage: Stage) -> Ended:
    """The script, with whoever watches beside it."""
    acts = script(options.seed, erp=options.erp, fast=options.fast, faults=options.faults)
    observer = Observer(stage, FOLLOWED)
    screen = Screen(_title(options), stage.opening, observer, stage.news)
    console = Console()
    async with asyncio.TaskGroup() as beside, AsyncExitStack() as held:
        watching = [beside.create_task(observer.watch())]
        if console.is_terminal and sys.stdin.isatty():
            typed = held.enter_context(keys())
            watching += [beside.create_task(obey(stage, typed)), beside.create_task(screen.show(console))]
        else:
            stage.news.tell = _print
            watching.append(beside.create_task(screen.print_lines()))
        try:
            return await conduct(stage, acts)
        finally:
            for task in watching:
                task.cancel()


def _title(options: Options) -> str:
    words = [f"mirakl-erp-bridge, {options.erp.title}, trading day, seed {options.seed}"]
    words += [f"WITHOUT {options.sabotage}"] if options.sabotage else []
    return ", ".join(words)


def _print(text: str) -> None:
    print(text, flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(WORK.parent))


async def _stay(folder: Path) -> None:
    file = _short(folder / SETTINGS_FILE)
    print(
        f"""
Everything keeps running until Ctrl-C. Try in another terminal:
  ./bridge --settings {file} orders show {FOLLOWED}
  ./bridge --settings {file} exceptions list
  ./bridge --settings {file} mappings check items""",
        flush=True,
    )
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
