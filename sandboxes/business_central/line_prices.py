"""What a line costs: most properties ask for the price anew, and the tax code rewrites it where prices include tax."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sandboxes.business_central.amounts import discount_amount, number, rounded
from sandboxes.business_central.edm import Value
from sandboxes.business_central.errors import dialog, no_record, not_related
from sandboxes.business_central.line_entry import TABLE, Entry
from sandboxes.business_central.world import Item, Price, find

_UNIT_AMOUNT = Decimal("0.00001")


def quantity_sent(entry: Entry, name: str, value: Value) -> None:
    shipped = number(entry.values, "shippedQuantity")
    if shipped and Decimal(str(value)) < shipped:
        raise dialog(f"Quantity must not be less than Quantity Shipped {shipped} in {TABLE}.")
    entry.values[name] = value
    take_price(entry)


def tax_code_sent(entry: Entry, _: str, value: Value) -> None:
    """Where prices include tax, the price is what it was without tax, and the new tax."""
    before = number(entry.values, "taxPercent")
    set_tax(entry, str(value))
    after = number(entry.values, "taxPercent")
    if entry.header["pricesIncludeTax"] and entry.is_a("Item") and before != after:
        price = number(entry.values, "unitPrice") * (100 + after) / (100 + before)
        entry.values["unitPrice"] = price.quantize(_UNIT_AMOUNT, ROUND_HALF_UP)


def price_sent(entry: Entry, name: str, value: Value) -> None:
    entry.values[name] = value
    refresh(entry)


def discount_percent_sent(entry: Entry, name: str, value: Value) -> None:
    entry.values[name] = value
    refresh(entry)


def discount_amount_sent(entry: Entry, _: str, value: Value) -> None:
    gross = rounded(number(entry.values, "quantity") * number(entry.values, "unitPrice"), entry.rule)
    percent = Decimal(str(value)) * 100 / gross if gross else Decimal(0)
    entry.values["discountPercent"] = percent.quantize(_UNIT_AMOUNT, ROUND_HALF_UP)
    refresh(entry)


def set_tax(entry: Entry, code: str) -> None:
    group, setup = str(entry.header["_vat_group"]), entry.company.vat_posting_setup
    if code and not any(find(rates, code) is not None for rates in setup.values()):
        raise not_related("VAT Prod. Posting Group", TABLE, code, "VAT Product Posting Group")
    rate = find(find(setup, group) or {}, code)
    if rate is None:
        keys = f"VAT Bus. Posting Group='{group}',VAT Prod. Posting Group='{code}'"
        raise no_record("VAT Posting Setup", keys)
    entry.values |= {"taxCode": code, "taxPercent": rate}


def take_price(entry: Entry) -> None:
    """Price and discount of the price list, else the item card's price and no discount."""
    item, row = entry.item, listed(entry)
    if item is None:
        return
    price = row.price if row is not None and row.price is not None else _card_price(entry, item)
    entry.values |= {"unitPrice": price, "discountPercent": row.discount if row else Decimal(0)}
    refresh(entry)


def _card_price(entry: Entry, item: Item) -> Decimal:
    """Cards are without tax."""
    rate = number(entry.values, "taxPercent") if entry.header["pricesIncludeTax"] else Decimal(0)
    return (item.price * (100 + rate) / 100).quantize(_UNIT_AMOUNT, ROUND_HALF_UP).normalize() + Decimal(0)


def listed(entry: Entry) -> Price | None:
    return find(entry.company.price_list, str(entry.values["lineObjectNumber"])) if entry.is_a("Item") else None


def refresh(entry: Entry) -> None:
    values = entry.values
    if not entry.is_a("Comment"):
        values["discountAmount"] = discount_amount(values, entry.rule)
    rest = number(values, "quantity") - number(values, "shippedQuantity")
    values |= {"shipQuantity": rest, "invoiceQuantity": number(values, "quantity")}
