"""The worker's memory while it accepts thousands of orders: the real function app in a host process of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ratio import QUEUE
from bench.real_side import RealSide, real_side
from local.processes import ROOT, Child
from local.stack import HOST_READY
from shared.settings import NAMES

PORTION = 100
BACKLOG = 400
"""How many messages wait at most, so that the worker never waits for us and the queue never grows."""
EMPTIED_EVERY = 1000
"""The emulator's time grows with what it holds, and the worker's memory is what is measured."""
GLANCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Sample:
    """`resident` is in MiB."""

    orders: int
    resident: float


@dataclass(frozen=True, slots=True)
class Growth:
    """`start` is the worker that listens and has done nothing; `samples` follow in order, the last one at the end.

    `accepted` is what Mirakl says of it all.
    """

    wanted: int
    start: Sample
    samples: Sequence[Sample]
    seconds: float
    accepted: int

    @property
    def end(self) -> Sample:
        return self.samples[-1]

    @property
    def half(self) -> Sample:
        return min(self.samples, key=lambda sample: abs(sample.orders - self.end.orders / 2))

    @property
    def slope(self) -> float:
        """MiB per 1,000 orders over the second half, by least squares: what every thing loads once is behind it."""
        later = [sample for sample in self.samples if sample.orders >= self.end.orders / 2]
        middle = sum(sample.orders for sample in later) / len(later)
        level = sum(sample.resident for sample in later) / len(later)
        spread = sum((sample.orders - middle) ** 2 for sample in later)
        shared = sum((sample.orders - middle) * (sample.resident - level) for sample in later)
        return 1000 * shared / spread if spread else 0.0


async def measure(folder: Path, *, orders: int, seconds: float) -> Growth:
    """As many of `orders` as fit in `seconds`."""
    async with real_side(folder) as side:
        worker = await _worker(side)
        start, began = Sample(0, resident(worker.pid)), time.monotonic()
        samples: list[Sample] = []
        sent = 0
        while sent < orders and time.monotonic() - began < seconds:
            await side.fill(PORTION)
            sent += PORTION
            emptied = sent % EMPTIED_EVERY == 0
            done = await _accepted(side, sent if emptied else sent - BACKLOG)
            if emptied:
                await side.empty()
            samples.append(Sample(done, resident(worker.pid)))
        done = await _accepted(side, sent)
        samples.append(Sample(done, resident(worker.pid)))
        took = time.monotonic() - began
        accepted = await side.accepted()
    return Growth(orders, start, samples, took, accepted)


def resident(pid: int) -> float:
    """The process's resident set, in MiB."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) / 1024
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)  # noqa: S607
    return int(shown.stdout) / 1024


async def _accepted(side: RealSide, at_least: int) -> int:
    """Wait until the worker has settled so many; how many it has."""
    while (done := (await side.broker.counts())[QUEUE]["completed"]) < at_least:  # noqa: ASYNC110 -- in another process
        await asyncio.sleep(GLANCE_SECONDS)
    return done


async def _worker(side: RealSide) -> Child:
    argv = [sys.executable, "-m", "local.host", "--app", str(ROOT)]
    return await side.children.start("worker", argv, ready=HOST_READY, env={**_inherited(), **side.settings})


def _inherited() -> Mapping[str, str]:
    """Without app settings of the caller's own."""
    return {name: value for name, value in os.environ.items() if name not in NAMES and not name.startswith("SECRET_")}
