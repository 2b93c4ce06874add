"""The entity set of posted sales invoices; it is only read."""

from __future__ import annotations

from sandboxes.finance_supply_chain.entity_set import EntitySet, properties, shown

INVOICES = EntitySet(
    "SalesInvoiceHeadersV2",
    "SalesInvoiceHeaderV2",
    "invoices",
    ("dataAreaId", "InvoiceNumber", "InvoiceDate", "LedgerVoucher"),
    properties(
        shown(
            "dataAreaId InvoiceNumber LedgerVoucher SalesOrderNumber CustomersOrderReference CurrencyCode "
            "InvoiceCustomerAccountNumber SalesOrderOriginCode SalesOrderResponsiblePersonnelNumber ContactPersonId "
            "DeliveryModeCode DeliveryTermsCode PaymentTermsName InvoiceAddressStreet InvoiceAddressStreetNumber "
            "InvoiceAddressZipCode InvoiceAddressCity InvoiceAddressState InvoiceAddressCountryRegionId "
            "InvoiceAddressCountryRegionISOCode"
        ),
        shown("InvoiceDate", "DateTimeOffset"),
        shown(
            "TotalInvoiceAmount TotalTaxAmount TotalChargeAmount TotalDiscountAmount InvoiceHeaderTaxAmount "
            "TotalDiscountCustomerGroupCode",
            "Decimal",
        ),
    ),
)
