"""The entity set of customers: both kinds of party, their address, and what their orders take over."""

from __future__ import annotations

from sandboxes.finance_supply_chain.entity_set import EntitySet, properties, shown, some

CUSTOMERS = EntitySet(
    "CustomersV3",
    "CustomerV3",
    "customers",
    ("dataAreaId", "CustomerAccount"),
    properties(
        some("dataAreaId CustomerAccount PartyType", editable="create"),
        some(
            "PersonFirstName PersonMiddleName PersonLastName OrganizationName KnownAs NameAlias OrganizationNumber "
            "IdentificationNumber PartyCountry TaxExemptNumber FiscalCode CustomerGroupId SalesCurrencyCode "
            "SalesTaxGroup InvoiceAccount LanguageId DeliveryMode DeliveryTerms DeliveryReason PaymentTerms "
            "PaymentMethod SiteId WarehouseId SalesMemo SalesOrderPoolId ChargesGroupId ContactPersonId "
            "DefaultDimensionDisplayValue AddressDescription AddressStreet AddressStreetNumber "
            "AddressBuildingComplement AddressPostbox AddressZipCode AddressCity AddressCounty AddressState "
            "AddressDistrictName AddressCountryRegionId AddressCountryRegionISOCode AddressLocationRoles "
            "PrimaryContactEmail PrimaryContactEmailDescription PrimaryContactEmailPurpose PrimaryContactPhone "
            "PrimaryContactPhoneDescription PrimaryContactPhonePurpose PrimaryContactPhoneExtension"
        ),
        shown("PartyNumber FullPrimaryAddress AddressLocationId"),
        some("CreditLimit", "Decimal"),
        some(
            "IsSalesTaxIncludedInPrices IsOneTimeCustomer IsFinalUser CreditLimitIsMandatory OverrideSalesTax "
            "PrimaryContactEmailIsIM PrimaryContactPhoneIsMobile",
            "Enum",
            enum="NoYes",
        ),
        some("OnHoldStatus", "Enum", enum="CustVendorBlocked"),
    ),
    entity="CustomerV3Entity",
    source="CustTable (CustTable)",
)
