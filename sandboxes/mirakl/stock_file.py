"""What an STO01 file does: the quantities of offers, global or per warehouse, and why a line is in error.

Mirakl documents the columns, that a line without `warehouse-code` is a global quantity, that the lines of an offer
stand together, and that the report returns the lines of offers with an error, so that an offer is taken as a whole or
not at all. Every reason's text is invented. Chosen: a warehouse that is not named keeps its number, a global quantity
ends the split, and an offer may stand in a file once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sandboxes.mirakl.csv_tables import Row
from sandboxes.mirakl.file_import import Import
from sandboxes.mirakl.offer_book import OfferBook
from sandboxes.mirakl.offers import Change, Offer
from sandboxes.mirakl.shops import Shop

REQUIRED = ("offer-sku", "quantity")
COLUMNS = (*REQUIRED, "warehouse-code", "update-delete")
LARGEST = 10**9

UNKNOWN = "The offer does not exist"
APART = "The lines of an offer must stand together, and each warehouse once"
MIXED = "An offer has either a global quantity or quantities per warehouse"
OTHER_LINE = "Another line of this offer is in error"


def carry_out_stock(one: Import, offers: OfferBook, at: datetime) -> None:
    assert one.table is not None
    seen: set[str] = set()
    for sku, group in groupby(one.table.rows, key=lambda row: row.cell("offer-sku")):
        rows = list(group)
        offer = offers.find(one.shop.label, sku)
        faults = _faults(rows, offer, one.shop, again=sku in seen)
        seen.add(sku)
        if faults:
            one.errors.update({row.number: faults.get(row.number, OTHER_LINE) for row in rows})
        elif offer:
            _apply(offer, rows, at, one.id)
            one.effects["updated"] += 1


def quantity_of(text: str) -> int:
    """Raises ValueError for anything but a whole number from 0 to a thousand million."""
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST:
        raise ValueError("The quantity must be a whole number that is not negative")
    return int(text)


def _faults(rows: Sequence[Row], offer: Offer | None, shop: Shop, *, again: bool) -> Mapping[int, str]:
    codes = [row.cell("warehouse-code") for row in rows]
    if "" in codes and any(codes):
        return {row.number: MIXED for row in rows}
    if again or len(set(codes)) < len(codes):
        return {row.number: APART for row in rows}
    told = {row.number: _fault(row, offer, shop) for row in rows}
    return {number: fault for number, fault in told.items() if fault}


def _fault(row: Row, offer: Offer | None, shop: Shop) -> str:
    """Empty where the line is sound."""
    if not row.even:
        return "The line has another number of columns than the header"
    if offer is None or offer.deleted:
        return UNKNOWN
    if row.cell("warehouse-code") and row.cell("warehouse-code") not in shop.warehouses:
        return "The warehouse does not exist"
    if row.cell("update-delete") not in ("", "update", "delete"):
        return "update-delete must be update or delete"
    return "" if _deletes(row) else _quantity_fault(row.cell("quantity"))


def _quantity_fault(text: str) -> str:
    try:
        quantity_of(text)
    except ValueError as problem:
        return str(problem)
    return ""


def _deletes(row: Row) -> bool:
    return row.cell("update-delete") == "delete"


def _apply(offer: Offer, rows: Sequence[Row], at: datetime, import_id: str) -> None:
    """`delete` takes a warehouse out of the split, or leaves nothing of a global quantity (chosen)."""
    split = {} if not rows[0].cell("warehouse-code") else dict(offer.warehouses)
    for row in rows:
        split.pop(row.cell("warehouse-code"), None)
        if not _deletes(row):
            split[row.cell("warehouse-code")] = quantity_of(row.cell("quantity"))
    quantity = sum(split.values())
    split.pop("", None)
    offer.stand(Change(at, "STO01", import_id, quantity), split)
