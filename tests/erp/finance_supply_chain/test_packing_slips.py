"""Posted packing slips: how they are paged, which lines are whose, and what cannot be told."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from shared.errors import BridgeError, Throttled, Unauthorized, Unavailable
from shared.model.shipment import ErpShipment, Position, ShippedLine, Tracking
from tests.erp.finance_supply_chain.far_end import FarEnd, Planned, collection, far_end, html
from tests.erp.finance_supply_chain.shipment_rows import AT, order_row, since, slip, slip_line, tracking_row

JOURNAL, LINES, ORDERS, TRACKING = (
    "GET CustPackingSlipJourBiEntities",
    "GET CustPackingSlipTransBiEntities",
    "GET SalesOrderHeadersV3",
    "GET PackingSlipTrackingInformation",
)
NONE = collection()


def asked(end: FarEnd, name: str) -> list[str]:
    return [
        request.url.params["$filter"]
        for request in end.asked
        if request.url.path.endswith(name.removeprefix("GET ")) and request.method == "GET"
    ]


async def test_a_slip_with_all_that_is_known_of_it() -> None:
    end = far_end(
        collection(slip()),
        collection(slip_line("L1", 1)),
        collection(order_row()),
        collection(tracking_row("T-2", TrackingURL="https://carrier.example.com/2"), tracking_row("T-1")),
    )
    page = await since(end)
    assert page.shipments == (
        ErpShipment(
            id="101",
            document="PS-NO-A",
            number="NO-A",
            reference="NO-A",
            shipped=AT,
            delivery_mode="STD",
            carrier="CARRIER-1",
            service="GROUND",
            lines=(ShippedLine("A-L1", Decimal(2), Decimal(1)),),
            tracking=(Tracking("T-1"), Tracking("T-2", "https://carrier.example.com/2")),
        ),
    )
    assert (page.last, page.whole) == (Position(AT, "101"), True)
    assert end.calls == ["token", JOURNAL, LINES, ORDERS, TRACKING]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Position(AT), "CreatedOn ge 2026-03-04T10:00:00Z"),
        (
            Position(AT, "9007199254740993"),
            (
                "CreatedOn gt 2026-03-04T10:00:00Z or "
                "(CreatedOn eq 2026-03-04T10:00:00Z and SourceDocumentHeader gt 9007199254740993)"
            ),
        ),
    ],
)
async def test_pages_follow_by_keyset(after: Position, expected: str) -> None:
    end = far_end(NONE)
    page = await since(end, after=after)
    assert (page.shipments, page.last, page.whole) == ((), None, True)
    params = end.asked[1].url.params
    assert params["$filter"] == f"dataAreaId eq 'usmf' and ({expected})"
    assert (params["$orderby"], params["$top"]) == ("CreatedOn,SourceDocumentHeader", "200")
    assert params["cross-company"] == "true"


async def test_a_full_page_says_that_more_follows_whoevers_it_is() -> None:
    rows = [slip(number, "SO-1", minutes=number) for number in range(200)]
    end = far_end(collection(*rows))
    page = await since(end)
    assert (page.shipments, page.whole) == ((), False)
    assert page.last is not None
    assert page.last.id == "199"
    assert end.calls == ["token", JOURNAL]


async def test_a_page_that_the_server_cuts_shorter_says_so_too() -> None:
    cut = httpx.Response(200, json={"value": [slip(order="SO-1")], "@odata.nextLink": "https://elsewhere"})
    assert not (await since(far_end(cut))).whole


async def test_lines_of_which_the_server_shows_a_page_are_read_to_the_end() -> None:
    cut = httpx.Response(200, json={"value": [slip_line("L1")], "@odata.nextLink": "https://elsewhere"})
    end = far_end(collection(slip()), cut, collection(slip_line("L2")), collection(order_row("NO-A", "L1", "L2")), NONE)
    (shipment,) = (await since(end)).shipments
    assert [line.reference for line in shipment.lines] == ["A-L1", "A-L2"]
    assert [request.url.params.get("$skip") for request in end.asked[2:4]] == [None, "1"]


@pytest.mark.parametrize(
    "row",
    [slip(CustomerRef="SO-1"), slip(CustomerRef=""), slip(CustomerRef=None), slip(CustomerRef="NOT-OURS")],
)
async def test_another_ones_slip_costs_no_further_call(row: dict[str, object]) -> None:
    end = far_end(collection(row))
    assert (await since(end)).last == Position(AT, "101")
    assert end.calls == ["token", JOURNAL]


async def test_a_known_slip_is_passed_over_before_its_lines_are_read() -> None:
    end = far_end(
        collection(slip(101), slip(102, "NO-B")),
        collection(slip_line(order="NO-B")),
        collection(order_row("NO-B")),
        NONE,
    )
    (shipment,) = (await since(end, known=["101"])).shipments
    assert shipment.number == "NO-B"
    assert "NO-A" not in "".join(asked(end, LINES) + asked(end, ORDERS) + asked(end, TRACKING))


async def test_lines_orders_and_tracking_are_asked_for_twenty_at_a_time() -> None:
    slips = [slip(number, f"NO-{number}") for number in range(45)]
    end = far_end(collection(*slips), *[collection() for _ in range(9)])
    assert len((await since(end)).shipments) == 45
    assert end.calls == ["token", JOURNAL, *[LINES] * 3, *[ORDERS] * 3, *[TRACKING] * 3]
    assert [where.count(" eq 'NO-") for where in asked(end, TRACKING)] == [20, 20, 5]


@pytest.mark.parametrize(
    ("version", "expected"), [(0, {"A-L1": 2, "A-L2": 2}), (1, {"A-L1": 1})], ids=["posted", "corrected"]
)
@pytest.mark.parametrize("late", [-0.2, 0, 0.2], ids=["lines before", "at once", "lines after"])
async def test_a_correction_is_another_version_with_lines_of_its_own(
    version: int, expected: dict[str, int], late: float
) -> None:
    """Lines name the slip and not its version; here the correction takes one line back and lowers the other."""
    slips = [slip(101), slip(102, minutes=5)]
    lines = [
        slip_line("L1", 2, minutes=late),
        slip_line("L2", 2, minutes=late),
        slip_line("L1", 1, minutes=5 + late),
    ]
    both = far_end(collection(*slips), collection(*lines), collection(order_row("NO-A", "L1", "L2")), NONE)
    alone = far_end(collection(slips[version]), collection(*lines), collection(order_row("NO-A", "L1", "L2")), NONE)
    for found in ((await since(both)).shipments[version], *(await since(alone)).shipments):
        assert (found.id, found.document) == (("101", "102")[version], "PS-NO-A")
        assert {line.reference: line.shipped for line in found.lines} == expected


async def test_a_correction_within_a_minute_does_not_take_over_what_it_left_out() -> None:
    slips = [slip(101), slip(102, minutes=0.5)]
    lines = [slip_line("L1"), slip_line("L2"), slip_line("L1", 1, minutes=0.5)]
    end = far_end(collection(*slips), collection(*lines), collection(order_row("NO-A", "L1", "L2")), NONE)
    posted, corrected = (await since(end)).shipments
    assert [line.shipped for line in posted.lines] == [2, 2]
    assert [line.shipped for line in corrected.lines] == [1]


async def test_two_slips_of_one_order_keep_their_lines() -> None:
    slips = [slip(101), slip(102, minutes=5, PackingSlipId="PS-2")]
    lines = [slip_line("L1"), slip_line("L2", minutes=5, PackingSlipId="PS-2")]
    trackings = collection(tracking_row("T-1"), tracking_row("T-2", PackingSlipNumber="PS-2"))
    end = far_end(collection(*slips), collection(*lines), collection(order_row("NO-A", "L1", "L2")), trackings)
    found = (await since(end)).shipments
    assert [[line.reference for line in one.lines] for one in found] == [["A-L1"], ["A-L2"]]
    assert [[one.number for one in shipment.tracking] for shipment in found] == [["T-1"], ["T-2"]]


async def test_one_order_line_on_two_rows_is_one_line() -> None:
    end = far_end(collection(slip()), collection(slip_line("L1", 1), slip_line("L1", 1)), collection(order_row()), NONE)
    (shipment,) = (await since(end)).shipments
    assert shipment.lines == (ShippedLine("A-L1", Decimal(2), Decimal(2)),)


async def test_ordered_is_what_the_order_stands_at_now() -> None:
    order = order_row()
    order["SalesOrderLines"][0]["OrderedSalesQuantity"] = 1
    end = far_end(collection(slip()), collection(slip_line("L1", 1)), collection(order), NONE)
    assert (await since(end)).shipments[0].lines == (ShippedLine("A-L1", Decimal(1), Decimal(1)),)


@pytest.mark.parametrize("orders", [(), (order_row("NO-A", "L9"),)], ids=["no order", "no line"])
async def test_a_line_of_an_order_that_is_gone_is_kept_without_reference(orders: tuple[dict[str, object], ...]) -> None:
    end = far_end(collection(slip()), collection(slip_line("L1", 1)), collection(*orders), NONE)
    (shipment,) = (await since(end)).shipments
    assert (shipment.reference, shipment.lines) == ("NO-A", (ShippedLine("", Decimal(2), Decimal(1)),))


async def test_a_slip_without_lines_is_a_slip() -> None:
    """A correction may take everything back."""
    (shipment,) = (await since(far_end(collection(slip()), NONE, collection(order_row()), NONE))).shipments
    assert (shipment.number, shipment.lines) == ("NO-A", ())


async def test_the_orders_delivery_mode_and_carrier_stand_in_for_none() -> None:
    bare = slip(DlvMode=None, ShipCarrierId="")
    end = far_end(collection(bare), collection(slip_line()), collection(order_row()), NONE)
    (shipment,) = (await since(end)).shipments
    assert (shipment.delivery_mode, shipment.carrier) == ("ORDERED", "CARRIER-0")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.ReadTimeout, Unavailable),
        (html(), Unavailable),
        (httpx.Response(500), Unavailable),
        (httpx.Response(429), Throttled),
        (httpx.Response(403), Unauthorized),
        (collection({"SourceDocumentHeader": None}), Unavailable),
    ],
)
@pytest.mark.parametrize("call", range(4))
async def test_a_page_is_read_whole_or_not_at_all(answer: Planned, expected: type[BridgeError], call: int) -> None:
    """The cursor moves only past what was read with its lines."""
    planned: list[Planned] = [collection(slip()), collection(slip_line()), collection(order_row()), answer]
    planned[call] = answer
    with pytest.raises(expected) as failed:
        await since(far_end(*planned))
    assert type(failed.value) is expected
    assert "T-" not in str(failed.value)


@pytest.mark.parametrize("created", [None, "1900-01-01T00:00:00Z", "lately"])
async def test_a_slip_without_a_time_cannot_be_placed_in_the_list(created: str | None) -> None:
    with pytest.raises(Unavailable, match="missing or malformed"):
        await since(far_end(collection(slip(CreatedOn=created))))
