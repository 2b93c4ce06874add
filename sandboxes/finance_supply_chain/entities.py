"""The entity sets that a sales order needs: keys, typed properties, navigation; any other property is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from sandboxes.finance_supply_chain.edm import Kind, Property, Value

TableName = Literal["headers", "lines", "origins", "customers"]
Editable = Literal["always", "create", "never"]


@dataclass(frozen=True, slots=True)
class EntitySet:
    """`entity` and `source` are the names that the infolog uses; `navigation` maps a property to an entity set."""

    name: str
    type_name: str
    table: TableName
    key: tuple[str, ...]
    properties: Mapping[str, Property]
    entity: str = ""
    source: str = ""
    navigation: Mapping[str, str] = field(default_factory=dict)

    @property
    def writable(self) -> bool:
        return bool(self.entity)

    def empty(self) -> dict[str, Value]:
        return {name: one.empty() for name, one in self.properties.items()}


def _some(names: str, kind: Kind = "String", *, editable: Editable = "always", enum: str = "") -> Iterator[Property]:
    return (Property(name, kind, enum, editable) for name in names.split())


def _properties(*groups: Iterator[Property]) -> dict[str, Property]:
    return {one.name: one for one in chain(*groups)}


_HEADER = _properties(
    _some("dataAreaId SalesOrderNumber OrderingCustomerAccountNumber CurrencyCode", editable="create"),
    _some(
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
    _some("FormattedDelveryAddress", editable="never"),
    _some(
        "OrderTotalAmount OrderTotalChargesAmount OrderTotalDiscountAmount OrderTotalTaxAmount",
        "Decimal",
        editable="never",
    ),
    _some("RequestedShippingDate RequestedReceiptDate ConfirmedShippingDate ConfirmedReceiptDate", "DateTimeOffset"),
    _some("OrderCreationDateTime", "DateTimeOffset", editable="never"),
    _some(
        "ArePricesIncludingSalesTax OverrideSalesTax IsDeliveryAddressOrderSpecific IsDeliveryAddressPrivate "
        "IsOneTimeCustomer IsSalesProcessingStopped SkipCreateAutoCharges ExcludeFromMasterPlanning IsExportSale",
        "Enum",
        enum="NoYes",
    ),
    _some("AreTotalsCalculated", "Enum", enum="NoYes", editable="never"),
    _some("InventoryReservationMethod", "Enum", enum="ItemReservation"),
    _some("SalesOrderPromisingMethod", "Enum", enum="SalesDeliveryDateControlType"),
    _some("SalesOrderStatus", "Enum", enum="SalesStatus", editable="never"),
    _some("SalesOrderProcessingStatus", "Enum", enum="SalesOrderProcessingStatus", editable="never"),
)

_LINE = _properties(
    _some("dataAreaId SalesOrderNumber ItemNumber", editable="create"),
    _some("InventoryLotId CurrencyCode", editable="never"),
    _some(
        "SalesUnitSymbol ExternalItemNumber OrderLineReference CustomerRequisitionNumber LineDescription "
        "ProductColorId ProductConfigurationId ProductSizeId ProductStyleId ProductVersionId ShippingSiteId "
        "ShippingWarehouseId SalesTaxGroupCode SalesTaxItemGroupCode DeliveryModeCode DeliveryTermsId "
        "OrderedInventoryStatusId DefaultLedgerDimensionDisplayValue"
    ),
    _some(
        "OrderedSalesQuantity SalesPrice SalesPriceQuantity LineDiscountAmount LineDiscountPercentage LineAmount "
        "FixedPriceCharges",
        "Decimal",
    ),
    _some("LineNumber", "Decimal", editable="never"),
    _some("CustomersLineNumber", "Int32"),
    _some("LineCreationSequenceNumber", "Int32", editable="never"),
    _some("RequestedShippingDate RequestedReceiptDate ConfirmedShippingDate ConfirmedReceiptDate", "DateTimeOffset"),
    _some(
        "IsPriceLocked CalculateLineAmount SkipCreateAutoCharges OverrideSalesTax IsLineStopped "
        "ExcludeFromMasterPlanning",
        "Enum",
        enum="NoYes",
    ),
    _some("InventoryReservationMethod", "Enum", enum="ItemReservation"),
    _some("SalesOrderPromisingMethod", "Enum", enum="SalesDeliveryDateControlType"),
    _some("SalesOrderLineStatus", "Enum", enum="SalesStatus", editable="never"),
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
    _properties(_some("dataAreaId OriginCode OriginDescription", editable="never")),
)
CUSTOMERS = EntitySet(
    "CustomersV3",
    "CustomerV3",
    "customers",
    ("dataAreaId", "CustomerAccount"),
    _properties(
        _some(
            "dataAreaId CustomerAccount CustomerGroupId PartyType OrganizationName SalesCurrencyCode SalesTaxGroup "
            "InvoiceAccount DeliveryMode LanguageId",
            editable="never",
        ),
        _some("IsSalesTaxIncludedInPrices", "Enum", enum="NoYes", editable="never"),
        _some("OnHoldStatus", "Enum", enum="CustVendorBlocked", editable="never"),
    ),
)
ENTITY_SETS: Mapping[str, EntitySet] = {one.name: one for one in (HEADERS, LINES, OLDER_LINES, ORIGINS, CUSTOMERS)}
