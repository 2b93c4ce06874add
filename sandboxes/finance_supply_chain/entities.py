"""The entity sets of sales orders, and all that there are; a property that stands nowhere here is refused."""

from __future__ import annotations

from collections.abc import Mapping

from sandboxes.finance_supply_chain.customer_entity import CUSTOMERS
from sandboxes.finance_supply_chain.entity_set import EntitySet, properties, shown, some
from sandboxes.finance_supply_chain.invoice_entities import INVOICES
from sandboxes.finance_supply_chain.shipment_entities import SHIPMENT_LINES, SHIPMENTS, SLIP_LINES, SLIPS, TRACKING

_HEADER = properties(
    some("dataAreaId SalesOrderNumber OrderingCustomerAccountNumber CurrencyCode", editable="create"),
    some(
        "InvoiceCustomerAccountNumber CustomersOrderReference CustomerRequisitionNumber SalesOrderOriginCode "
        "SalesOrderName Email URL LanguageId SalesTaxGroupCode TaxExemptNumber ContactPersonId SalesOrderPoolId "
        "DeliveryModeCode DeliveryTermsCode DeliveryReasonCode ShippingCarrierId ShippingCarrierServiceId "
        "ShippingCarrierServiceGroupId DefaultShippingSiteId DefaultShippingWarehouseId DeliveryAddressName "
        "DeliveryAddressDescription DeliveryAddressStreet DeliveryAddressStreetNumber DeliveryAddressCity "
        "DeliveryAddressStateId DeliveryAddressCountyId DeliveryAddressDistrictName DeliveryAddressZipCode "
        "DeliveryAddressPostBox DeliveryAddressCountryRegionId DeliveryAddressCountryRegionISOCode "
        "DeliveryAddressLocationId DeliveryBuildingCompliment PaymentTermsName CustomerPaymentMethodName "
        "DefaultLedgerDimensionDisplayValue"
    ),
    shown("FormattedDelveryAddress"),
    some(
        "OrderTotalAmount OrderTotalChargesAmount OrderTotalDiscountAmount OrderTotalTaxAmount",
        "Decimal",
        editable="never",
    ),
    some("RequestedShippingDate RequestedReceiptDate ConfirmedShippingDate ConfirmedReceiptDate", "DateTimeOffset"),
    shown("OrderCreationDateTime", "DateTimeOffset"),
    some(
        "ArePricesIncludingSalesTax OverrideSalesTax IsDeliveryAddressOrderSpecific IsDeliveryAddressPrivate "
        "IsOneTimeCustomer IsSalesProcessingStopped SkipCreateAutoCharges ExcludeFromMasterPlanning IsExportSale",
        "Enum",
        enum="NoYes",
    ),
    shown("AreTotalsCalculated", "Enum", enum="NoYes"),
    some("InventoryReservationMethod", "Enum", enum="ItemReservation"),
    some("SalesOrderPromisingMethod", "Enum", enum="SalesDeliveryDateControlType"),
    shown("SalesOrderStatus", "Enum", enum="SalesStatus"),
    shown("SalesOrderProcessingStatus", "Enum", enum="SalesOrderProcessingStatus"),
)

_LINE = properties(
    some("dataAreaId SalesOrderNumber ItemNumber", editable="create"),
    shown("InventoryLotId CurrencyCode"),
    some(
        "SalesUnitSymbol ExternalItemNumber OrderLineReference CustomerRequisitionNumber LineDescription "
        "ProductColorId ProductConfigurationId ProductSizeId ProductStyleId ProductVersionId ShippingSiteId "
        "ShippingWarehouseId SalesTaxGroupCode SalesTaxItemGroupCode DeliveryModeCode DeliveryTermsId "
        "OrderedInventoryStatusId DefaultLedgerDimensionDisplayValue"
    ),
    some(
        "OrderedSalesQuantity SalesPrice SalesPriceQuantity LineDiscountAmount LineDiscountPercentage LineAmount "
        "FixedPriceCharges",
        "Decimal",
    ),
    shown("LineNumber", "Decimal"),
    some("CustomersLineNumber", "Int32"),
    shown("LineCreationSequenceNumber", "Int32"),
    some("RequestedShippingDate RequestedReceiptDate ConfirmedShippingDate ConfirmedReceiptDate", "DateTimeOffset"),
    some(
        "IsPriceLocked CalculateLineAmount SkipCreateAutoCharges OverrideSalesTax IsLineStopped "
        "ExcludeFromMasterPlanning",
        "Enum",
        enum="NoYes",
    ),
    some("InventoryReservationMethod", "Enum", enum="ItemReservation"),
    some("SalesOrderPromisingMethod", "Enum", enum="SalesDeliveryDateControlType"),
    shown("SalesOrderLineStatus", "Enum", enum="SalesStatus"),
)

HEADERS = EntitySet(
    "SalesOrderHeadersV3",
    "SalesOrderHeaderV3",
    "headers",
    ("dataAreaId", "SalesOrderNumber"),
    _HEADER,
    entity="SalesOrderHeaderV3Entity",
    source="SalesTable (SalesTable)",
    navigation={"SalesOrderLines": "SalesOrderLines"},
)
LINES = EntitySet(
    "SalesOrderLinesV3",
    "SalesOrderLineV3",
    "lines",
    ("dataAreaId", "InventoryLotId"),
    _LINE,
    entity="SalesOrderLineV3Entity",
    source="SalesLine (SalesLine)",
)
OLDER_LINES = EntitySet(  # the set that the header navigates to; the same lines under their older entity
    "SalesOrderLines",
    "SalesOrderLine",
    "lines",
    LINES.key,
    _LINE,
    entity="SalesOrderLineV2Entity",
    source=LINES.source,
)
ORIGINS = EntitySet(
    "SalesOrderOriginCodes",
    "SalesOrderOrigin",
    "origins",
    ("dataAreaId", "OriginCode"),
    properties(shown("dataAreaId OriginCode OriginDescription")),
)
ENTITY_SETS: Mapping[str, EntitySet] = {
    one.name: one
    for one in (
        HEADERS,
        LINES,
        OLDER_LINES,
        ORIGINS,
        CUSTOMERS,
        SLIPS,
        SLIP_LINES,
        TRACKING,
        SHIPMENTS,
        SHIPMENT_LINES,
        INVOICES,
    )
}
