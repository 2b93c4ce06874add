"""What people ship, track and correct by hand, and how readers find it in each of the five sets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import START, Caller, line

ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')?cross-company=true"
SLIPS = "CustPackingSlipJourBiEntities"
SLIP_LINES = "CustPackingSlipTransBiEntities"
TRACKING = "PackingSlipTrackingInformation"
SHIPMENTS = "ShipmentPackingSlipJournalHeaders"
SHIPMENT_LINES = "ShipmentPackingSlipJournalLines"
SECOND = line(ExternalItemNumber="", OrderLineReference="second", ItemNumber="ITEM-002", OrderedSalesQuantity=5)


def control(caller: Caller, name: str, **content: Any) -> Any:
    return controls(caller.sandbox)[name](content, caller.now)


def shipped(*lines: dict[str, Any], **content: Any) -> Caller:
    """An order with two lines (or those given) that has been shipped as `content` says."""
    caller = Caller()
    caller.order(*(lines or (line(), SECOND)))
    control(caller, "ship", number="MKA-0001-A", **content)
    return caller


def values(caller: Caller, path: str) -> list[dict[str, Any]]:
    return list(caller.get(path)["value"])


def test_a_slip_names_its_order_its_way_and_its_date() -> None:
    (slip,) = values(shipped(carrier="CARRIER-2", delivery_mode="EXP"), SLIPS)
    expected = {
        "SalesId": "MKA-0001-A",
        "CustomerRef": "MKA-0001-A",
        "OrderAccount": "MKP-FR-EUR",
        "ShipCarrierId": "CARRIER-2",
        "DlvMode": "EXP",
        "inventLocationId": "11",
        "Qty": 7,
        "CreatedOn": "2026-03-02T08:00:30Z",
        "DeliveryDate": "2026-03-02T12:00:00Z",
    }

    assert {name: slip[name] for name in expected} == expected


def test_its_lines_are_found_by_their_lots() -> None:
    caller = shipped(lines={"second": 2})
    ordered = {one["OrderLineReference"]: one["InventoryLotId"] for one in values(caller, "SalesOrderLinesV3")}
    (found,) = values(caller, f"{SLIP_LINES}?$filter=InventTransId eq '{ordered['second']}'")

    assert (found["Qty"], found["Ordered"], found["Remain"], found["SalesUnit"]) == (2, 5, 3, "pcs")
    assert (found["ItemId"], found["LineNum"], found["SalesId"]) == ("ITEM-002", 2, "MKA-0001-A")


def test_the_warehouses_documents_say_the_same() -> None:
    caller = shipped(lines={"second": 2}, service="AIR")
    (slip,), (document,) = values(caller, SLIPS), values(caller, SHIPMENTS)
    (content,) = values(caller, f"{SHIPMENT_LINES}?$filter=ConsignerOrderNumber eq 'MKA-0001-A'")

    assert document["ShipmentPackingSlipNumber"] == slip["PackingSlipId"]
    assert (document["ShippingCarrierId"], document["ShippingCarrierServiceId"]) == ("CARRIER-1", "AIR")
    assert (document["DocumentDate"], document["IsActive"]) == ("2026-03-02T12:00:00Z", "Yes")
    assert (content["ShippedQuantity"], content["OrderedQuantity"], content["RemainingQuantity"]) == (2, 5, 3)
    assert content["ShipmentPackingSlipVersionNumber"] == document["ShipmentPackingSlipVersionNumber"]


def test_tracking_comes_with_the_slip_and_after_it_and_never_twice() -> None:
    caller = shipped(lines={"second": 2}, tracking=["T-1", "T-2"])
    control(caller, "ship", number="MKA-0001-A", tracking="T-3")
    control(caller, "track", number="MKA-0001-A", tracking=["T-3", "T-4"])
    control(caller, "track", number="MKA-0001-A", tracking="T-5", slip="PS000001", anew=True)

    assert {(one["PackingSlipNumber"], one["TrackingNumber"]) for one in values(caller, TRACKING)} == {
        ("PS000001", "T-5"),
        ("PS000002", "T-3"),
        ("PS000002", "T-4"),
    }
    first = control(caller, "books")["shipments"][0]["tracking"]
    assert [(one["number"], one["until"]) for one in first] == [("T-1", START), ("T-2", START), ("T-5", None)]


def test_a_correction_is_another_version_of_the_same_slip() -> None:
    caller = shipped(tracking="T-1")
    caller.later(5)
    corrected = control(caller, "correct_slip", slip="PS000001", lines={"second": 3})
    before, after = values(caller, SLIPS)

    assert before["PackingSlipId"] == after["PackingSlipId"] == corrected["slip"]
    assert before["SourceDocumentHeader"] < after["SourceDocumentHeader"] == corrected["id"]
    assert (before["CreatedOn"], after["CreatedOn"]) == ("2026-03-02T08:00:30Z", "2026-03-02T08:00:35Z")
    lines = values(caller, f"{SLIP_LINES}?$filter=CreatedOn eq {after['CreatedOn']}")
    assert [(one["Qty"], one["Remain"]) for one in lines] == [(2, 0), (3, 2)]
    assert [one["IsActive"] for one in values(caller, SHIPMENTS)] == ["No", "Yes"]
    order = caller.get(ONE)
    assert (order["SalesOrderStatus"], order["SalesOrderProcessingStatus"]) == ("Backorder", "PartiallyDelivered")
    assert [[one["shipped"] for one in slip["lines"]] for slip in control(caller, "books")["shipments"]] == [
        [2, 5],
        [2, 3],
    ]


def test_what_a_correction_took_back_leaves_again_and_the_order_left_when_that_did() -> None:
    caller = shipped()
    caller.later(5)
    control(caller, "correct_slip", slip="PS000001", lines={"second": 0})
    caller.later(5)
    control(caller, "ship", number="MKA-0001-A")

    (order,) = control(caller, "books")["orders"]
    assert order["shipped_at"] == caller.now
    assert values(caller, f"{SLIP_LINES}?$filter=PackingSlipId eq 'PS000002'")[0]["Qty"] == 5


def test_a_correction_that_changes_nothing_of_the_whole_does_not_make_an_order_leave_anew() -> None:
    caller = shipped()
    caller.later(5)
    control(caller, "correct_slip", slip="PS000001", lines={"second": 5})

    assert control(caller, "books")["orders"][0]["shipped_at"] == START


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("ship", {"number": "X"}, "no sales order X"),
        ("ship", {"number": "MKA-0001-A", "lines": {"second": 4}}, "3 is open, not 4"),
        ("ship", {"number": "MKA-0001-A", "lines": {"second": 0}}, "3 is open, not 0"),
        ("ship", {"number": "MKA-0001-A", "lines": {"fee": 1}}, "reference fee"),
        ("ship", {"number": "MKA-0001-A", "carrier": "OX"}, "no carrier OX"),
        ("ship", {"number": "MKA-0001-A", "delivery_mode": "OX"}, "no mode of delivery OX"),
        ("track", {"number": "MKA-0001-A", "slip": "PS9", "tracking": "T"}, "no such packing slip"),
        ("correct_slip", {"slip": "PS9", "lines": {}}, "no such packing slip"),
        ("correct_slip", {"slip": "PS000001", "lines": {"second": 6}}, "6 of second cannot have left"),
        ("correct_slip", {"slip": "PS000001", "lines": {"MKA-0001-A-1": 1}}, "reference MKA-0001-A-1"),
        ("warehouse", {"boats": 1}, "boats"),
        ("warehouse", {"tracking": {"pigeon": 1}}, "pigeon"),
    ],
)
def test_people_cannot_do_what_the_installation_would_refuse(name: str, content: dict[str, Any], told: str) -> None:
    caller = shipped(line(), SECOND, line(ItemNumber="SHIPPING", OrderLineReference="fee"), lines={"second": 2})
    caller.later(5)

    with pytest.raises(ValueError, match=told):
        control(caller, name, **content)
    assert len(values(caller, SLIPS)) == 1


def test_nothing_leaves_twice_nor_while_it_is_stopped_nor_is_corrected_in_the_same_second() -> None:
    caller = shipped()
    with pytest.raises(ValueError, match="nothing of sales order MKA-0001-A is open"):
        control(caller, "ship", number="MKA-0001-A")
    with pytest.raises(ValueError, match="a second after"):
        control(caller, "correct_slip", slip="PS000001", lines={"second": 1})
    caller.order(SalesOrderNumber="B", IsSalesProcessingStopped="Yes")
    with pytest.raises(ValueError, match="sales order B is stopped"):
        control(caller, "ship", number="B")


def test_what_has_left_keeps_its_order_its_lines_and_their_quantities() -> None:
    caller = shipped(lines={"second": 2})
    untouched, partly = (one["InventoryLotId"] for one in values(caller, "SalesOrderLinesV3"))
    control(caller, "cancel_line", number="MKA-0001-A", reference="MKA-0001-A-1")
    path = "SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{}')?cross-company=true"

    assert caller.call("DELETE", ONE).status == 400
    with pytest.raises(ValueError, match="picked or delivered"):
        control(caller, "delete_order", number="MKA-0001-A")
    assert caller.call("DELETE", path.format(partly)).status == 400
    assert caller.call("PATCH", path.format(partly), {"OrderedSalesQuantity": 1}).status == 400
    assert caller.call("PATCH", path.format(partly), {"OrderedSalesQuantity": 2}).status == 204
    assert caller.call("PATCH", path.format(untouched), {"OrderedSalesQuantity": 1}).status == 400
    assert caller.call("DELETE", path.format(untouched)).status == 204


def test_a_line_that_a_correction_emptied_stays() -> None:
    caller = shipped(line())
    caller.later(1)
    control(caller, "correct_slip", slip="PS000001", lines={"MKA-0001-A-1": 0})
    (lot,) = (one["InventoryLotId"] for one in values(caller, "SalesOrderLinesV3"))

    assert caller.get(ONE)["SalesOrderProcessingStatus"] == "Active"
    assert caller.call("DELETE", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lot}')").status == 400


def many(count: int) -> Caller:
    """Slips a second apart, two in each."""
    caller = Caller()
    for number in range(count):
        caller.order(SalesOrderNumber=f"N-{number}", CustomersOrderReference=f"R-{number}")
    for number in range(count):
        caller.later(number % 2)
        control(caller, "ship", number=f"N-{number}", tracking=f"T-{number}")
    return caller


@pytest.mark.parametrize("top", [1, 2, 3, 50])
def test_a_reader_that_goes_by_moment_and_id_misses_none_and_reads_none_twice(top: int) -> None:
    caller, read = many(7), []
    at, after = "1900-01-01T00:00:00Z", 0
    while True:
        condition = f"CreatedOn gt {at} or (CreatedOn eq {at} and SourceDocumentHeader gt {after})"
        options = f"$filter=dataAreaId eq 'usmf' and ({condition})&$orderby=CreatedOn,SourceDocumentHeader&$top={top}"
        page = values(caller, f"{SLIPS}?cross-company=true&{quote(options, safe='=&$')}")
        if not page:
            break
        read += [one["SalesId"] for one in page]
        at, after = page[-1]["CreatedOn"], page[-1]["SourceDocumentHeader"]

    assert read == [f"N-{number}" for number in range(7)]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (f"{SLIPS}?$filter=CreatedOn ge 2026-03-02T08:00:32Z and CreatedOn lt 2026-03-02T08:00:33Z", 2),
        (f"{SLIPS}?$filter=CreatedOn ne 2026-03-02T08:00:32Z", 5),
        (f"{SLIPS}?$filter=CreatedOn gt 2026-03-02T08:00:32Z or SalesId eq 'N-0'", 3),
        (f"{SLIPS}?$filter=SourceDocumentHeader le 5637144579", 2),
        (f"{SLIPS}?$filter=CustomerRef eq 'R-*'", 7),
        (f"{SLIPS}?$filter=CustomerRef eq 'X-*'", 0),
        (f"{SLIP_LINES}?$filter=SalesId eq 'N-1' or SalesId eq 'N-5' or SalesId eq 'nobody'", 2),
        (f"{TRACKING}?$filter=SalesOrderNumber eq 'N-1' or SalesOrderNumber eq 'N-2'", 2),
        (f"{SHIPMENTS}?$filter=DocumentDate ge 2026-03-02T12:00:00Z&$skip=5&$top=5", 2),
        (f"{SHIPMENTS}?$filter=IsActive eq Microsoft.Dynamics.DataEntities.NoYes'Yes'", 7),
        (f"{SHIPMENT_LINES}?$filter=ShippedQuantity gt 1 and ConsignerOrderNumber eq 'N-3'", 1),
    ],
)
def test_filters_find_what_they_say(path: str, found: int) -> None:
    assert len(values(many(7), path)) == found


def test_every_document_is_read_by_its_key() -> None:
    caller = shipped(tracking="T/1")
    (slip,), (tracked,) = values(caller, SLIPS), values(caller, TRACKING)
    key = (
        f"dataAreaId='usmf',SalesOrderNumber='MKA-0001-A',PackingSlipNumber='{tracked['PackingSlipNumber']}',"
        f"DeliveryDate={tracked['DeliveryDate']},TrackingNumber='T%2F1'"
    )

    by_key = caller.get(f"{SLIPS}(dataAreaId='usmf',SourceDocumentHeader={slip['SourceDocumentHeader']})")
    assert by_key["PackingSlipId"] == slip["PackingSlipId"]
    assert caller.get(f"{TRACKING}({key})")["TrackingNumber"] == "T/1"
    assert caller.call("GET", f"{TRACKING}({key.replace('T12', 'T11')})").status == 404


def test_a_slip_of_another_company_is_read_across_companies_only() -> None:
    caller = Caller()
    caller.order(line(dataAreaId="frrt"), dataAreaId="frrt")
    control(caller, "ship", number="MKA-0001-A", company="frrt", tracking="T-1")

    assert [len(values(caller, name)) for name in (SLIPS, SLIP_LINES, TRACKING, SHIPMENTS)] == [0, 0, 0, 0]
    assert len(values(caller, f"{SLIPS}?cross-company=true&$filter=dataAreaId eq 'frrt'")) == 1


def test_a_part_of_a_unit_leaves_where_the_unit_has_decimals() -> None:
    caller = shipped(
        line(ItemNumber="LOOSE-01", SalesUnitSymbol="kg", OrderedSalesQuantity=Decimal("1.5")),
        lines={"MKA-0001-A-1": "0.75"},
    )

    assert values(caller, SLIP_LINES)[0]["Remain"] == Decimal("0.75")


def test_the_books_tell_what_left_and_what_of_it_could_be_read_when() -> None:
    caller = Caller({"visible_after_seconds": 30})
    caller.order()
    control(caller, "ship", number="MKA-0001-A", tracking="T-1")
    (slip,) = control(caller, "books")["shipments"]

    assert (slip["slip"], slip["company"], slip["number"]) == ("PS000001", "usmf", "MKA-0001-A")
    assert (slip["created"], slip["visible_from"]) == (START, START + timedelta(seconds=30))
    assert slip["lines"] == [{"reference": "MKA-0001-A-1", "lot": "000001", "ordered": 2, "shipped": 2}]
    assert slip["tracking"] == [{"number": "T-1", "from": START, "until": None}]
    assert values(caller, SLIPS) == values(caller, TRACKING) == []
