"""Sales documents as the API shows them: orders and invoices with their lines (pages 30028, 30044 … of API v2.0)."""

from __future__ import annotations

from sandboxes.business_central.entity_set import EntitySet, properties

_ADDRESSES = """
sellToAddressLine1 text 100 *
sellToAddressLine2 text 50 *
sellToCity text 30 *
sellToCountry code 10 *
sellToState text 30 *
sellToPostCode code 20 *
billToAddressLine1 text 100
billToAddressLine2 text 50
billToCity text 30
billToCountry code 10
billToState text 30
billToPostCode code 20
shipToAddressLine1 text 100 *
shipToAddressLine2 text 50 *
shipToCity text 30 *
shipToCountry code 10 *
shipToState text 30 *
shipToPostCode code 20 *
"""
_PARTIES = """
customerId guid *
customerNumber code 20 *
customerName text 100
billToName text 100
billToCustomerId guid *
billToCustomerNumber code 20 *
shipToName text 100 *
shipToContact text 100 *
"""
_TOTALS = """
discountAmount decimal *
discountAppliedBeforeTax boolean
totalAmountExcludingTax decimal
totalTaxAmount decimal
totalAmountIncludingTax decimal
"""
_LINE = """
id guid
documentId guid *
sequence integer *
itemId guid *
accountId guid *
lineType enum *
lineObjectNumber code 20 *
description text 100 *
description2 text 50 *
unitOfMeasureId guid *
unitOfMeasureCode code 10 *
quantity decimal *
unitPrice decimal *
discountAmount decimal *
discountPercent decimal *
discountAppliedBeforeTax boolean
amountExcludingTax decimal
taxCode code 50 *
taxPercent decimal
totalTaxAmount decimal
amountIncludingTax decimal
invoiceDiscountAllocation decimal
netAmount decimal
netTaxAmount decimal
netAmountIncludingTax decimal
shipmentDate date *
"""

SALES_ORDERS = EntitySet(
    "salesOrders",
    "salesOrder",
    properties(
        f"""id guid
number code 20
externalDocumentNumber code 35 *
orderDate date *
postingDate date *
{_PARTIES.strip()}
{_ADDRESSES.strip()}
shortcutDimension1Code code 20 *
shortcutDimension2Code code 20 *
currencyId guid *
currencyCode code 10 *
pricesIncludeTax boolean *
paymentTermsId guid *
shipmentMethodId guid *
salesperson code 20 *
partialShipping boolean *
requestedDeliveryDate date *
{_TOTALS.strip()}
fullyShipped boolean
status enum
lastModifiedDateTime datetime
phoneNumber text 30 *
email text 80 *"""
    ),
    navigation={"salesOrderLines": "salesOrderLines"},
    insert=True,
    modify=True,
    delete=True,
    actions=("shipAndInvoice",),
)
SALES_ORDER_LINES = EntitySet(
    "salesOrderLines",
    "salesOrderLine",
    properties(
        f"""{_LINE.strip()}
shippedQuantity decimal
invoicedQuantity decimal
invoiceQuantity decimal *
shipQuantity decimal *
itemVariantId guid *
locationId guid *"""
    ),
    parent="documentId",
    parent_required=True,
    insert=True,
    modify=True,
    delete=True,
)
SALES_INVOICES = EntitySet(
    "salesInvoices",
    "salesInvoice",
    properties(
        f"""id guid
number code 20
externalDocumentNumber code 35
invoiceDate date
postingDate date
dueDate date
customerPurchaseOrderReference text 35
{_PARTIES.strip()}
{_ADDRESSES.strip()}
currencyId guid
shortcutDimension1Code code 20
shortcutDimension2Code code 20
currencyCode code 10
orderId guid
orderNumber code 20
paymentTermsId guid
shipmentMethodId guid
salesperson code 20
pricesIncludeTax boolean
remainingAmount decimal
{_TOTALS.strip()}
status enum
lastModifiedDateTime datetime
phoneNumber text 30
email text 80"""
    ),
    navigation={"salesInvoiceLines": "salesInvoiceLines"},
)
SALES_INVOICE_LINES = EntitySet(
    "salesInvoiceLines",
    "salesInvoiceLine",
    properties(
        f"""{_LINE.strip()}
itemVariantId guid
locationId guid"""
    ),
    parent="documentId",
    parent_required=True,
)
SALES_SHIPMENTS = EntitySet(
    "salesShipments",
    "salesShipment",
    properties(
        f"""id guid
number code 20
externalDocumentNumber code 35
invoiceDate date
postingDate date
dueDate date
customerPurchaseOrderReference text 35
{_PARTIES.strip()}
{_ADDRESSES.strip()}
currencyCode code 10
orderNumber code 20
paymentTermsCode code 10
shipmentMethodCode code 10
salesperson code 20
pricesIncludeTax boolean
lastModifiedDateTime datetime
phoneNumber text 30
email text 80"""
    ),
    navigation={"salesShipmentLines": "salesShipmentLines"},
)
SALES_SHIPMENT_LINES = EntitySet(
    "salesShipmentLines",
    "salesShipmentLine",
    properties(
        """id guid
documentId guid
documentNo code 20
sequence integer
lineType enum
lineObjectNumber code 20
description text 100
description2 text 50
unitOfMeasureCode code 10
unitPrice decimal
quantity decimal
discountPercent decimal
taxPercent decimal
shipmentDate date"""
    ),
    parent="documentId",
)
