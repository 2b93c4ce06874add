"""The bridge as one object: every step with the ports it asks for, whatever stands behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from shared.bus.queues import QUEUES
from shared.errors import BridgeError, Resting, Transient
from shared.flows import (
    acknowledge_order,
    change_order,
    check_carriers,
    confirm_shipment,
    create_order,
    outages,
    poll_orders,
    requeue,
    watch,
)
from shared.model.keys import BRIDGE_SHOP, ERP_SCOPE, ORDERS_SCOPE, OrderKey, operation_scope, shop_scope
from shared.model.outcome import Blocked, Done, Later, Outcome
from shared.model.policy import ShippingPolicy
from shared.model.shop import Shop
from shared.model.steps import Delivery, StepMessage
from shared.ports.erp import SalesOrders
from shared.ports.marketplace import (
    Carriers,
)
from shared.ports.own import (
    Clock,
    Outbox,
    Pauses,
    Progress,
)
from shared.rules import retry
from shared.settings import Settings
from shared.wiring import gate, way_back
from shared.wiring.daily import DailyCarriers, DailyPlatform
from shared.wiring.parts import MarketplacePorts, Parts
from shared.wiring.table_parts import HELD_FOR

PollPorts = poll_orders.Ports
RequeuePorts = requeue.Ports
ChangePorts = change_order.Ports
Claiming = create_order.Claiming
CLAIM_MARGIN = timedelta(minutes=2)
CUSTOMER_CALLS = 3
"""A look, the creation, and a look at what became of it."""
SHIPPING_CALLS = 4
"""ST11 for what is in doubt, ST01, ST23 and ST24."""
_SHIPPING = ("OR23", "OR24", "ST01", "ST11", "ST23", "ST24", "PC01", "SH21")
"""Every operation that confirm_shipment calls: a pause of one that is not named here would never be ended."""


@dataclass(slots=True)
class Bridge:
    settings: Settings
    parts: Parts
    shops: Mapping[str, MarketplacePorts]
    lost: Counter[str] = field(default_factory=Counter)
    probed: dict[str, int] = field(default_factory=dict)

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

    @property
    def shipping(self) -> ShippingPolicy:
        return way_back.policy(self)

    @staticmethod
    def scopes(message: StepMessage) -> Sequence[str]:
        """What must not be paused for this step to be tried."""
        match message.step:
            case "poll_orders":
                return (shop_scope(message.shop), operation_scope(message.shop, "OR11"))
            case "acknowledge_order":
                return (shop_scope(message.shop), operation_scope(message.shop, "OR21"))
            case "confirm_shipment":
                return (shop_scope(message.shop), *(operation_scope(message.shop, one) for one in _SHIPPING))
            case "create_order":
                return (ERP_SCOPE, ORDERS_SCOPE, operation_scope(message.shop, "PC01"))
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
            changes=gate.changes(self.parts.changes, shop, self.parts.audit),
            customers=gate.customers(self.parts.customers, shop, self.parts.audit),
            reader=self.parts.reader,
            platform=self.shops[shop.id].platform,
            progress=self.progress,
            mappings=self.parts.mappings,
            numbers=self.parts.numbers,
            probed=self.probed,
            accounts=self.parts.accounts,
            clock=self.clock,
        )
        can = self.parts.sales_orders.capabilities
        ensured = shop.marketplace.customers == "per_shopper" and can.shoppers == "ensured"
        claiming = self._claiming(can.calls + (CUSTOMER_CALLS if ensured else 0))
        try:
            outcome = await create_order.run(
                message,
                delivery,
                shop=shop,
                policy=self.settings.policy,
                shipping=self.shipping,
                ports=ports,
                claiming=claiming,
            )
            return await self._with_lists(outcome, shop, "PC01")
        except Transient as problem:
            # Our own tables or queues: there is nothing to pause, and a claim makes another look safe.
            return Later(retry.FIRST, str(problem))

    async def ask_for_shipments(self) -> None:
        """One message a company: each is a list of its own in the ERP. Then the files that warehouses dropped."""
        await self.outbox.send([StepMessage("poll_shipments", BRIDGE_SHOP, company) for company in self._companies()])
        await way_back.despatch_files(self)

    async def poll_shipments(self, message: StepMessage, delivery: Delivery) -> Outcome:  # noqa: ARG002 -- any delivery is as good
        shops = self._companies().get(message.order)
        if not shops:
            return Done("no shop sells for this company any more", answered=False)
        try:
            whole = await way_back.poll(self, message.order, shops)
        except Transient as problem:
            if problem.scope != ERP_SCOPE:
                return Later(retry.FIRST, str(problem))
            return Blocked(problem.scope, str(problem), None, type(problem).__name__, problem.retry_after)
        return Done("polled" if whole else "polled; more follows")

    async def confirm_shipment(self, message: StepMessage, delivery: Delivery) -> Outcome:
        shop = self._known(message)
        side = self.shops[shop.id]
        ports = confirm_shipment.Ports(
            shipping=side.shipping,
            multi=side.multi_shipping,
            platform=side.platform,
            carriers=self.carriers(shop),
            reader=self.parts.reader,
            progress=self.progress,
            work=self.parts.work,
            mappings=self.parts.mappings,
            clock=self.clock,
        )
        claiming = self._claiming(SHIPPING_CALLS)
        try:
            outcome = await confirm_shipment.run(
                message, delivery, shop=shop, policy=self.shipping, ports=ports, claiming=claiming
            )
            return await self._with_lists(outcome, shop, "PC01", "SH21")
        except Transient as problem:
            return Later(retry.FIRST, str(problem))

    async def change_order(self, message: StepMessage, delivery: Delivery) -> Outcome:
        shop = self._known(message)
        claiming = self._claiming(self.parts.sales_orders.capabilities.calls)
        try:
            return await change_order.run(
                message,
                delivery,
                shop=shop,
                policy=self.shipping,
                ports=self._change_ports(shop),
                claiming=claiming,
            )
        except Transient as problem:
            return Later(retry.FIRST, str(problem))

    async def look_at_erp(self) -> None:
        """What became of the open orders in the ERP; while it is down there is nothing to see."""
        if await self.pauses.standing([ERP_SCOPE]):
            return
        asked = 0
        try:
            for company, shops in self._companies().items():
                looking, ports = way_back.looking(self, shops), self._change_ports(shops[0])
                asked += (await change_order.look(company, shops, looking=looking, ports=ports)).asked
        except Resting:
            return
        if asked:
            # This may have been the probe; where no order is open, nobody has answered.
            await outages.over(ERP_SCOPE, pauses=self.pauses, progress=self.progress)

    async def watch(self) -> None:
        ports = watch.Ports(
            progress=self.progress,
            work=self.parts.work,
            exceptions=self.parts.exceptions,
            outbox=self.outbox,
            dead_letters=self.parts.dead_letters,
            pauses=self.pauses,
            budget=self.parts.budget,
            sales_orders=self.sales_orders,
            order_numbers=lambda shop: self.shops[shop.id].order_numbers,
            check_carriers=self.check_carriers,
            clock=self.clock,
        )
        await watch.run(self.settings.shops, QUEUES, policy=self.settings.policy, shipping=self.shipping, ports=ports)

    async def check_carriers(self, shop: Shop) -> None:
        ports = check_carriers.Ports(
            carriers=self.carriers(shop),
            lists=self.parts.lists,
            mappings=self.parts.mappings,
            progress=self.progress,
            clock=self.clock,
        )
        await check_carriers.run(shop, ports=ports)

    async def requeue(self, key: OrderKey, *, who: str) -> Sequence[StepMessage]:
        return await requeue.run(key, who=who, ports=self.requeue_ports())

    def requeue_ports(self) -> RequeuePorts:
        return RequeuePorts(self.progress, self.outbox, self.clock, HELD_FOR * self.settings.accelerate)

    def carriers(self, shop: Shop) -> Carriers:
        return DailyCarriers(self.shops[shop.id].lists, shop, self.parts.lists)

    def sales_orders(self, shop: Shop) -> SalesOrders:
        return gate.sales_orders(self.parts.sales_orders, shop, self.parts.audit)

    def _known(self, message: StepMessage) -> Shop:
        """An order of a shop that left the settings is not dropped: its message ends as a dead letter with a record."""
        shop = self.settings.shops.get(message.shop)
        if shop is None:
            raise BridgeError(f"shop {message.shop!r} has open orders: keep it in MARKETPLACES until they are done")
        return shop

    async def _with_lists(self, outcome: Outcome, shop: Shop, *operations: str) -> Outcome:
        """What came to its end had these lists: an outage of theirs is over."""
        if isinstance(outcome, Done) and outcome.answered:
            for operation in operations:
                scope = operation_scope(shop.id, operation)
                await outages.over(scope, pauses=self.pauses, progress=self.progress)
        return outcome

    def _companies(self) -> Mapping[str, Sequence[Shop]]:
        found: dict[str, list[Shop]] = {}
        for shop in self.settings.shops.values():
            found.setdefault(shop.company, []).append(shop)
        return found

    def _change_ports(self, shop: Shop) -> ChangePorts:
        return ChangePorts(
            sales_orders=self.sales_orders(shop),
            changes=gate.changes(self.parts.changes, shop, self.parts.audit),
            progress=self.progress,
            work=self.parts.work,
            reader=self.parts.reader,
            clock=self.clock,
        )

    def _claiming(self, calls: int) -> Claiming:
        """A claim outlasts so many calls, each up to the HTTP time-out."""
        length = retry.claim_length(
            self.settings.http_timeout_seconds * calls, acceleration=self.settings.accelerate, margin=CLAIM_MARGIN
        )
        return Claiming(self.parts.token(), length, self.jitter)

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
        shipping=gate.shipping(side.shipping, shop, parts.audit),
        multi_shipping=gate.multi_shipping(side.multi_shipping, shop, parts.audit),
        order_numbers=gate.order_numbers(side.order_numbers, shop, parts.audit),
        lists=side.lists,
    )
