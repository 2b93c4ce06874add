"""Which fields must name something that is set up, which must be filled in, and how long their texts may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.world import Company, World, among, find


@dataclass(frozen=True, slots=True)
class Relation:
    """`label` and `related` are the words of the infolog; an empty value relates to nothing and is fine."""

    property: str
    label: str
    related: str
    known: Callable[[World, Company, str], bool]


def _customer(_: World, company: Company, name: str) -> bool:
    return find(company.customers, name) is not None


def _origin(_: World, company: Company, name: str) -> bool:
    return find(company.origins, name) is not None


def _currency(world: World, _: Company, name: str) -> bool:
    return find(world.currencies, name) is not None


def _delivery_mode(_: World, company: Company, name: str) -> bool:
    return find(company.delivery_modes, name) is not None


def _carrier(_: World, company: Company, name: str) -> bool:
    return find(company.carriers, name) is not None


def _carrier_service(_: World, company: Company, name: str) -> bool:
    return any(among(services, name) for services in company.carriers.values())


def _tax_group(_: World, company: Company, name: str) -> bool:
    return find(company.tax_groups, name) is not None


def _item_tax_group(_: World, company: Company, name: str) -> bool:
    return find(company.item_tax_groups, name) is not None


def _site(_: World, company: Company, name: str) -> bool:
    return find(company.sites, name) is not None


def _warehouse(_: World, company: Company, name: str) -> bool:
    return site_of(company, name) is not None


def _country(world: World, _: Company, name: str) -> bool:
    return find(world.countries, name) is not None


def _country_iso(world: World, _: Company, name: str) -> bool:
    return among(tuple(world.countries.values()), name)


def _unit(world: World, _: Company, name: str) -> bool:
    return find(world.units, name) is not None


def _customer_group(_: World, company: Company, name: str) -> bool:
    return find(company.customer_groups, name) is not None


def _tax_exempt_number(world: World, company: Company, name: str) -> bool:
    return not world.validates_tax_exempt_numbers or find(company.tax_exempt_numbers, name) is not None


def _item(_: World, company: Company, name: str) -> bool:
    return find(company.items, name) is not None


HEADER_RELATIONS = (
    Relation("OrderingCustomerAccountNumber", "Customer account", "Customers", _customer),
    Relation("InvoiceCustomerAccountNumber", "Invoice account", "Customers", _customer),
    Relation("CurrencyCode", "Currency", "Currency", _currency),
    Relation("SalesOrderOriginCode", "Sales origin", "Sales origin", _origin),
    Relation("SalesTaxGroupCode", "Sales tax group", "Sales tax groups", _tax_group),
    Relation("DeliveryModeCode", "Mode of delivery", "Modes of delivery", _delivery_mode),
    Relation("ShippingCarrierId", "Shipping carrier", "Shipping carriers", _carrier),
    Relation("ShippingCarrierServiceId", "Carrier service", "Carrier services", _carrier_service),
    Relation("DefaultShippingSiteId", "Site", "Sites", _site),
    Relation("DefaultShippingWarehouseId", "Warehouse", "Warehouses", _warehouse),
    Relation("DeliveryAddressCountryRegionId", "Country/region", "Country/region", _country),
    Relation("DeliveryAddressCountryRegionISOCode", "ISO code", "Country/region", _country_iso),
)
CUSTOMER_RELATIONS = (
    Relation("CustomerGroupId", "Customer group", "Customer groups", _customer_group),
    Relation("SalesCurrencyCode", "Currency", "Currency", _currency),
    Relation("SalesTaxGroup", "Sales tax group", "Sales tax groups", _tax_group),
    Relation("InvoiceAccount", "Invoice account", "Customers", _customer),
    Relation("DeliveryMode", "Mode of delivery", "Modes of delivery", _delivery_mode),
    Relation("AddressCountryRegionId", "Country/region", "Country/region", _country),
    Relation("AddressCountryRegionISOCode", "ISO code", "Country/region", _country_iso),
    Relation("TaxExemptNumber", "Tax exempt number", "Tax exempt numbers", _tax_exempt_number),
)
LINE_RELATIONS = (
    Relation("ItemNumber", "Item number", "Released products", _item),
    Relation("SalesUnitSymbol", "Unit", "Units", _unit),
    Relation("SalesTaxGroupCode", "Sales tax group", "Sales tax groups", _tax_group),
    Relation("SalesTaxItemGroupCode", "Item sales tax group", "Item sales tax groups", _item_tax_group),
    Relation("DeliveryModeCode", "Mode of delivery", "Modes of delivery", _delivery_mode),
    Relation("ShippingSiteId", "Site", "Sites", _site),
    Relation("ShippingWarehouseId", "Warehouse", "Warehouses", _warehouse),
)


def unrelated(
    relations: Sequence[Relation], given: Mapping[str, Value], world: World, company: Company
) -> Iterator[str]:
    for one in relations:
        value = str(given.get(one.property, ""))
        if value and not one.known(world, company, value):
            yield not_related(one.label, value, one.related)


def not_related(label: str, value: str, related: str) -> str:
    return f"The value '{value}' in field '{label}' is not found in the relating table '{related}'."


def missing(labels: Mapping[str, str], given: Mapping[str, Value]) -> Iterator[str]:
    """`labels` maps a mandatory property to its word in the infolog."""
    for name, label in labels.items():
        if given.get(name, "") == "":
            yield f"Field '{label}' must be filled in."


def too_long(given: Mapping[str, Value], lengths: Mapping[str, int]) -> Iterator[str]:
    """The texts themselves are not repeated: some are a person's."""
    for name, value in given.items():
        longest = lengths.get(name)
        if longest is not None and isinstance(value, str) and len(value) > longest:
            yield f"The length of the value in field '{name}' exceeds the maximum of {longest} characters."


def site_of(company: Company, warehouse: str) -> str | None:
    return next((site for site, warehouses in company.sites.items() if among(warehouses, warehouse)), None)
