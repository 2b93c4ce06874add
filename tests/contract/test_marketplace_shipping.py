"""The way back to every marketplace behind the ports: shipments, order numbers and reference lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sandboxes.faults import Fault, FaultKind
from sandboxes.mirakl.limits import Limit
from sandboxes.mirakl.platform import ErrorShape
from sandboxes.mirakl.wishes import WantedLine, WantedOrder
from sandboxes.mirakl.worlds import small
from shared.errors import (
    BridgeError,
    FeatureOff,
    Rejected,
    Throttled,
    Transient,
    Unauthorized,
    Unavailable,
    UnknownOutcome,
    WrongState,
)
from shared.model.shipment import Carrier, NewShipment, RegisteredCarrier
from tests.mirakl.market import SCOPE, Market, open_market, with_platform

CA1 = Carrier("CA1")
COURIER = Carrier(name="Courier", url="https://courier.example.com/track?n={trackingId}")
ADDRESS = "https://courier.example.com/track?n=T-1"
TWO_LINES = WantedOrder(lines=(WantedLine(quantity=3), WantedLine(sku="SKU-002")))


@pytest.fixture
def market() -> Iterator[Market]:
    """Nothing that is sent may be silently ignored by the other side."""
    market = open_market(small())
    yield market
    assert market.sandbox.tally.ignored == []


@pytest.fixture
def several() -> Iterator[Market]:
    """A marketplace with several shipments an order."""
    market = open_market(with_platform(multi_shipment=True))
    yield market
    assert market.sandbox.tally.ignored == []


def new(order_id: str, *quantities: int, package: str = "SLIP-1", **changes: Any) -> NewShipment:
    lines = tuple((f"{order_id}-{number}", quantity) for number, quantity in enumerate(quantities, 1) if quantity)
    return replace(NewShipment(order_id, package, lines, CA1, "T-1", shipped=True), **changes)


def told_tracking(market: Market, order_id: str) -> int:
    """How often OR23 took effect."""
    return int(market.book(order_id)["tracking"]["count"])


class TestShipping:
    @pytest.mark.parametrize(
        ("carrier", "code", "url"),
        [(CA1, "CA1", "https://carrier-one.example.com/track?number=T-1"), (COURIER, None, ADDRESS)],
    )
    async def test_an_order_is_shipped_with_its_tracking(
        self, market: Market, carrier: Carrier, code: str | None, url: str
    ) -> None:
        (order_id,) = await market.shippable(TWO_LINES)
        await market.shipping.set_tracking(order_id, carrier, "T-1")
        await market.shipping.ship(order_id)
        book = market.book(order_id)
        assert (book["state"], book["or24_effects"], book["shipped_at"]) == ("SHIPPED", 1, market.clock.now())
        tracking = book["tracking"]
        assert (tracking["carrier_code"], tracking["number"], tracking["url"]) == (code, "T-1", url)
        assert {line.state for line in (await market.read_order(order_id)).lines} == {"SHIPPED"}

    async def test_what_the_shopper_follows_is_no_fact(self, market: Market) -> None:
        (order_id,) = await market.shippable(WantedOrder())
        await market.shipping.set_tracking(order_id, CA1, "T-0000-1")
        snapshot = (await market.show(order_id)).snapshot
        assert snapshot is not None
        assert snapshot.facts["shipping_carrier_code"] == "CA1"
        assert "T-0000-1" not in repr(snapshot.facts)
        assert "T-0000-1" in repr(snapshot.person)

    async def test_tracking_overwrites_before_and_after_shipping(self, market: Market) -> None:
        (order_id,) = await market.shippable(WantedOrder())
        for number in ("T-1", "T-2"):
            await market.shipping.set_tracking(order_id, CA1, number)
        await market.shipping.ship(order_id)
        await market.shipping.set_tracking(order_id, CA1, "T-3")
        assert (market.book(order_id)["tracking"]["number"], told_tracking(market, order_id)) == ("T-3", 3)

    async def test_a_letter_needs_no_number(self, market: Market) -> None:
        (order_id,) = await market.shippable(WantedOrder())
        await market.shipping.set_tracking(order_id, Carrier("LTR"), "")
        await market.shipping.ship(order_id)
        assert market.book(order_id)["state"] == "SHIPPED"

    @pytest.mark.parametrize("shape", ["code", "errors", "error_code", "bare"])
    async def test_an_order_is_shipped_once(self, shape: ErrorShape) -> None:
        market = open_market(with_platform(error_shape=shape))
        (order_id,) = await market.shippable(WantedOrder())
        await market.shipping.ship(order_id)
        with pytest.raises(WrongState):
            await market.shipping.ship(order_id)
        assert market.book(order_id)["or24_effects"] == 1

    async def test_an_order_that_waits_or_is_gone_admits_neither(self, market: Market) -> None:
        waiting, cancelled = market.place(WantedOrder(), WantedOrder())
        market.control("cancel", platform="north", order_id=cancelled)
        for order_id in (waiting, cancelled):
            with pytest.raises(WrongState):
                await market.shipping.set_tracking(order_id, CA1, "T-1")
            with pytest.raises(WrongState):
                await market.shipping.ship(order_id)
            assert told_tracking(market, order_id) == 0

    async def test_tracking_that_the_shipping_type_needs_is_the_states_question(self) -> None:
        market = open_market(with_platform(tracking_required_types=("STD",)))
        (order_id,) = await market.shippable(WantedOrder(shipping_type="STD"))
        with pytest.raises(WrongState):
            await market.shipping.ship(order_id)
        await market.shipping.set_tracking(order_id, CA1, "T-1")
        await market.shipping.ship(order_id)
        assert market.book(order_id)["state"] == "SHIPPED"

    @pytest.mark.parametrize("shape", ["code", "errors"])
    @pytest.mark.parametrize(
        ("carrier", "number", "field"),
        [(Carrier("CA9"), "T-1", "carrier_code"), (CA1, "", "tracking_number"), (COURIER, "T-1", "carrier_name")],
    )
    async def test_refused_tracking_names_its_field(
        self, shape: ErrorShape, carrier: Carrier, number: str, field: str
    ) -> None:
        market = open_market(with_platform(error_shape=shape, alternative_carriers=False))
        (order_id,) = await market.shippable(WantedOrder())
        with pytest.raises(Rejected) as raised:
            await market.shipping.set_tracking(order_id, carrier, number)
        assert (raised.value.kind, raised.value.subject) == ("tracking_refused", "carrier")
        assert field in raised.value.reason
        assert told_tracking(market, order_id) == 0

    async def test_an_order_that_is_not_there_is_a_persons_question(self, market: Market) -> None:
        with pytest.raises(Rejected) as raised:
            await market.shipping.ship("NONE-A")
        assert raised.value.kind == "shipment_refused"

    async def test_other_orders_of_the_instance_are_not_there(self, market: Market) -> None:
        market.place(WantedOrder(id="OTHER-A"), shop="north/2002")
        with pytest.raises(Rejected):
            await market.shipping.set_tracking("OTHER-A", CA1, "T-1")
        assert told_tracking(market, "OTHER-A") == 0


class TestMultiShipping:
    async def test_a_batch_of_orders_is_one_call(self, several: Market) -> None:
        orders = await several.shippable(*(WantedOrder() for _ in range(20)))
        answers = await several.multi.create([new(order_id, 1) for order_id in orders])
        assert [answer.key for answer in answers] == orders
        assert all(answer.id and not answer.refused for answer in answers)
        assert {several.book(order_id)["state"] for order_id in orders} == {"SHIPPED"}
        assert several.sandbox.tally.calls()["north/2001"]["ST01"] == 1

    async def test_a_part_leaves_its_rest(self, several: Market) -> None:
        (order_id,) = await several.shippable(TWO_LINES)
        await several.multi.create([new(order_id, 2, 1)])
        assert several.book(order_id)["state"] == "SHIPPING"
        await several.multi.create([new(order_id, 1, package="SLIP-2")])
        assert several.book(order_id)["state"] == "SHIPPED"
        shown = await several.multi.shown([order_id])
        assert [sorted(one.packages) for one in shown] == [["SLIP-1"], ["SLIP-2"]]
        assert {one.state for one in shown} == {"shipped"}

    async def test_tracking_may_follow(self, several: Market) -> None:
        (order_id,) = await several.shippable(WantedOrder())
        (created,) = await several.multi.create([new(order_id, 1, carrier=None, tracking="", shipped=False)])
        (shown,) = await several.multi.shown([order_id])
        assert (shown.id, shown.order_id, shown.state, shown.tracking) == (created.id, order_id, "open", "")
        assert [one.refused for one in await several.multi.track([(created.id, COURIER, "T-1")])] == [""]
        assert [one.refused for one in await several.multi.ship([created.id])] == [""]
        (shown,) = await several.multi.shown([order_id])
        assert (shown.state, shown.tracking) == ("shipped", "T-1")
        assert several.book(order_id)["state"] == "SHIPPED"

    async def test_one_entry_never_stops_the_others(self, several: Market) -> None:
        good, shipped, few, nowhere = await several.shippable(*(WantedOrder() for _ in range(4)))
        await several.multi.create([new(shipped, 1)])
        wrong = new(nowhere, 1, carrier=Carrier("CA9"))
        answers = await several.multi.create([new(good, 1), new(shipped, 1), new(few, 2), wrong, new("NONE-A", 1)])
        assert [bool(answer.refused) for answer in answers] == [False, True, True, True, True]
        assert answers[1].refused == "The order status must be 'SHIPPING' but it is 'SHIPPED'."
        assert [len(several.book(order_id)["shipments"]) for order_id in (good, shipped, few, nowhere)] == [1, 1, 0, 0]

    async def test_unknown_shipments_are_refused_one_by_one(self, several: Market) -> None:
        (order_id,) = await several.shippable(WantedOrder())
        (created,) = await several.multi.create([new(order_id, 1, shipped=False)])
        for answers in (
            await several.multi.track([("none", CA1, "T-1"), (created.id, CA1, "T-2")]),
            await several.multi.ship(["none", created.id]),
        ):
            assert [(one.key, bool(one.refused)) for one in answers] == [("none", True), (created.id, False)]
        assert several.book(order_id)["shipments"][0]["number"] == "T-2"

    async def test_a_shipment_is_shipped_once_and_shown_so(self, several: Market) -> None:
        (order_id,) = await several.shippable(WantedOrder())
        (created,) = await several.multi.create([new(order_id, 1, shipped=False)])
        several.faulty.faults.append(Fault("reset_after", operation="ST24"))
        with pytest.raises(UnknownOutcome):
            await several.multi.ship([created.id])
        (again,) = await several.multi.ship([created.id])
        assert again.refused
        assert [one.state for one in await several.multi.shown([order_id])] == ["shipped"]

    async def test_every_page_is_shown(self, several: Market) -> None:
        orders = await several.shippable(*(WantedOrder() for _ in range(130)))
        await several.multi.create([new(order_id, 1) for order_id in orders])
        assert {one.order_id for one in await several.multi.shown(orders)} == set(orders)
        many = await several.shippable(WantedOrder(lines=(WantedLine(quantity=120),)))
        for number in range(120):
            await several.multi.create([new(many[0], 1, package=f"SLIP-{number}")])
        packages = [package for one in await several.multi.shown(many) for package in one.packages]
        assert sorted(packages) == sorted(f"SLIP-{number}" for number in range(120))

    async def test_where_it_is_not_offered_every_operation_says_so(self, market: Market) -> None:
        (order_id,) = await market.shippable(WantedOrder())
        asked: list[Callable[[], Awaitable[object]]] = [
            lambda: market.multi.create([new(order_id, 1)]),
            lambda: market.multi.shown([order_id]),
            lambda: market.multi.track([("none", CA1, "T-1")]),
            lambda: market.multi.ship(["none"]),
        ]
        for ask in asked:
            with pytest.raises(FeatureOff):
                await ask()


class TestOrderNumbers:
    async def test_a_number_shows_as_the_sellers_reference(self, market: Market) -> None:
        orders = market.place(count=100)
        assert await market.numbers.report([(order_id, f"SO-{order_id}") for order_id in orders]) == {}
        assert (await market.read_order(orders[7])).seller_reference == f"SO-{orders[7]}"
        assert await market.numbers.report([(orders[7], "SO-2")]) == {}
        assert market.book(orders[7])["seller_reference"]["value"] == "SO-2"
        assert market.sandbox.tally.calls()["north/2001"]["OR04"] == 2

    async def test_one_order_never_stops_the_others(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder())
        refused = await market.numbers.report([("NONE-A", "SO-1"), (order_id, "SO-2")])
        assert list(refused) == ["NONE-A"]
        assert refused["NONE-A"]
        assert (await market.read_order(order_id)).seller_reference == "SO-2"

    async def test_its_limit_says_how_long_to_wait(self) -> None:
        market = open_market(with_platform(limits={"OR04": Limit(interval=timedelta(minutes=1))}))
        (order_id,) = market.place(WantedOrder())
        await market.numbers.report([(order_id, "SO-1")])
        with pytest.raises(Throttled) as raised:
            await market.numbers.report([(order_id, "SO-2")])
        assert (raised.value.scope, raised.value.retry_after) == (f"{SCOPE}:OR04", timedelta(minutes=1))


class TestLists:
    async def test_the_registered_carriers_tell_who_needs_a_number(self, market: Market) -> None:
        carriers = await market.lists.carriers()
        assert {one.code: one.needs_tracking for one in carriers} == {"CA1": True, "CA2": True, "LTR": False}
        assert next(one for one in carriers if one.code == "CA1").label == "Carrier One"

    async def test_a_withdrawn_carrier_is_gone(self, market: Market) -> None:
        market.control("withdraw_carrier", platform="north", code="CA2")
        codes: list[RegisteredCarrier] = list(await market.lists.carriers())
        assert {one.code for one in codes} == {"CA1", "LTR"}

    async def test_the_reasons_are_those_of_the_shop(self, market: Market) -> None:
        reasons = await market.lists.reasons()
        assert reasons
        assert all(code and label for code, label in reasons.items())
        assert "Out of stock" not in reasons.values()

    @pytest.mark.parametrize("allowed", [True, False])
    async def test_whether_other_carriers_may_be_named(self, allowed: bool) -> None:
        market = open_market(with_platform(alternative_carriers=allowed))
        assert (await market.platform.configuration()).alternative_carriers is allowed


FAULTS: list[tuple[FaultKind, type[BridgeError], bool]] = [
    # the fault, what a write comes to, whether it took effect
    ("error_before", UnknownOutcome, False),
    ("error_after", UnknownOutcome, True),
    ("reset_before", UnknownOutcome, False),
    ("reset_after", UnknownOutcome, True),
    ("hang_before", UnknownOutcome, False),
    ("hang_after", UnknownOutcome, True),
    ("throttle", Throttled, False),
    ("html", UnknownOutcome, False),
    ("html_after", UnknownOutcome, True),
    ("unauthorized", Unauthorized, False),
]


class TestFaults:
    @pytest.mark.parametrize(("kind", "error", "effect"), FAULTS)
    async def test_a_lost_shipping_may_be_repeated(
        self, market: Market, kind: FaultKind, error: type[BridgeError], effect: bool
    ) -> None:
        (order_id,) = await market.shippable(WantedOrder())
        market.faulty.faults.append(Fault(kind, operation="OR24"))
        with pytest.raises(error) as raised:
            await market.shipping.ship(order_id)
        assert type(raised.value) is error
        assert (market.book(order_id)["or24_effects"] == 1) is effect
        if effect:
            with pytest.raises(WrongState):
                await market.shipping.ship(order_id)
        else:
            await market.shipping.ship(order_id)
        assert market.book(order_id)["or24_effects"] == 1

    @pytest.mark.parametrize(("kind", "error", "effect"), FAULTS)
    async def test_lost_tracking_is_sent_again(
        self, market: Market, kind: FaultKind, error: type[BridgeError], effect: bool
    ) -> None:
        (order_id,) = await market.shippable(WantedOrder())
        market.faulty.faults.append(Fault(kind, operation="OR23"))
        with pytest.raises(error):
            await market.shipping.set_tracking(order_id, CA1, "T-1")
        assert told_tracking(market, order_id) == int(effect)
        await market.shipping.set_tracking(order_id, CA1, "T-1")
        assert market.book(order_id)["tracking"]["number"] == "T-1"

    @pytest.mark.parametrize(("kind", "error", "effect"), [*FAULTS, ("truncated", UnknownOutcome, True)])
    async def test_a_lost_creation_is_settled_by_its_package(
        self, several: Market, kind: FaultKind, error: type[BridgeError], effect: bool
    ) -> None:
        (order_id,) = await several.shippable(WantedOrder())
        several.faulty.faults.append(Fault(kind, operation="ST01"))
        with pytest.raises(error):
            await several.multi.create([new(order_id, 1)])
        shown = await several.multi.shown([order_id])
        assert [sorted(one.packages) for one in shown] == ([["SLIP-1"]] if effect else [])

    @pytest.mark.parametrize("operation", ["ST11", "OR04", "SH21", "RE01"])
    @pytest.mark.parametrize("kind", ["error_before", "error_after", "reset_after", "html", "truncated", "hang_after"])
    async def test_what_may_be_asked_again_is_only_unavailable(
        self, several: Market, operation: str, kind: FaultKind
    ) -> None:
        (order_id,) = await several.shippable(WantedOrder())
        several.faulty.faults.append(Fault(kind, operation=operation))
        ask: dict[str, Callable[[], Awaitable[object]]] = {
            "ST11": lambda: several.multi.shown([order_id]),
            "OR04": lambda: several.numbers.report([(order_id, "SO-1")]),
            "SH21": several.lists.carriers,
            "RE01": several.lists.reasons,
        }
        with pytest.raises(Unavailable) as raised:
            await ask[operation]()
        assert isinstance(raised.value, Transient)
        await ask[operation]()
