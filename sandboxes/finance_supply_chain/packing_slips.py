"""Posting what left: packing slips and the warehouse's own documents beside them, corrections, tracking numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.order_status import delivered, number, refresh, refresh_line
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.shipment_entities import SLIP_LINES, SLIPS, TRACKING
from sandboxes.finance_supply_chain.shipment_journal import enter, withdraw
from sandboxes.finance_supply_chain.world import find
from sandboxes.warehouse.plan import Quantities


@dataclass(frozen=True, slots=True)
class Shipping:
    """What a slip says of its way; empty parts are filled in from the order, the carrier then from the warehouse."""

    carrier: str = ""
    service: str = ""
    delivery_mode: str = ""


def post(installation: Installation, header: Row, wanted: Quantities[Row], way: Shipping, now: datetime) -> Row:
    """The new slip. `wanted` are goods of the order and no more of them than is open."""
    drawn = installation.next_number(f"Slip_{header.text('dataAreaId')}")
    return _version(installation, header, f"PS{drawn}", wanted, _completed(installation, header, way), now)


def correct(
    installation: Installation, header: Row, slip: Row, quantities: Mapping[str, Decimal], now: datetime
) -> Row:
    """The slip's next version; `quantities` maps a lot to what it should have been, other lines stay as they are.

    The earlier version stays readable, as an export of versions would show it.
    """
    lines = {line.text("InventoryLotId"): line for line in installation.lines_of(header)}
    wanted = [
        (lines[row.text("InventTransId")], quantities.get(row.text("InventTransId"), number(row, "Qty")))
        for row in lines_on(installation, slip)
    ]
    shipment = withdraw(installation, slip, now)
    way = Shipping(slip.text("ShipCarrierId"), shipment.text("ShippingCarrierServiceId"), slip.text("DlvMode"))
    return _version(installation, header, slip.text("PackingSlipId"), wanted, way, now)


def lines_on(installation: Installation, slip: Row) -> list[Row]:
    """The lines of this version of a slip."""
    rows = installation.found("slip_lines", slip, "PackingSlipId", slip.text("PackingSlipId"))
    return [row for row in rows if row.values["CreatedOn"] == slip.values["CreatedOn"]]


def track(installation: Installation, slip: Row, tracking: str, now: datetime, url: str = "") -> None:
    """Put a tracking number on a slip; one that is there already stays as it is."""
    values: dict[str, Value] = {
        **TRACKING.empty(),
        "dataAreaId": slip.text("dataAreaId"),
        "SalesOrderNumber": slip.text("SalesId"),
        "PackingSlipNumber": slip.text("PackingSlipId"),
        "DeliveryDate": slip.values["DeliveryDate"],
        "TrackingNumber": tracking,
        "TrackingURL": url,
    }
    row = installation.tables["tracking"].insert(values, now)
    if row is not None:
        row.visible_from = slip.visible_from


def tracking_of(installation: Installation, slip: Row) -> list[Row]:
    """The tracking numbers that stand on the slip now."""
    rows = installation.found("tracking", slip, "PackingSlipNumber", slip.text("PackingSlipId"))
    return [row for row in rows if row.text("SalesOrderNumber") == slip.text("SalesId")]


def untrack(installation: Installation, slip: Row, now: datetime) -> None:
    for row in tracking_of(installation, slip):
        installation.tables["tracking"].delete(row, now)


def _completed(installation: Installation, header: Row, way: Shipping) -> Shipping:
    carrier = way.carrier or header.text("ShippingCarrierId") or installation.world.carrier
    own = header.text("ShippingCarrierServiceId") if carrier == header.text("ShippingCarrierId") else ""
    company = installation.world.company(header.text("dataAreaId"))
    services = find(company.carriers, carrier) if company is not None else None
    service = way.service or own or (services[0] if services else "")
    return Shipping(carrier, service, way.delivery_mode or header.text("DeliveryModeCode"))


def _version(
    installation: Installation, header: Row, slip_id: str, wanted: Quantities[Row], way: Shipping, now: datetime
) -> Row:
    """The database keeps whole seconds in CreatedOn."""
    at = now.replace(microsecond=0)
    visible = now + timedelta(seconds=installation.world.visible_after_seconds)
    with installation.transaction(now):
        slip = installation.tables["slips"].insert(_slip(installation, header, slip_id, wanted, way, at), at)
        assert slip is not None, "record ids are the system's own"
        slip.visible_from = visible
        for line, quantity in wanted:
            row = installation.tables["slip_lines"].insert(_line(installation, slip, line, quantity), at)
            assert row is not None, "record ids are the system's own"
            row.visible_from = visible
            refresh_line(installation, line, now)
        enter(installation, slip, wanted, way.service, now)
        refresh(installation, header, now)
    return slip


def _slip(
    installation: Installation, header: Row, slip_id: str, wanted: Quantities[Row], way: Shipping, at: datetime
) -> dict[str, Value]:
    record = installation.next_record()
    return {
        **SLIPS.empty(),
        "dataAreaId": header.text("dataAreaId"),
        "SysDataAreaId": header.text("dataAreaId"),
        "SourceDocumentHeader": record,
        "SourceKey": record,
        "SysRecVersion": 1,
        "PackingSlipId": slip_id,
        "InternalPackingSlipId": slip_id,
        "SalesId": header.text("SalesOrderNumber"),
        "CustomerRef": header.text("CustomersOrderReference"),
        "PurchaseOrder": header.text("CustomerRequisitionNumber"),
        "OrderAccount": header.text("OrderingCustomerAccountNumber"),
        "InvoiceAccount": header.text("InvoiceCustomerAccountNumber"),
        "DeliveryName": header.text("DeliveryAddressName"),
        "InvoicingName": header.text("SalesOrderName"),
        "LanguageId": header.text("LanguageId"),
        "DlvMode": way.delivery_mode,
        "DlvTerm": header.text("DeliveryTermsCode"),
        "ShipCarrierId": way.carrier,
        "inventLocationId": wanted[0][0].text("ShippingWarehouseId") if wanted else "",
        "Qty": sum((quantity for _, quantity in wanted), Decimal(0)),
        "CreatedOn": at,
        "DeliveryDate": day(at),
        "DocumentDate": day(at),
    }


def _line(installation: Installation, slip: Row, line: Row, quantity: Decimal) -> dict[str, Value]:
    record = installation.next_record()
    elsewhere = delivered(installation, line, but=slip.text("PackingSlipId"))
    rest = max(Decimal(0), number(line, "OrderedSalesQuantity") - elsewhere - quantity)
    return {
        **SLIP_LINES.empty(),
        **{name: slip.values[name] for name in ("dataAreaId", "SysDataAreaId", "PackingSlipId", "SalesId")},
        **{name: slip.values[name] for name in ("CreatedOn", "DeliveryDate", "DlvTerm")},
        "SourceDocumentLine": record,
        "SourceKey": record,
        "SysRecVersion": 1,
        "OrigSalesId": slip.text("SalesId"),
        "InventTransId": line.text("InventoryLotId"),
        "ItemId": line.text("ItemNumber"),
        "ExternalItemId": line.text("ExternalItemNumber"),
        "Name": line.text("LineDescription"),
        "SalesUnit": line.text("SalesUnitSymbol"),
        "CurrencyCode": line.text("CurrencyCode"),
        "Qty": quantity,
        "inventQty": quantity,
        "Ordered": line.values["OrderedSalesQuantity"],
        "Remain": rest,
        "RemainInvent": rest,
        "LineNum": line.values["LineNumber"],
        "PriceUnit": line.values["SalesPriceQuantity"],
        "SalesLineShippingDateRequested": line.values["RequestedShippingDate"],
        "SalesLineShippingDateConfirmed": line.values["ConfirmedShippingDate"],
        "StockedProduct": "Yes",
    }


def day(moment: datetime) -> datetime:
    """A date without time, as the database writes one."""
    return moment.replace(hour=12, minute=0, second=0, microsecond=0)
