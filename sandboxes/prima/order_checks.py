"""What a new order must be before the import takes it: its header, then its lines; the first part that fails decides.

Observed: a number that exists (E:21) and its cascade, a price book with the other VAT flag (E:548), no valid line
(E:194). That an order fails as a whole when one of its lines does is inferred; all other checks are invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sandboxes.prima import rejections
from sandboxes.prima.catalogue import amount, sku_of, vat_flag
from sandboxes.prima.installation import Installation
from sandboxes.prima.rejections import Rejection
from sandboxes.prima.requests import Data
from sandboxes.prima.world import Company, World, find, fold, known

FLAGS = {"yes": True, "no": False}


def check(installation: Installation, company: Company, data: Data, *, flipped: bool) -> list[Rejection]:
    """Empty where the order can be taken; `flipped`: the price book's VAT flag is the other one just now."""
    header = list(_header(installation, company, data))
    if header:
        cascade: tuple[Rejection, ...] = rejections.NO_HEADER if header[0].code == "E:21" else rejections.NO_HEADER[:1]
        return [*header, *cascade]
    lines = list(_lines(installation.world, company, data, flipped=flipped))
    if not data.parts.get("OrderLineData") or lines:
        cascade = (rejections.NO_MATRIX,) if any(one.code == "E:548" for one in lines) else ()
        return [*lines, *cascade, rejections.no_lines(data.text("OrderNumber"))]
    return list(_others(installation.world, company, data))


def _header(installation: Installation, company: Company, data: Data) -> Iterator[Rejection]:
    number = data.text("OrderNumber")
    if installation.order(company.id, number) is not None:
        yield rejections.exists(number)
        return
    for name in ("OrderNumber", "UniqueId", "VatInclusive"):
        if not data.text(name):
            yield rejections.missing(name)
    yield from _lengths(installation.world, data.attributes)
    yield from _flags(data)
    yield from _customer(company, data)
    yield from _codes(installation.world, company, data)


def _lengths(world: World, attributes: Mapping[str, str]) -> Iterator[Rejection]:
    if world.too_long == "refused":
        for name, value in attributes.items():
            if len(value) > world.lengths.get(name, len(value)):
                yield rejections.too_long(name, world.lengths[name])


def _flags(data: Data) -> Iterator[Rejection]:
    for name in ("VatInclusive", "HoldOrder"):
        if data.text(name) and data.text(name).casefold() not in FLAGS:
            yield rejections.invalid(name)


def _customer(company: Company, data: Data) -> Iterator[Rejection]:
    code = data.text("Customer")
    customer = find(company.customers, code)
    if code and customer is None:
        yield rejections.unknown("Customer", code)
    if customer is not None and customer.on_hold:
        yield rejections.on_hold("Customer", code)
    if not code and not data.text("CustomerSurname"):
        yield rejections.missing("CustomerSurname")


def _codes(world: World, company: Company, data: Data) -> Iterator[Rejection]:
    named = (
        ("Country", data.text("Country"), world.countries),
        ("OrderChannel", data.text("OrderChannel"), company.channels),
        ("OrderCategory", data.header("OrderCategory"), company.categories),
        ("Currency", data.header("Currency"), company.price_books),
        ("Carrier", data.header("Carrier"), company.carriers),
    )
    for name, value, rows in named:
        if value and not known(rows, value):
            yield rejections.unknown(name, value)
    services, service = find(company.carriers, data.header("Carrier")), data.header("CarrServ")
    if service and fold(service) not in {fold(one) for one in services or ()}:
        yield rejections.unknown("CarrServ", service)
    if data.header("OrderDate") and not _is_date(data.header("OrderDate"), world):
        yield rejections.invalid("OrderDate")


def _lines(world: World, company: Company, data: Data, *, flipped: bool) -> Iterator[Rejection]:
    """Of an unknown SKU nothing is said but that there is no valid line."""
    for line in data.parts.get("OrderLineData", ()):
        found = sku_of(company, line)
        if found is None:
            yield rejections.NO_MATRIX
            continue
        if found.product.stopped:
            yield rejections.on_hold("Product", found.product.code)
        if vat_flag(company, data, found.product) != (is_yes(data, "VatInclusive") != flipped):
            yield rejections.vat_differs()
        yield from _line(world, company, line)


def _line(world: World, company: Company, line: Mapping[str, str]) -> Iterator[Rejection]:
    quantity, price = amount(line.get("Quantity", "")), amount(line.get("Price", ""))
    if quantity is None or quantity <= 0:
        yield rejections.invalid("Quantity")
    if price is None or price < 0:
        yield rejections.invalid("Price")
    if line.get("Warehouse") and not known(company.warehouses, line["Warehouse"]):
        yield rejections.unknown("Warehouse", line["Warehouse"])
    if line.get("DueDate") and not _is_date(line["DueDate"], world):
        yield rejections.invalid("DueDate")
    yield from _lengths(world, line)


def _others(world: World, company: Company, data: Data) -> Iterator[Rejection]:
    for charge in data.parts.get("OrderChargeData", ()):
        if not known(company.charges, charge.get("Charge", "")):
            yield rejections.unknown("Charge", charge.get("Charge", ""))
        if amount(charge.get("ChargeValue", "")) is None:
            yield rejections.invalid("ChargeValue")
    for payment in data.parts.get("OrderPaymentData", ()):
        if not known(company.pay_methods, payment.get("PayMethod", "")):
            yield rejections.unknown("PayMethod", payment.get("PayMethod", ""))
        if payment.get("SubPayMethod") and not known(company.sub_pay_methods, payment["SubPayMethod"]):
            yield rejections.unknown("SubPayMethod", payment["SubPayMethod"])
        if amount(payment.get("TranAmount", "")) is None:
            yield rejections.invalid("TranAmount")
    for part in ("OrderHeaderData", "OrderInvoiceData", "OrderPaymentData"):
        for attributes in data.parts.get(part, ()):
            yield from _lengths(world, attributes)


def is_yes(data: Data, name: str) -> bool:
    return FLAGS.get(data.text(name).casefold(), False)


def _is_date(text: str, world: World) -> bool:
    try:
        datetime.strptime(text, world.date_format)
    except ValueError:
        return False
    return True
