"""How much of the bare calls' throughput is left when the real step makes them, and what it costs in CPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver

from bench.bare import BareAcceptance
from bench.real_side import RealSide, Seen, real_side
from bench.receiving import Handle, Took, consume
from functions import settling
from shared.bus.outbox import connect
from shared.wiring import Bridge

QUEUE = "acknowledge-order"
AIM = 0.8
WARM_UP = 16


@dataclass(frozen=True, slots=True)
class Received:
    """What a trigger sees of a message."""

    message: ServiceBusReceivedMessage

    @property
    def delivery_count(self) -> int:
        return (self.message.delivery_count or 0) + 1

    def get_body(self) -> bytes:
        return b"".join(self.message.body)


@dataclass(frozen=True, slots=True)
class Run:
    """What it took here, and what the other sides saw meanwhile."""

    took: Took
    seen: Seen


@dataclass(frozen=True, slots=True)
class Ratio:
    """One run after the other: `step` and `bare` alternate."""

    step: Sequence[Run]
    bare: Sequence[Run]

    @property
    def ratios(self) -> Sequence[float]:
        pairs = zip(self.step, self.bare, strict=True)
        return [ours.took.per_second / theirs.took.per_second for ours, theirs in pairs]

    @property
    def median(self) -> float:
        return median(self.ratios)


async def measure(folder: Path, *, orders: int, runs: int) -> Ratio:
    """`orders` acceptances a run, after one short run of each that is not counted."""
    async with real_side(folder, access_log=True) as side, BareAcceptance(side) as bare:
        client = connect(connection=side.settings["ServiceBusConnection"])
        async with client, client.get_queue_receiver(QUEUE) as receiver:
            handles = (through(side.bridge), bare.handle)
            for handle in handles:
                await _run(side, receiver, WARM_UP, handle)
            taken: tuple[list[Run], list[Run]] = ([], [])
            for run in range(runs):
                # Whoever goes first changes, so that a machine that gets slower or faster favours neither.
                for which in (0, 1) if run % 2 == 0 else (1, 0):
                    taken[which].append(await _run(side, receiver, orders, handles[which]))
    return Ratio(*taken)


def through(bridge: Bridge) -> Handle:
    """The real step: everything between the trigger and the settlement."""

    async def handle(message: ServiceBusReceivedMessage) -> None:
        await settling.settle(Received(message), QUEUE, bridge, bridge.acknowledge_order)

    return handle


async def _run(side: RealSide, receiver: ServiceBusReceiver, orders: int, handle: Handle) -> Run:
    await side.fill(orders)
    before = await side.seen()
    took = await consume(receiver, orders, handle)
    return Run(took, (await side.seen()).since(before))
