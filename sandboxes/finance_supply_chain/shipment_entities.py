"""The entity sets of what left the warehouse; all of them are only read.

A packing slip's lines carry no key of their slip: only its number and the moment of posting tell its versions apart.
"""

from __future__ import annotations

from sandboxes.finance_supply_chain.entity_set import EntitySet, properties, shown

SLIPS = EntitySet(
    "CustPackingSlipJourBiEntities",
    "CustPackingSlipJourBiEntity",
    "slips",
    ("dataAreaId", "SourceDocumentHeader"),
    properties(
        shown(
            "dataAreaId SysDataAreaId PackingSlipId InternalPackingSlipId SalesId CustomerRef PurchaseOrder "
            "OrderAccount InvoiceAccount DlvMode DlvTerm DlvReason ShipCarrierId ShipCarrierAccount inventLocationId "
            "BillOfLadingId FreightSlipNum DeliveryName InvoicingName LanguageId LedgerVoucher ParmId "
            "NumberSequenceGroup ContactPersonId"
        ),
        shown("SourceDocumentHeader SourceKey", "Int64"),
        shown("SysRecVersion", "Int32"),
        shown("Qty Weight Volume", "Decimal"),
        shown("CreatedOn DeliveryDate DocumentDate", "DateTimeOffset"),
        shown("Printed InterCompanyPosted", "Enum", enum="NoYes"),
    ),
)
SLIP_LINES = EntitySet(
    "CustPackingSlipTransBiEntities",
    "CustPackingSlipTransBiEntity",
    "slip_lines",
    ("dataAreaId", "SourceDocumentLine"),
    properties(
        shown(
            "dataAreaId SysDataAreaId PackingSlipId SalesId OrigSalesId InventTransId ItemId ExternalItemId Name "
            "SalesUnit CurrencyCode DlvTerm InventDimId InventRefId InventRefTransId NumberSequenceGroup SalesGroup"
        ),
        shown("SourceDocumentLine SourceKey ParmLine", "Int64"),
        shown("SysRecVersion", "Int32"),
        shown("Qty inventQty Ordered Remain RemainInvent LineNum PriceUnit Weight", "Decimal"),
        shown("CreatedOn DeliveryDate SalesLineShippingDateRequested SalesLineShippingDateConfirmed", "DateTimeOffset"),
        shown("StockedProduct FullyMatched Scrap", "Enum", enum="NoYes"),
    ),
)
TRACKING = EntitySet(
    "PackingSlipTrackingInformation",
    "PackingSlipTrackingInformation",
    "tracking",
    ("dataAreaId", "SalesOrderNumber", "PackingSlipNumber", "DeliveryDate", "TrackingNumber"),
    properties(
        shown("dataAreaId SalesOrderNumber PackingSlipNumber TrackingNumber TrackingURL"),
        shown("DeliveryDate", "DateTimeOffset"),
    ),
)
SHIPMENTS = EntitySet(
    "ShipmentPackingSlipJournalHeaders",
    "ShipmentPackingSlipJournalHeader",
    "shipments",
    ("dataAreaId", "ShipmentPackingSlipVersionNumber"),
    properties(
        shown(
            "dataAreaId ShipmentPackingSlipVersionNumber ShipmentPackingSlipNumber ShipmentId LoadId "
            "ShippingCarrierId ShippingCarrierServiceId ShipFromWarehouseId DeliveryTermsCode SourceSystemId "
            "ConsigneeAccountNumber ConsigneeReference ConsigneeName ReceiverName"
        ),
        shown("DocumentDate DeliveryDate", "DateTimeOffset"),
        shown("IsActive", "Enum", enum="NoYes"),
    ),
)
SHIPMENT_LINES = EntitySet(
    "ShipmentPackingSlipJournalLines",
    "ShipmentPackingSlipJournalLine",
    "shipment_lines",
    ("dataAreaId", "InventoryLotId", "ShipmentPackingSlipVersionNumber"),
    properties(
        shown(
            "dataAreaId InventoryLotId ShipmentPackingSlipVersionNumber ConsignerOrderNumber ItemNumber "
            "OrderedUnitSymbol HandlingUnitSymbol WeightUnitSymbol ConsigneePurchaseOrderNumber ConsigneeReference "
            "SourceSystemItemNumber SourceSystemItemMasterNumber"
        ),
        shown("ConsignerLineNumber", "Int64"),
        shown("ConsigneeLineNumber", "Int32"),
        shown(
            "ShippedQuantity OrderedQuantity RemainingQuantity ShippedHandlingQuantity RemainingHandlingQuantity "
            "ShippedWeight",
            "Decimal",
        ),
    ),
)
