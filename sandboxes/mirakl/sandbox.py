"""The sandbox: lets time pass, finds the instance and the operation, checks key, role, shop and call limit, answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from sandboxes.mirakl.acceptance import or21
from sandboxes.mirakl.access import Call, Instance, find_instance, find_key, find_shop
from sandboxes.mirakl.assortment import Assortment
from sandboxes.mirakl.bodies import require_answer, require_json_body, require_length
from sandboxes.mirakl.carriers import Carriers
from sandboxes.mirakl.configuration import pc01
from sandboxes.mirakl.dates import to_millisecond
from sandboxes.mirakl.export import Exports
from sandboxes.mirakl.forms import require_form
from sandboxes.mirakl.limits import CallLimits
from sandboxes.mirakl.listing import or11
from sandboxes.mirakl.multi_shipment import MultiShipment
from sandboxes.mirakl.offer_export import wants_all
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.placing import Shoppers
from sandboxes.mirakl.platform import FULL_EXPORT
from sandboxes.mirakl.reference_lists import re01, sh21
from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.routes import Route, find_route
from sandboxes.mirakl.seller_references import or04
from sandboxes.mirakl.shipment_listing import st11
from sandboxes.mirakl.shipping import or24
from sandboxes.mirakl.shops import ApiKey
from sandboxes.mirakl.tally import DoubledOrder, IgnoredInput, Tally
from sandboxes.mirakl.tracking import or23
from sandboxes.mirakl.wishes import Placement
from sandboxes.mirakl.world import World
from sandboxes.wire import Request, Response


class MiraklSandbox:
    """Any number of instances behind one face. `start` is the time at which the world's earlier orders are placed."""

    def __init__(self, world: World, start: datetime) -> None:
        self.world = world
        self.now = to_millisecond(start)
        self.keys: list[ApiKey] = list(world.keys)
        self.assortment = Assortment(world, self.now)
        self.book = OrderBook(self.assortment.selling.follow)
        self.carriers = Carriers({platform.code: platform.carriers for platform in world.platforms})
        self.shipments = MultiShipment(self.book, self.carriers, random.Random(f"shipments {world.seed}"))
        self.exports = Exports(random.Random(world.seed))
        self.shoppers = Shoppers(self.book, self.assortment.selling, world.seed)
        self.tally = Tally()
        self._limits = CallLimits()
        for placement in world.earlier:
            self.place(placement)

    def operation(self, request: Request) -> str:
        instance = find_instance(self.world, request)
        try:
            return find_route(request.method, instance.path)[0].operation if instance else "unknown"
        except Refusal:
            return "unknown"

    def subject(self, request: Request) -> str:
        """The id in the path, else the order asked for, else the shop (`north/2001`) where the key is known."""
        instance = find_instance(self.world, request)
        try:
            subject = find_route(request.method, instance.path)[1] if instance else ""
            asked = request.parameter("order_ids") or request.parameter("order_id")
            return subject or asked or self._shop_label(request, instance)
        except Refusal:
            return ""

    def handle(self, request: Request, now: datetime) -> Response:
        self.advance(now)
        instance = find_instance(self.world, request)
        if instance is None:
            return Refusal(404, "No such instance").answer()
        try:
            return self._answer(request, instance)
        except Refusal as refusal:
            self.tally.answered(self._known_shop(request, instance), self.operation(request), refusal.status)
            return refusal.answer(instance.platform.error_shape)

    def advance(self, now: datetime) -> datetime:
        """Let everything happen that was due up to now, in its order; time only moves forward."""
        self.now = max(self.now, to_millisecond(now))
        while (when := self.assortment.due()) is not None and when <= self.now:
            self._pass(when)
            self.assortment.advance(when)
        self._pass(self.now)
        return self.now

    def place(self, placement: Placement) -> list[Order]:
        """Orders placed now (or at the placement's own, earlier time). Raises ValueError naming what is wrong."""
        shop = self.world.shop(placement.shop)
        platform = self.world.platform(shop.platform)
        assert platform is not None
        placed = self.shoppers.place(placement, platform, shop, self.now)
        self.advance(self.now)
        return placed

    def _pass(self, until: datetime) -> None:
        self.exports.advance(self.book, until)
        self.book.advance(until)

    def _answer(self, request: Request, instance: Instance) -> Response:
        route, subject = find_route(request.method, instance.path)
        require_length(request, instance.platform)
        if not route.roles:
            self.tally.answered("", route.operation, 200)
            return Response.of(200, {"version": "sandbox"})
        call = self._authorised(route, request, instance, subject)
        self._limit(route, call)
        require_answer(request, route.answers)
        if route.body:
            require_json_body(request)
        if route.form:
            require_form(request)
        response = self._handler(route.operation)(call)
        self._note(route, call)
        self.tally.answered(call.shop.label, route.operation, response.status)
        return response

    def _authorised(self, route: Route, request: Request, instance: Instance, subject: str) -> Call:
        key = find_key(self.keys, instance.platform, request)
        if not key.may(route.roles):
            raise Refusal(403, "Forbidden")
        shop = find_shop(self.world, key, request)
        return Call(request, self.now, instance.platform, instance.base, key, shop, subject)

    def _limit(self, route: Route, call: Call) -> None:
        """OF01's is documented as each seller's, OR14's as each export's."""
        by_key = call.platform.limit_scope == "key" and route.operation != "OF01"
        scope = call.key.key if by_key else call.shop.label
        asked = f"{call.platform.code}|{scope}|{call.subject if route.operation == 'OR14' else ''}"
        counted = FULL_EXPORT if route.operation == "OF52" and wants_all(call.request) else route.operation
        wait = self._limits.take(counted, asked, call.platform.limits.get(counted), call.now)
        if wait:
            raise Refusal(429, "You have sent too many requests", headers={"retry_after": str(wait)})

    def _handler(self, operation: str) -> Callable[[Call], Response]:
        return {
            "OR04": lambda call: or04(call, self.book),
            "OR11": lambda call: or11(call, self.book),
            "OR13": self.exports.or13,
            "OR14": self.exports.or14,
            "OR15": self.exports.or15,
            "OR21": lambda call: or21(call, self.book),
            "OR23": lambda call: or23(call, self.book, self.carriers),
            "OR24": lambda call: or24(call, self.book),
            "PC01": pc01,
            "RE01": re01,
            "SH21": lambda call: sh21(call, self.carriers),
            "ST01": self.shipments.st01,
            "ST11": lambda call: st11(call, self.book),
            "ST23": self.shipments.st23,
            "ST24": self.shipments.st24,
            **self.assortment.handlers(),
        }[operation]

    def _note(self, route: Route, call: Call) -> None:
        names = [f"query {name}" for name, value in call.request.query if name not in route.parameters or not value]
        if call.request.body and not (route.body or route.form):
            names.append("body")
        for name in (*names, *call.ignored):
            self.tally.ignored.append(IgnoredInput(call.now, route.operation, call.shop.label, name))
        self.tally.doubled.extend(DoubledOrder(call.now, call.shop.label, order_id) for order_id in call.doubled)

    def _shop_label(self, request: Request, instance: Instance | None) -> str:
        if instance is None:
            return ""
        return find_shop(self.world, find_key(self.keys, instance.platform, request), request).label

    def _known_shop(self, request: Request, instance: Instance) -> str:
        try:
            return self._shop_label(request, instance)
        except Refusal:
            return ""
