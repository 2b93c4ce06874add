"""The entity sets of the API, by name."""

from __future__ import annotations

from collections.abc import Mapping

from sandboxes.business_central.document_entities import (
    SALES_INVOICE_LINES,
    SALES_INVOICES,
    SALES_ORDER_LINES,
    SALES_ORDERS,
    SALES_SHIPMENT_LINES,
    SALES_SHIPMENTS,
)
from sandboxes.business_central.entity_set import EntitySet, properties

_CODED = "id guid\ncode code {length}\ndisplayName text 100\nlastModifiedDateTime datetime"


def _coded(name: str, entity: str, length: int = 10, more: str = "", **kept: object) -> EntitySet:
    """A set of codes with a name each."""
    table = _CODED.format(length=length) + ("\n" + more if more else "")
    navigation = kept.get("navigation", {})
    assert isinstance(navigation, dict)
    return EntitySet(name, entity, properties(table), navigation=navigation)


COMPANIES = EntitySet(
    "companies",
    "company",
    properties(
        "id guid\nsystemVersion text\ntimestamp integer\nname text 30\ndisplayName text 250\nbusinessProfileId text"
    ),
)
CUSTOMERS = EntitySet(
    "customers",
    "customer",
    properties(
        """id guid
number code 20 *
displayName text 100 *
type enum *
addressLine1 text 100 *
addressLine2 text 50 *
city text 30 *
state text 30 *
country code 10 *
postalCode code 20 *
phoneNumber text 30 *
email text 80 *
website text 255 *
salespersonCode code 20 *
balanceDue decimal
creditLimit decimal *
taxLiable boolean *
taxAreaId guid *
taxAreaDisplayName text
taxRegistrationNumber text *
currencyId guid *
currencyCode code 10 *
paymentTermsId guid *
shipmentMethodId guid *
paymentMethodId guid *
blocked enum *
lastModifiedDateTime datetime"""
    ),
    navigation={"defaultDimensions": "defaultDimensions"},
    insert=True,
    modify=True,
    delete=True,
)
DEFAULT_DIMENSIONS = EntitySet(
    "defaultDimensions",
    "defaultDimension",
    properties(
        """id guid
parentType enum
parentId guid
dimensionId guid
dimensionCode code 20
dimensionValueId guid
dimensionValueCode code 20
postingValidation enum"""
    ),
    parent="parentId",
)
ITEMS = EntitySet(
    "items",
    "item",
    properties(
        """id guid
number code 20
displayName text 100
displayName2 text 50
type enum
blocked boolean
gtin code 14
inventory decimal
unitPrice decimal
priceIncludesTax boolean
unitCost decimal
taxGroupId guid
taxGroupCode code 20
baseUnitOfMeasureId guid
baseUnitOfMeasureCode code 10
lastModifiedDateTime datetime"""
    ),
    navigation={"itemVariants": "itemVariants"},
)
ITEM_VARIANTS = EntitySet(
    "itemVariants",
    "itemVariant",
    properties(
        """id guid
itemId guid
itemNumber code 20
code code 10
description text 100
lastModifiedDateTime datetime"""
    ),
    parent="itemId",
)
ACCOUNTS = EntitySet(
    "accounts",
    "account",
    properties(
        """id guid
number code 20
displayName text 100
blocked boolean
accountType enum
directPosting boolean
lastModifiedDateTime datetime"""
    ),
)
GENERAL_LEDGER_SETUP = EntitySet(
    "generalLedgerSetup",
    "generalLedgerSetup",
    properties(
        """id guid
allowPostingFrom date
allowPostingTo date
additionalReportingCurrency code 10
localCurrencyCode code 10
localCurrencySymbol text 10
lastModifiedDateTime datetime
shortcutDimension1Code code 20
shortcutDimension2Code code 20
shortcutDimension3Code code 20
shortcutDimension4Code code 20
shortcutDimension5Code code 20
shortcutDimension6Code code 20
shortcutDimension7Code code 20
shortcutDimension8Code code 20"""
    ),
)
DIMENSION_VALUES = EntitySet(
    "dimensionValues",
    "dimensionValue",
    properties(
        """id guid
code code 20
dimensionId guid
displayName text 50
lastModifiedDateTime datetime"""
    ),
    parent="dimensionId",
)
_TAX_TYPE = "taxType enum"
ENTITY_SETS: Mapping[str, EntitySet] = {
    one.name: one
    for one in (
        COMPANIES,
        SALES_ORDERS,
        SALES_ORDER_LINES,
        SALES_INVOICES,
        SALES_INVOICE_LINES,
        SALES_SHIPMENTS,
        SALES_SHIPMENT_LINES,
        CUSTOMERS,
        DEFAULT_DIMENSIONS,
        ITEMS,
        ITEM_VARIANTS,
        ACCOUNTS,
        GENERAL_LEDGER_SETUP,
        DIMENSION_VALUES,
        _coded("dimensions", "dimension", 20, navigation={"dimensionValues": "dimensionValues"}),
        _coded("locations", "location"),
        _coded("unitsOfMeasure", "unitOfMeasure", 10, "internationalStandardCode code 10"),
        _coded("taxGroups", "taxGroup", 20, _TAX_TYPE),
        _coded("taxAreas", "taxArea", 20, _TAX_TYPE),
        _coded("countriesRegions", "countryRegion", 10, "addressFormat text"),
        _coded(
            "currencies", "currency", 10, "symbol text 10\namountDecimalPlaces text 5\namountRoundingPrecision decimal"
        ),
        _coded("shipmentMethods", "shipmentMethod"),
        _coded("paymentTerms", "paymentTerm"),
    )
}
