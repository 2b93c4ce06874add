"""Sales order lines: which are taken, where their site, unit and amount come from, and how they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from sandboxes.finance_supply_chain.amounts import line_amount
from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.entities import LINES
from sandboxes.finance_supply_chain.errors import write_failed
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.order_status import delivered, refresh, remaining, stands_on_a_slip
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.relations import LINE_RELATIONS, missing, not_related, site_of, too_long, unrelated
from sandboxes.finance_supply_chain.sales_headers import company_of
from sandboxes.finance_supply_chain.world import DIMENSIONS, Company, Item, World, among, find

_MANDATORY = {"SalesOrderNumber": "Sales order", "ItemNumber": "Item number"}
_NOT_CALCULATED: Mapping[str, Value] = {
    "AreTotalsCalculated": "No",
    "OrderTotalAmount": Decimal(0),
    "OrderTotalTaxAmount": Decimal(0),
    "OrderTotalChargesAmount": Decimal(0),
    "OrderTotalDiscountAmount": Decimal(0),
}


def create(installation: Installation, given: Mapping[str, Value], now: datetime) -> Row:
    """The new line. Raises Refusal: a rule of validateWrite, or the order is being written by another."""
    company = company_of(installation.world, given)
    _refuse(missing(_MANDATORY, given))
    header = installation.header(company.id, str(given["SalesOrderNumber"]))
    if header is None:
        _refuse(iter((not_related("Sales order", str(given["SalesOrderNumber"]), "Sales orders"),)))
        raise AssertionError
    _refuse(too_long(given, installation.world.lengths))
    _refuse(unrelated(LINE_RELATIONS, given, installation.world, company))
    values = _initial(installation, company, header, given)
    _refuse(_stopped(company, values))
    _refuse(_warnings(installation.world, company, values))
    installation.begin_write(company.id, header.text("SalesOrderNumber"), now, LINES)
    _price(installation, company, values, given)
    row = installation.lines.insert(values, now)
    assert row is not None, "lot ids are the system's own"
    _uncalculate(installation, header, now)
    refresh(installation, header, now)
    return row


def change(installation: Installation, row: Row, given: Mapping[str, Value], now: datetime) -> None:
    company, header = _owner(installation, row)
    _refuse(too_long(given, installation.world.lengths))
    _refuse(unrelated(LINE_RELATIONS, given, installation.world, company))
    values = {**row.values, **given}
    _refuse(_left_warnings(installation, row, given))
    _refuse(_warnings(installation.world, company, values))
    installation.begin_write(company.id, row.text("SalesOrderNumber"), now, LINES)
    _amount(installation, values, given)
    installation.lines.change(row, values, now)
    _uncalculate(installation, header, now)


def delete(installation: Installation, row: Row, now: datetime) -> None:
    """Raises Refusal for a line of which something has been picked or has left."""
    company, header = _owner(installation, row)
    if stands_on_a_slip(installation, row) or installation.is_picked(row) or installation.invoiced_of(row):
        lot = row.text("InventoryLotId")
        _refuse(
            iter(
                (f"The sales order line with lot {lot} cannot be deleted: it has been picked, delivered or invoiced.",)
            )
        )
    installation.begin_write(company.id, row.text("SalesOrderNumber"), now, LINES)
    installation.lines.delete(row, now)
    _uncalculate(installation, header, now)
    refresh(installation, header, now)


def _owner(installation: Installation, row: Row) -> tuple[Company, Row]:
    company = company_of(installation.world, row.values)
    header = installation.header(company.id, row.text("SalesOrderNumber"))
    assert header is not None, "lines go with their order"
    return company, header


def _refuse(warnings: Iterator[str]) -> None:
    found = list(warnings)
    if found:
        raise write_failed(LINES.entity, LINES.source, found)


def _uncalculate(installation: Installation, header: Row, now: datetime) -> None:
    """Totals of an order whose lines changed are gone until the job has run again."""
    if header.values["AreTotalsCalculated"] == "Yes":
        installation.headers.change(header, _NOT_CALCULATED, now)


def _initial(installation: Installation, company: Company, header: Row, given: Mapping[str, Value]) -> dict[str, Value]:
    item = find(company.items, str(given["ItemNumber"]))
    assert item is not None, "relations were checked"
    defaults: dict[str, Value] = {
        "OrderedSalesQuantity": Decimal(1),
        "SalesPriceQuantity": Decimal(1),
        "SalesUnitSymbol": item.sales_unit,
        "SalesTaxItemGroupCode": item.item_tax_group,
        **{name: header.values[name] for name in ("SalesTaxGroupCode", "CurrencyCode", "DeliveryModeCode")},
    }
    values = {**LINES.empty(), **defaults, **given, **_place(company, header, given)}
    number = 1 + max(
        (int(str(line.values["LineCreationSequenceNumber"])) for line in installation.lines_of(header)), default=0
    )
    values["dataAreaId"], values["SalesOrderNumber"] = company.id, header.text("SalesOrderNumber")
    values["LineNumber"], values["LineCreationSequenceNumber"] = Decimal(number), number
    values["InventoryLotId"] = installation.next_number(f"Lot_{company.id}")
    values["SalesOrderLineStatus"] = "Backorder"
    return values


def _place(company: Company, header: Row, given: Mapping[str, Value]) -> dict[str, Value]:
    """A warehouse brings its site; a line without either takes the header's."""
    warehouse, site = str(given.get("ShippingWarehouseId", "")), str(given.get("ShippingSiteId", ""))
    if not warehouse and site in ("", header.text("DefaultShippingSiteId")):
        warehouse = header.text("DefaultShippingWarehouseId")
    site = site or (site_of(company, warehouse) or "" if warehouse else header.text("DefaultShippingSiteId"))
    return {"ShippingSiteId": site, "ShippingWarehouseId": warehouse}


