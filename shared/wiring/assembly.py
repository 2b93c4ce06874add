"""The bridge as one object: every step with the ports it asks for, whatever stands behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from shared.bus.queues import QUEUES
from shared.errors import BridgeError, Transient
from shared.flows import acknowledge_order, create_order, poll_orders, requeue, watch
from shared.model.keys import ERP_SCOPE, OrderKey, operation_scope, shop_scope
from shared.model.outcome import Blocked, Done, Later, Outcome
from shared.model.shop import Shop
from shared.model.steps import Delivery, StepMessage
from shared.ports.erp import SalesOrders
from shared.ports.marketplace import Acceptance, OrderExport, OrderReader, Orders, Platform
from shared.ports.own import (
    Audit,
    CallBudget,
    Clock,
    Cursors,
    DeadLetters,
    Exceptions,
    Lists,
    Mappings,
    Outbox,
    Pauses,
    Progress,
    WorkList,
)
from shared.rules import retry
from shared.settings import Settings
from shared.wiring import gate
from shared.wiring.daily import DailyPlatform

PollPorts = poll_orders.Ports
RequeuePorts = requeue.Ports
CLAIM_MARGIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class MarketplacePorts:
    """One shop's side of Mirakl."""

    orders: Orders
    export: OrderExport
    acceptance: Acceptance
    platform: Platform


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that is different between Azure, one machine and a simulation."""

    clock: Clock
    progress: Progress
    work: WorkList
    exceptions: Exceptions
    cursors: Cursors
    budget: CallBudget
    pauses: Pauses
    mappings: Mappings
    lists: Lists
    audit: Audit
    outbox: Outbox
    dead_letters: DeadLetters
    marketplace: Callable[[Shop], MarketplacePorts]
    sales_orders: SalesOrders
    reader: OrderReader
    jitter: Callable[[], float]
    token: Callable[[], str]


@dataclass(slots=True)
class Bridge:
    settings: Settings
    parts: Parts
    shops: Mapping[str, MarketplacePorts]
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def clock(self) -> Clock:
        return self.parts.clock

    @property
    def progress(self) -> Progress:
        return self.parts.progress

    @property
    def pauses(self) -> Pauses:
        return self.parts.pauses

    @property
    def outbox(self) -> Outbox:
        return self.parts.outbox

    @property
    def jitter(self) -> Callable[[], float]:
        return self.parts.jitter

    @staticmethod
    def scopes(message: StepMessage) -> Sequence[str]:
        """What must not be paused for this step to be tried."""
        match message.step:
            case "poll_orders":
                return (shop_scope(message.shop), operation_scope(message.shop, "OR11"))
            case "acknowledge_order":
                return (shop_scope(message.shop), operation_scope(message.shop, "OR21"))
            case _:
                return (ERP_SCOPE,)

    async def ask_for_polls(self) -> None:
        """One message a shop: one slow shop delays no other."""
        await self.outbox.send([StepMessage("poll_orders", shop) for shop in self.settings.shops])

    async def poll_orders(self, message: StepMessage, delivery: Delivery) -> Outcome:  # noqa: ARG002 -- any delivery is as good
        shop = self.settings.shops.get(message.shop)
        if shop is None:
            return Done("the shop is not in MARKETPLACES any more", answered=False)
        try:
            wait = await poll_orders.run(shop, policy=self.settings.policy, ports=self._poll_ports(shop))
        except Transient as problem:
            if not problem.scope.startswith(shop_scope(shop.id)):
                return Later(retry.FIRST, str(problem))
            return Blocked(problem.scope, str(problem), None, type(problem).__name__, problem.retry_after)
        if message.attempt == 1 and timedelta(0) < wait <= shop.marketplace.or11_minimum_interval / 2:
            # The timer came a little before the call limit allows: come back then (once), not an interval later.
            await self.outbox.later(replace(message, attempt=2), wait)
        return Done("the call limit says not yet", answered=False) if wait else Done("polled")

    async def acknowledge_order(self, message: StepMessage, delivery: Delivery, lines: tuple[str, ...] = ()) -> Outcome:
        return await acknowledge_order.run(
            message,
            delivery,
            acceptance=self.shops[self._known(message).id].acceptance,
            progress=self.progress,
            work=self.parts.work,
            clock=self.clock,
            lines=lines,
        )

    async def create_order(self, message: StepMessage, delivery: Delivery) -> Outcome:
        shop = self._known(message)
        ports = create_order.Ports(
            sales_orders=self.sales_orders(shop),
            reader=self.parts.reader,
            platform=self.shops[shop.id].platform,
            progress=self.progress,
            mappings=self.parts.mappings,
            clock=self.clock,
        )
        claiming = create_order.Claiming(self.parts.token(), self._claim_length(), self.jitter)
        try:
            return await create_order.run(
                message, delivery, shop=shop, policy=self.settings.policy, ports=ports, claiming=claiming
            )
        except Transient as problem:
            # Our own tables or queues: there is nothing to pause, and a claim makes another look safe.
            return Later(retry.FIRST, str(problem))

    async def watch(self) -> None:
        ports = watch.Ports(
            progress=self.progress,
            work=self.parts.work,
            outbox=self.outbox,
            dead_letters=self.parts.dead_letters,
            pauses=self.pauses,
            sales_orders=self.sales_orders,
            clock=self.clock,
        )
        await watch.run(self.settings.shops, QUEUES, policy=self.settings.policy, ports=ports)

    async def requeue(self, key: OrderKey, *, who: str) -> Sequence[StepMessage]:
        return await requeue.run(key, who=who, ports=self.requeue_ports())

    def requeue_ports(self) -> RequeuePorts:
        return RequeuePorts(self.progress, self.outbox, self.clock)

    def sales_orders(self, shop: Shop) -> SalesOrders:
        return gate.sales_orders(self.parts.sales_orders, shop, self.parts.audit)

    def _known(self, message: StepMessage) -> Shop:
        """An order of a shop that left the settings is not dropped: its message ends as a dead letter with a record."""
        shop = self.settings.shops.get(message.shop)
        if shop is None:
            raise BridgeError(f"shop {message.shop!r} has open orders: keep it in MARKETPLACES until they are done")
        return shop

    def _claim_length(self) -> timedelta:
        """Longer than the calls of one placing: token, write, look-up and read back, each up to the HTTP time-out."""
        calls = 4
        return retry.claim_length(
            self.settings.http_timeout_seconds * calls, acceleration=self.settings.accelerate, margin=CLAIM_MARGIN
        )

    def _poll_ports(self, shop: Shop) -> PollPorts:
        side = self.shops[shop.id]
        return PollPorts(
            orders=side.orders,
            export=side.export,
            progress=self.progress,
            work=self.parts.work,
            cursors=self.parts.cursors,
            budget=self.parts.budget,
            outbox=self.outbox,
            accept_now=partial(_accept_now, self),
            clock=self.clock,
        )


async def _accept_now(whole: Bridge, message: StepMessage, lines: tuple[str, ...]) -> Outcome:
    return await whole.acknowledge_order(message, Delivery(), lines)


def assemble(settings: Settings, parts: Parts) -> Bridge:
    shops = {shop.id: _gated(parts.marketplace(shop), shop, parts) for shop in settings.shops.values()}
    return Bridge(settings, parts, shops)


def _gated(side: MarketplacePorts, shop: Shop, parts: Parts) -> MarketplacePorts:
    return MarketplacePorts(
        orders=side.orders,
        export=side.export,
        acceptance=gate.acceptance(side.acceptance, shop, parts.audit),
        platform=DailyPlatform(side.platform, shop, parts.lists),
    )
