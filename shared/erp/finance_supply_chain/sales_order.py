"""A sales order draft as the bodies of F&O's header and line entities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from shared.erp.finance_supply_chain.batch import Post
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.delivery import delivery_fields
from shared.erp.finance_supply_chain.odata import data_area, yes_no
from shared.erp.lengths import fits, fitted
from shared.model.sales_order import DraftLine, SalesOrderDraft

HEADERS = "SalesOrderHeadersV3"
LINES = "SalesOrderLinesV3"

Body = dict[str, Any]


def posts(draft: SalesOrderDraft, configuration: Configuration) -> tuple[Post, ...]:
    """The header, then every line: what one changeset creates, all of it or nothing.

    Raises Rejected (`text_does_not_fit`).
    """
    lines = sorted(draft.lines, key=lambda line: line.number)
    return (
        Post(HEADERS, header(draft, configuration)),
        *(Post(LINES, order_line(draft, line, configuration)) for line in lines),
    )


def header(draft: SalesOrderDraft, configuration: Configuration) -> Body:
    """Our number is part of F&O's primary key, which is what makes a second order impossible.

    Lines must follow: they name our number, so an F&O that numbers the header itself fails the whole changeset.
    Where F&O is meant to number it, the order is stopped until all its lines are in.
    """
    derived = configuration.order_numbers == "derived"
    if not draft.lines or (derived and not draft.number):
        raise ValueError("a draft without number or lines: F&O might number it, and nothing would prevent a second one")
    reference = fitted(configuration.limits, "CustomersOrderReference", draft.reference)
    return {
        "dataAreaId": data_area(draft.company),
        **({"SalesOrderNumber": draft.number} if derived else {}),
        "CustomersOrderReference": reference,
        **_commercial_reference(draft, configuration),
        "OrderingCustomerAccountNumber": draft.customer,
        "InvoiceCustomerAccountNumber": draft.invoice_customer or draft.customer,
        "CurrencyCode": draft.currency,
        "ArePricesIncludingSalesTax": yes_no(draft.prices_include_tax),
        # Shipping fees are lines of their own; an auto charge would ask for them twice.
        "SkipCreateAutoCharges": yes_no(True),
        **_attribution(draft),
        **_shipping(draft),
        "IsDeliveryAddressOrderSpecific": yes_no(True),
        **delivery_fields(draft, configuration),
        **({"IsSalesProcessingStopped": yes_no(True)} if draft.on_hold or not derived else {}),
    }


def order_line(draft: SalesOrderDraft, line: DraftLine, configuration: Configuration) -> Body:
    """`LineAmount` is left to F&O: quantity x price without discounts, read back and compared afterwards."""
    reference = fitted(configuration.limits, "OrderLineReference", line.reference)
    return {
        "dataAreaId": data_area(draft.company),
        "SalesOrderNumber": draft.number,
        "ItemNumber": line.item.item,
        **_dimensions(line),
        "OrderedSalesQuantity": line.quantity,
        "SalesUnitSymbol": line.unit,
        "SalesPrice": line.unit_price,
        "SalesPriceQuantity": Decimal(1),
        # Stated, or trade agreements fill them in.
        "LineDiscountAmount": Decimal(0),
        "LineDiscountPercentage": Decimal(0),
        "SkipCreateAutoCharges": yes_no(True),
        **_filled(
            SalesTaxGroupCode=line.tax_group,
            SalesTaxItemGroupCode=line.item_tax_group,
            ShippingSiteId=line.site,
            ShippingWarehouseId=line.warehouse,
            RequestedShippingDate=_noon(draft.requested_shipping_date),
        ),
        "CustomersLineNumber": line.number,
        "OrderLineReference": reference,
        **({"ExternalItemNumber": reference} if fits(configuration.limits, "ExternalItemNumber", reference) else {}),
    }


def _commercial_reference(draft: SalesOrderDraft, configuration: Configuration) -> Body:
    """The shopper's basket: for people to search by, no key of ours. Too long for its field, it is the order's name."""
    text = draft.commercial_reference
    if not text:
        return {}
    if fits(configuration.limits, "CustomerRequisitionNumber", text):
        return {"CustomerRequisitionNumber": text}
    return {"SalesOrderName": fitted(configuration.limits, "SalesOrderName", text)}


def _attribution(draft: SalesOrderDraft) -> Body:
    return _filled(
        SalesOrderOriginCode=draft.origin,
        DefaultLedgerDimensionDisplayValue=draft.dimensions,
        SalesTaxGroupCode=draft.tax_group,
    )


def _shipping(draft: SalesOrderDraft) -> Body:
    """Site and warehouse stand on the header too, because a line of a service item may have none of its own."""
    stocked = next((line for line in draft.lines if line.site or line.warehouse), None)
    return _filled(
        DefaultShippingSiteId=stocked.site if stocked else "",
        DefaultShippingWarehouseId=stocked.warehouse if stocked else "",
        DeliveryModeCode=draft.delivery_mode,
        ShippingCarrierServiceId=draft.delivery_service,
        RequestedShippingDate=_noon(draft.requested_shipping_date),
    )


def _dimensions(line: DraftLine) -> Body:
    item = line.item
    return _filled(
        ProductConfigurationId=item.configuration,
        ProductSizeId=item.size,
        ProductColorId=item.colour,
        ProductStyleId=item.style,
        ProductVersionId=item.version,
    )


def _noon(day: date | None) -> str:
    """Noon UTC, so that no time zone between F&O and the reader turns it into another day."""
    return f"{day.isoformat()}T12:00:00Z" if day else ""


def _filled(**fields: str) -> Body:
    """Fields that have a value; an empty one is not sent, because F&O would take it for a wish."""
    return {name: value for name, value in fields.items() if value}
