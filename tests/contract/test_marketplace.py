"""What every marketplace behind the ports must do; today's one is the Mirakl client before the Mirakl sandbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandboxes.faults import Fault, FaultKind
from sandboxes.mirakl.limits import Limit
from sandboxes.mirakl.platform import ErrorShape
from sandboxes.mirakl.wishes import Mix, WantedLine, WantedOrder
from sandboxes.mirakl.worlds import small
from shared.errors import (
    BridgeError,
    LinesChanged,
    Rejected,
    Throttled,
    Transient,
    Unauthorized,
    Unavailable,
    UnknownOutcome,
    WrongState,
)
from shared.mirakl.snapshot import merge
from shared.model.order import Order, Tax
from shared.ports import marketplace as ports
from tests.mirakl.market import SCOPE, START, Market, open_market, with_platform


@pytest.fixture
def market() -> Iterator[Market]:
    """Nothing that is sent may be silently ignored by the other side."""
    market = open_market(small())
    yield market
    assert market.sandbox.tally.ignored == []


def ids(page: ports.Page) -> list[str]:
    return [sighting.order_id for sighting in page.sightings]


class TestListing:
    async def test_waiting_shows_who_waits_oldest_first_whatever_the_dates(self, market: Market) -> None:
        placed = []
        for _ in range(3):
            placed += market.place(WantedOrder(lines=(WantedLine(), WantedLine(sku="SKU-002"))))
            market.clock.advance(timedelta(hours=5))
        await market.accept(placed[1])
        page = await market.orders.waiting()
        assert ids(page) == [placed[0], placed[2]]
        assert (page.records, page.total, page.skipped) == (2, 2, ())
        first = page.sightings[0]
        assert (first.state, first.created, first.unreadable) == ("WAITING_ACCEPTANCE", START, "")
        assert [line.state for line in first.lines] == ["WAITING_ACCEPTANCE"] * 2
        assert first.seen == page.answered == market.clock.now()

    async def test_waiting_is_a_page_of_100_that_tells_how_many_there_are(self, market: Market) -> None:
        placed = market.place(count=130)
        page = await market.orders.waiting()
        assert (page.records, page.total) == (100, 130)
        assert set(ids(page)) < set(placed)

    async def test_a_pass_meets_every_order_once(self, market: Market) -> None:
        placed = market.place(count=230)
        pages = [await market.orders.changed(START, offset) for offset in (0, 100, 200)]
        assert [page.records for page in pages] == [100, 100, 30]
        assert {page.total for page in pages} == {230}
        assert sorted(order for page in pages for order in ids(page)) == sorted(placed)

    async def test_changed_asks_by_update_date(self, market: Market) -> None:
        early, touched = market.place(WantedOrder(), WantedOrder())
        market.clock.advance(timedelta(hours=1))
        market.control("touch", platform="north", order_id=touched)
        assert ids(await market.orders.changed(market.clock.now(), 0)) == [touched]
        assert ids(await market.orders.changed(START, 0)) == [early, touched]
        assert ids(await market.orders.changed(market.clock.now() + timedelta(hours=1), 0)) == []

    async def test_orders_are_found_by_ids_of_every_kind(self, market: Market) -> None:
        placed = market.place(count=40, mix=Mix(odd_ids=1.0))
        assert sorted(ids(await market.orders.by_ids(placed))) == sorted(placed)
        assert ids(await market.orders.by_ids(["NONE-A"])) == []

    async def test_only_the_shops_own_orders_are_shown(self, market: Market) -> None:
        market.place(WantedOrder(id="OTHER-A"), shop="north/2002")
        own = market.place(WantedOrder())
        assert ids(await market.orders.waiting()) == own
        assert ids(await open_market(small(), shop_id=2002).orders.waiting()) == []

    async def test_the_snapshot_is_all_that_came_and_its_facts_name_nobody(self, market: Market) -> None:
        placed = market.place(WantedOrder(instructions=True))
        await market.accept(placed[0])
        market.clock.advance(timedelta(hours=1))
        snapshot = (await market.show(placed[0])).snapshot
        assert snapshot is not None
        customer = merge(snapshot.facts, snapshot.person)["customer"]
        shown = repr(snapshot.facts)
        for name in ("firstname", "lastname", "street_1", "city", "zip_code", "additional_info"):
            assert customer["shipping_address"][name]
            assert customer["shipping_address"][name] not in shown
        assert market.book(placed[0])["updated"] == snapshot.updated


class TestReading:
    @pytest.mark.parametrize("tax_mode", ["TAX_INCLUDED", "TAX_EXCLUDED"])
    @pytest.mark.parametrize("order_taxes", ["absent", "aggregated"])
    async def test_amounts_are_those_of_the_books_in_either_mode(self, tax_mode: str, order_taxes: str) -> None:
        market = open_market(with_platform(order_tax_mode=tax_mode, order_taxes=order_taxes))
        mix = Mix(two_rates=0.3, two_codes=0.2, no_taxes=0.1, untold_rates=0.3, fees=0.5, numeric_lines=0.3)
        for order_id in market.place(count=40, mix=mix):
            order, book = await market.read_order(order_id), market.book(order_id)
            assert [line.id for line in order.lines] == [line["id"] for line in book["lines"]]
            for line, booked in zip(order.lines, book["lines"], strict=True):
                assert (line.sku, line.quantity) == (booked["sku"], booked["quantity"])
                assert (line.price, line.shipping_price) == (booked["price"]["net"], booked["shipping"]["net"])
                assert_taxes(line.taxes, booked["price"]["taxes"])
                assert_taxes(line.shipping_taxes, booked["shipping"]["taxes"])
                assert [(fee.code, fee.amount) for fee in line.fees] == [
                    (fee["code"], fee["amount"]) for fee in booked["fees"]
                ]
            assert paid(order) == book["shopper_pays"]
            assert bool(order.order_taxes) == (order_taxes == "aggregated" and book["tax"] > 0)

    async def test_the_address_comes_with_shipping(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder(instructions=True, shipping_type="PUDO", pudo_id="P0042"))
        assert (await market.read_order(order_id)).address is None
        await market.accept(order_id)
        market.clock.advance(timedelta(hours=1))
        order, booked = await market.read_order(order_id), market.book(order_id)["shipping_address"]
        assert order.address is not None
        assert (order.state, order.pickup_point, order.shipping_type_code) == ("SHIPPING", "P0042", "PUDO")
        assert order.address.name == f"{booked['firstname']} {booked['lastname']}"
        assert (order.address.country, order.address.zip_code) == (booked["country_iso_code"], booked["zip_code"])
        assert order.delivery_instructions == booked["additional_info"] != ""
        assert order.decided == START
        assert order.platform_tax_mode is None

    async def test_a_cancelled_order_reads(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder(lines=(WantedLine(), WantedLine())))
        market.control("cancel", platform="north", order_id=order_id, lines=[f"{order_id}-1"])
        order = await market.read_order(order_id)
        assert [line.state for line in order.lines] == ["CANCELED", "WAITING_ACCEPTANCE"]
        assert order.lines[1].price > 0


def assert_taxes(taxes: Sequence[Tax], booked: Sequence[Mapping[str, Any]]) -> None:
    assert [(tax.code, tax.rate, tax.amount) for tax in taxes] == [
        (tax["code"], tax["rate"], tax["amount"]) for tax in booked
    ]


def paid(order: Order) -> Decimal:
    """What the shopper pays, from net amounts, taxes and fees."""
    return sum(
        (
            line.price
            + line.shipping_price
            + sum(tax.amount for tax in (*line.taxes, *line.shipping_taxes))
            + sum(fee.amount for fee in line.fees)
            for line in order.lines
        ),
        Decimal(0),
    )


class TestAcceptance:
    async def test_an_accepted_order_waits_no_more(self, market: Market) -> None:
        placed = market.place(count=12, mix=Mix(odd_ids=1.0, numeric_lines=0.5))
        for order_id in placed:
            await market.accept(order_id)
        assert ids(await market.orders.waiting()) == []
        assert {market.book(order_id)["decided_how"] for order_id in placed} == {"accepted"}

    @pytest.mark.parametrize(
        ("shape", "error"),
        [("code", WrongState), ("errors", WrongState), ("error_code", WrongState), ("bare", UnknownOutcome)],
    )
    async def test_what_is_decided_is_said_to_be_decided(self, shape: ErrorShape, error: type[BridgeError]) -> None:
        market = open_market(with_platform(error_shape=shape))
        (order_id,) = market.place(WantedOrder())
        await market.accept(order_id)
        with pytest.raises(error):
            await market.accept(order_id)
        assert market.book(order_id)["or21_effects"] == 1

    async def test_an_order_refused_by_time_is_decided(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder())
        market.clock.advance(timedelta(hours=25))
        with pytest.raises(WrongState):
            await market.accept(order_id)
        assert market.book(order_id)["decided_how"] == "auto_refused"

    @pytest.mark.parametrize("lines", [["1"], ["1", "2", "9"], []])
    async def test_other_lines_than_those_that_wait_are_decided_again(self, market: Market, lines: list[str]) -> None:
        (order_id,) = market.place(WantedOrder(lines=(WantedLine(), WantedLine())))
        with pytest.raises(LinesChanged):
            await market.acceptance.accept(order_id, [f"{order_id}-{line}" for line in lines])
        assert market.book(order_id)["or21_effects"] == 0

    async def test_a_line_cancelled_meanwhile_is_decided_again(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder(lines=(WantedLine(), WantedLine())))
        before = await market.show(order_id)
        market.control("cancel", platform="north", order_id=order_id, lines=[before.lines[0].id])
        with pytest.raises(LinesChanged):
            await market.acceptance.accept(order_id, [line.id for line in before.lines])
        waiting = [line.id for line in (await market.show(order_id)).lines if line.state == "WAITING_ACCEPTANCE"]
        await market.acceptance.accept(order_id, waiting)
        assert market.book(order_id)["or21_effects"] == 1

    @pytest.mark.parametrize(
        ("fulfillment_center", "order_id", "subject"),
        [("DEFAULT", "NONE-A", "ORDER_NOT_FOUND"), ("OPERATOR", "N1-A", "ORDER_FULFILLED_UNAUTHORIZED")],
    )
    async def test_what_a_person_must_resolve(
        self, market: Market, fulfillment_center: str, order_id: str, subject: str
    ) -> None:
        market.place(WantedOrder(id="N1-A", fulfillment_center=fulfillment_center))
        with pytest.raises(Rejected) as raised:
            await market.acceptance.accept(order_id, ["N1-A-1"])
        assert (raised.value.kind, raised.value.subject) == ("acceptance_refused", subject)


FAULTS: list[tuple[FaultKind, type[BridgeError], type[BridgeError], bool]] = [
    # the fault, what a read comes to, what an acceptance comes to, whether it took effect
    ("error_before", Unavailable, UnknownOutcome, False),
    ("error_after", Unavailable, UnknownOutcome, True),
    ("reset_before", Unavailable, UnknownOutcome, False),
    ("reset_after", Unavailable, UnknownOutcome, True),
    ("hang_before", Unavailable, UnknownOutcome, False),
    ("hang_after", Unavailable, UnknownOutcome, True),
    ("late_commit", Unavailable, UnknownOutcome, False),
    ("throttle", Throttled, Throttled, False),
    ("html", Unavailable, UnknownOutcome, False),
    ("html_after", Unavailable, UnknownOutcome, True),
    ("unauthorized", Unauthorized, Unauthorized, False),
]


class TestFaults:
    @pytest.mark.parametrize(("kind", "error", "_write", "_effect"), FAULTS)
    async def test_a_read_that_fails_can_be_repeated(
        self, market: Market, kind: FaultKind, error: type[Transient], _write: type[BridgeError], _effect: bool
    ) -> None:
        placed = market.place(WantedOrder())
        market.faulty.faults.append(Fault(kind))
        with pytest.raises(error) as raised:
            await market.orders.waiting()
        assert raised.value.scope == (f"{SCOPE}:OR11" if kind == "throttle" else SCOPE)
        assert ids(await market.orders.waiting()) == placed

    @pytest.mark.parametrize("port", ["waiting", "configuration", "start"])
    async def test_a_truncated_answer_is_no_answer(self, market: Market, port: str) -> None:
        market.place(count=3)
        market.faulty.faults.append(Fault("truncated"))
        ask: dict[str, Callable[[], Awaitable[object]]] = {
            "waiting": market.orders.waiting,
            "configuration": market.platform.configuration,
            "start": lambda: market.export.start(START, START),
        }
        with pytest.raises(Unavailable):
            await ask[port]()

    @pytest.mark.parametrize(("kind", "_read", "error", "effect"), FAULTS)
    async def test_an_acceptance_that_fails_says_what_is_known(
        self, market: Market, kind: FaultKind, _read: type[BridgeError], error: type[BridgeError], effect: bool
    ) -> None:
        (order_id,) = market.place(WantedOrder())
        market.faulty.faults.append(Fault(kind, operation="OR21"))
        with pytest.raises(error) as raised:
            await market.accept(order_id)
        assert type(raised.value) is error
        assert (market.book(order_id)["or21_effects"] == 1) is effect

    async def test_a_late_commit_shows_in_the_next_listing(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder())
        market.faulty.faults.append(Fault("late_commit", operation="OR21", delay=timedelta(minutes=2)))
        with pytest.raises(UnknownOutcome):
            await market.accept(order_id)
        assert ids(await market.orders.waiting()) == [order_id]
        market.clock.advance(timedelta(minutes=3))
        assert ids(await market.orders.waiting()) == []

    async def test_the_other_sides_limit_says_how_long_to_wait(self) -> None:
        market = open_market(with_platform(limits={"OR11": Limit(interval=timedelta(minutes=1))}))
        await market.orders.waiting()
        with pytest.raises(Throttled) as raised:
            await market.orders.waiting()
        assert (raised.value.scope, raised.value.retry_after) == (f"{SCOPE}:OR11", timedelta(minutes=1))
        await market.platform.configuration()

    async def test_a_rotated_key_is_picked_up_without_an_error(self, market: Market) -> None:
        (order_id,) = market.place(WantedOrder())
        await market.orders.waiting()
        market.control("replace_key", key="key-admin", by="key-renewed")
        market.vault.stored = "key-renewed"
        await market.accept(order_id)
        assert ids(await market.orders.waiting()) == []

    @pytest.mark.parametrize(("key", "operation"), [("key-reader", "OR21"), ("key-accepter", "OR11"), ("gone", "OR11")])
    async def test_a_key_without_the_role_locks_the_shop_out(self, market: Market, key: str, operation: str) -> None:
        (order_id,) = market.place(WantedOrder())
        market.vault.stored = key
        asked = market.acceptance.accept(order_id, ["1"]) if operation == "OR21" else market.orders.waiting()
        with pytest.raises(Unauthorized) as raised:
            await asked
        assert raised.value.scope == SCOPE


class TestExport:
    @pytest.mark.parametrize("url", ["https://north.example.com", "http://127.0.0.1:7071/north"])
    async def test_an_export_holds_what_the_listing_shows(self, url: str) -> None:
        market = open_market(with_platform(export_items=20), url=url)
        placed = market.place(count=50)
        tracking = await market.export.start(START, START + timedelta(hours=1))
        assert (await market.export.status(tracking)).status == "PENDING"
        market.clock.advance(timedelta(minutes=2))
        export = await market.export.status(tracking)
        assert (export.status, len(export.urls)) == ("COMPLETED", 3)
        pages = [await market.export.fetch(file) for file in export.urls]
        found = {one.order_id: one.snapshot for page in pages for one in page.sightings}
        assert sorted(found) == sorted(placed)
        assert sum(page.records for page in pages) == sum(page.total for page in pages) == 50
        listed = {one.order_id: one.snapshot for one in (await market.orders.by_ids(placed)).sightings}
        assert found == listed
        assert market.sandbox.tally.ignored == []

    async def test_a_second_export_waits_for_the_first_and_stops_nothing_else(self, market: Market) -> None:
        await market.export.start(START, START)
        with pytest.raises(Unavailable) as raised:
            await market.export.start(START, START)
        assert raised.value.scope == f"{SCOPE}:OR13"

    async def test_an_export_that_failed_or_is_unknown_says_so(self, market: Market) -> None:
        market.control("fail_exports", count=1)
        tracking = await market.export.start(START, START)
        market.clock.advance(timedelta(minutes=2))
        assert await market.export.status(tracking) == ports.Export("FAILED")
        assert await market.export.status("never-started") == ports.Export("GONE")


class TestPlatform:
    @pytest.mark.parametrize(
        ("changes", "configuration"),
        [
            ({}, ports.PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", multi_shipment=False)),
            (
                {"order_tax_mode": "TAX_EXCLUDED", "order_acceptance": "AUTOMATIC", "multi_shipment": True},
                ports.PlatformConfiguration("TAX_EXCLUDED", "AUTOMATIC", multi_shipment=True),
            ),
        ],
    )
    async def test_what_the_operator_switched_on(
        self, changes: dict[str, Any], configuration: ports.PlatformConfiguration
    ) -> None:
        assert await open_market(with_platform(**changes)).platform.configuration() == configuration