def _warnings(world: World, company: Company, values: Mapping[str, Value]) -> Iterator[str]:
    item = find(company.items, str(values["ItemNumber"]))
    if item is None:
        yield not_related("Item number", str(values["ItemNumber"]), "Released products")
        return
    yield from _place_warnings(company, values)
    yield from _dimension_warnings(item, values)
    yield from _quantity_warnings(world, item, values)


def _stopped(company: Company, values: Mapping[str, Value]) -> Iterator[str]:
    """Inferred: the words."""
    item = find(company.items, str(values["ItemNumber"]))
    if item is not None and item.stopped:
        yield f"Item {item.number} is stopped for sales."


def _left_warnings(installation: Installation, row: Row, given: Mapping[str, Value]) -> Iterator[str]:
    """What is delivered, invoiced or cancelled has the quantity that it has; a part that left is the least."""
    quantity = given.get("OrderedSalesQuantity", row.values["OrderedSalesQuantity"])
    if quantity == row.values["OrderedSalesQuantity"]:
        return
    if not remaining(installation, row) or Decimal(str(quantity)) < delivered(installation, row):
        yield "The quantity in field 'Quantity' cannot be changed: the line has been delivered or canceled."


def _place_warnings(company: Company, values: Mapping[str, Value]) -> Iterator[str]:
    site, warehouse = str(values["ShippingSiteId"]), str(values["ShippingWarehouseId"])
    if not site:
        yield _mandatory_dimension("Site")
    if not warehouse:
        yield _mandatory_dimension("Warehouse")
    if site and warehouse and not among(find(company.sites, site) or (), warehouse):
        yield f"Warehouse {warehouse} does not belong to site {site}."


def _dimension_warnings(item: Item, values: Mapping[str, Value]) -> Iterator[str]:
    for name, label in DIMENSIONS.items():
        value, known = str(values[name]), item.dimensions.get(name)
        if known is None and value:
            yield f"Inventory dimension {label} is not active for item {item.number} and must not be specified."
        elif known is not None and not value:
            yield _mandatory_dimension(label)
        elif known is not None and not among(known, value):
            yield not_related(label, value, f"{label}s of item {item.number}")


def _mandatory_dimension(label: str) -> str:
    return f"Inventory dimension {label} is mandatory and must consequently be specified."


def _quantity_warnings(world: World, item: Item, values: Mapping[str, Value]) -> Iterator[str]:
    unit, quantity = str(values["SalesUnitSymbol"]), Decimal(str(values["OrderedSalesQuantity"]))
    if not among(item.units, unit):
        yield f"There is no unit conversion between {unit} and {item.sales_unit} for item {item.number}."
    decimals = find(world.units, unit)
    if decimals is not None and quantity != round(quantity, decimals):
        yield f"The quantity in field 'Quantity' has more decimals than unit {unit} allows ({decimals})."
    if not quantity:
        yield "Field 'Quantity' must be filled in."


def _price(installation: Installation, company: Company, values: dict[str, Value], given: Mapping[str, Value]) -> None:
    """A trade agreement puts its own price on a new line, whatever price was sent."""
    agreed = find(company.trade_agreements, str(values["ItemNumber"]))
    if agreed is not None:
        values["SalesPrice"] = agreed
    _amount(installation, values, given)


def _amount(installation: Installation, values: dict[str, Value], given: Mapping[str, Value]) -> None:
    """The parameter `Calculate line net amount` decides whether an amount that was sent is kept."""
    world = installation.world
    amount = line_amount(values, find(world.currencies, str(values["CurrencyCode"])) or Decimal("0.01"))
    sent = given.get("LineAmount")
    if sent is not None and not world.calculate_line_net_amount:
        return
    if sent is not None and sent != amount:
        installation.tally.ignore("SalesOrderLinesV3.LineAmount, calculated again")
    values["LineAmount"] = amount
