"""A line of a sales order: each property is validated when its turn in the JSON comes, and most ask for the price anew.

A price that is sent before quantity, unit, item or variant is replaced by the price list's or the item card's; a tax
code that is sent after the price rewrites it where prices include tax. A line without an object is a comment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandboxes.business_central.bodies import Given
from sandboxes.business_central.edm import BLANK_ID, Value
from sandboxes.business_central.errors import bad_request, dialog, must_be, must_have, no_record, not_related
from sandboxes.business_central.line_entry import TABLE, Entry, clear
from sandboxes.business_central.line_prices import (
    discount_amount_sent,
    discount_percent_sent,
    listed,
    price_sent,
    quantity_sent,
    refresh,
    set_tax,
    take_price,
    tax_code_sent,
)
from sandboxes.business_central.set_up import code_id, code_of, item_name, variant_id
from sandboxes.business_central.world import among, find

LINE_TYPES = ("Comment", "Account", "Item", "Resource", "Fixed Asset", "Charge", "Allocation Account")
_SOLD = ("quantity", "unitPrice", "unitOfMeasureCode", "taxCode", "itemVariantId", "locationId")


def validate(entry: Entry, given: Given) -> None:
    if given.get("itemId", BLANK_ID) != BLANK_ID and given.get("accountId", BLANK_ID) != BLANK_ID:
        raise dialog('Both "itemId" and "accountId" are specified. Specify only one of them.')
    for name, value in given.items():
        _TRIGGERS.get(name, _kept)(entry, name, value)


def finish(entry: Entry) -> None:
    """What happens when the line is inserted."""
    values = entry.values
    if entry.is_a("Comment"):
        clear(entry, keeping=("description", "description2"))
    elif not values["lineObjectNumber"]:
        raise must_have("No.", f"{TABLE}: Document Type=Order, Line No.={values['sequence']}")
    price = listed(entry)
    if price is not None and price.enforced:
        take_price(entry)
    refresh(entry)


def lost(entry: Entry, given: Given) -> list[str]:
    """What was sent and has no effect, because of what was sent after it or because the line is a comment."""
    if entry.is_a("Comment"):
        return [name for name in _SOLD if given.get(name)]
    names = [name for name in ("quantity", "unitPrice", "description", "description2", "taxCode") if name in given]
    names += ["discountPercent"] if "discountPercent" in given and "discountAmount" not in given else []
    return [name for name in names if entry.values[name] != given[name]]


def _kept(entry: Entry, name: str, value: Value) -> None:
    entry.values[name] = value


def _line_type(entry: Entry, name: str, value: Value) -> None:
    if value not in LINE_TYPES:
        raise bad_request(f"Cannot convert the literal '{value}' to the expected type 'invoiceLineAggLineType'.")
    if value in LINE_TYPES[3:]:
        raise dialog(f"Lines of the type {value} are not supported by this sandbox.")
    if value != entry.values["lineType"]:
        entry.values[name] = value
        clear(entry, keeping=())


def _object_number(entry: Entry, _: str, value: Value) -> None:
    if entry.is_a("Item"):
        _item(entry, str(value))
    elif entry.is_a("Account"):
        _account(entry, str(value))
    elif value:
        raise not_related("No.", TABLE, str(value), "Standard Text")


def _item_id(entry: Entry, _: str, value: Value) -> None:
    found = code_of(entry.company, entry.installation.world, "items", str(value))
    if found is None:
        raise dialog("Item does not exist.")
    if found:
        _line_type(entry, "lineType", "Item")
        _item(entry, found)


def _account_id(entry: Entry, _: str, value: Value) -> None:
    found = code_of(entry.company, entry.installation.world, "accounts", str(value))
    if found is None:
        raise dialog("Account does not exist.")
    if found:
        _line_type(entry, "lineType", "Account")
        _account(entry, found)


def _item(entry: Entry, item: str) -> None:
    """What the card says comes with the number; a quantity that was sent before stays."""
    found = find(entry.company.items, item)
    if found is None:
        raise not_related("No.", TABLE, item, "Item")
    if found.blocked:
        raise must_be("Blocked", "No", f"Item: No.={found.number}", "Yes")
    clear(entry, keeping=("quantity",))
    entry.values |= {
        "itemId": code_id(entry.company, "items", found.number),
        "lineObjectNumber": found.number,
        "description": item_name(found.number),
        "locationId": code_id(entry.company, "locations", str(entry.header["_location"])),
    }
    _set_unit(entry, found.sales_unit)
    set_tax(entry, found.tax_code)
    take_price(entry)


def _account(entry: Entry, account: str) -> None:
    name = find(entry.company.accounts, account)
    if name is None:
        raise not_related("No.", TABLE, account, "G/L Account")
    clear(entry, keeping=("quantity",))
    entry.values |= {"accountId": code_id(entry.company, "accounts", account), "lineObjectNumber": account}
    entry.values["description"] = name
    set_tax(entry, "FULL")


def _variant(entry: Entry, name: str, value: Value) -> None:
    item = entry.item
    if value != BLANK_ID:
        codes = item.variants if item is not None else {}
        found = next((one for one in codes if item and variant_id(entry.company, item.number, one) == value), None)
        if found is None:
            raise no_record("Item Variant", f"SystemId='{value}'")
        entry.values["description"] = codes[found]
    entry.values[name] = value
    take_price(entry)


def _location(entry: Entry, name: str, value: Value) -> None:
    if code_of(entry.company, entry.installation.world, "locations", str(value)) is None:
        raise no_record("Location", f"SystemId='{value}'")
    entry.values[name] = value


def _unit(entry: Entry, _: str, value: Value) -> None:
    _set_unit(entry, str(value))
    take_price(entry)


def _unit_id(entry: Entry, _: str, value: Value) -> None:
    found = code_of(entry.company, entry.installation.world, "unitsOfMeasure", str(value))
    if found is None:
        raise no_record("Unit of Measure", f"SystemId='{value}'")
    if found:
        _unit(entry, "unitOfMeasureCode", found)


def _set_unit(entry: Entry, unit: str) -> None:
    item = entry.item
    if unit and item is not None and not among(item.units, unit):
        raise not_related("Unit of Measure Code", TABLE, unit, "Item Unit of Measure")
    if unit and find(entry.installation.world.units, unit) is None:
        raise not_related("Unit of Measure Code", TABLE, unit, "Unit of Measure")
    entry.values |= {"unitOfMeasureCode": unit, "unitOfMeasureId": code_id(entry.company, "unitsOfMeasure", unit)}


_TRIGGERS: Mapping[str, Callable[[Entry, str, Value], None]] = {
    "lineType": _line_type,
    "lineObjectNumber": _object_number,
    "itemId": _item_id,
    "accountId": _account_id,
    "itemVariantId": _variant,
    "locationId": _location,
    "quantity": quantity_sent,
    "unitOfMeasureCode": _unit,
    "unitOfMeasureId": _unit_id,
    "taxCode": tax_code_sent,
    "unitPrice": price_sent,
    "discountPercent": discount_percent_sent,
    "discountAmount": discount_amount_sent,
}
