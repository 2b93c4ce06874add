"""The warehouse's own shipment documents, written beside each packing slip so that either source can be read."""

from __future__ import annotations

from datetime import datetime

from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.shipment_entities import SHIPMENT_LINES, SHIPMENTS
from sandboxes.warehouse.plan import Quantities


def enter(installation: Installation, slip: Row, wanted: Quantities[Row], service: str, now: datetime) -> None:
    """The document of a slip's version; it has the slip's number, which tracking names too."""
    values = _header(installation, slip, service)
    row = installation.tables["shipments"].insert(values, now)
    assert row is not None, "version numbers are the system's own"
    row.visible_from = slip.visible_from
    on_slip = installation.found("slip_lines", slip, "PackingSlipId", slip.text("PackingSlipId"))
    rest = {one.text("InventTransId"): one.values["Remain"] for one in on_slip}
    for line, quantity in wanted:
        content = {**_line(line), **_quantities(quantity, rest[line.text("InventoryLotId")])}
        content["ShipmentPackingSlipVersionNumber"] = values["ShipmentPackingSlipVersionNumber"]
        entered = installation.tables["shipment_lines"].insert(content, now)
        assert entered is not None, "a lot stands once on a version"
        entered.visible_from = slip.visible_from


def withdraw(installation: Installation, slip: Row, now: datetime) -> Row:
    """The version that a correction replaces: it stays, and is active no longer."""
    rows = installation.found("shipments", slip, "ShipmentPackingSlipNumber", slip.text("PackingSlipId"))
    installation.tables["shipments"].change(rows[-1], {"IsActive": "No"}, now)
    return rows[-1]


def _header(installation: Installation, slip: Row, service: str) -> dict[str, Value]:
    company = slip.text("dataAreaId")
    version = installation.next_number(f"SlipVersion_{company}")
    return {
        **SHIPMENTS.empty(),
        "dataAreaId": company,
        "ShipmentPackingSlipVersionNumber": f"SPV{version}",
        "ShipmentPackingSlipNumber": slip.text("PackingSlipId"),
        "ShipmentId": f"SHP{slip.text('PackingSlipId').removeprefix('PS')}",
        "LoadId": f"LD{version}",
        "ShippingCarrierId": slip.text("ShipCarrierId"),
        "ShippingCarrierServiceId": service,
        "ShipFromWarehouseId": slip.text("inventLocationId"),
        "DeliveryTermsCode": slip.text("DlvTerm"),
        "ConsigneeAccountNumber": slip.text("OrderAccount"),
        "ConsigneeReference": slip.text("CustomerRef"),
        "ConsigneeName": slip.text("DeliveryName"),
        "ReceiverName": slip.text("DeliveryName"),
        "DocumentDate": slip.values["DocumentDate"],
        "DeliveryDate": slip.values["DeliveryDate"],
        "IsActive": "Yes",
    }


def _line(line: Row) -> dict[str, Value]:
    position = int(str(line.values["LineCreationSequenceNumber"]))
    return {
        **SHIPMENT_LINES.empty(),
        "dataAreaId": line.text("dataAreaId"),
        "InventoryLotId": line.text("InventoryLotId"),
        "ConsignerOrderNumber": line.text("SalesOrderNumber"),
        "ConsignerLineNumber": position,
        "ConsigneeLineNumber": int(str(line.values["CustomersLineNumber"])),
        "ConsigneePurchaseOrderNumber": line.text("CustomerRequisitionNumber"),
        "ItemNumber": line.text("ItemNumber"),
        "OrderedUnitSymbol": line.text("SalesUnitSymbol"),
        "HandlingUnitSymbol": line.text("SalesUnitSymbol"),
        "OrderedQuantity": line.values["OrderedSalesQuantity"],
    }


def _quantities(quantity: Value, rest: Value) -> dict[str, Value]:
    return {
        "ShippedQuantity": quantity,
        "ShippedHandlingQuantity": quantity,
        "RemainingQuantity": rest,
        "RemainingHandlingQuantity": rest,
    }
