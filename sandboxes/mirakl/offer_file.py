"""What an OF01 file does: offers made, changed and deleted line by line, and why a line is in error.

That columns which are left out keep their fields in NORMAL mode is a third party's word, so a platform may do
otherwise (`offer_import_keeps` off: as OF24 does, they are reset). REPLACE deletes what the file does not name
(documented). Chosen: a blank cell resets its field, an offer may stand in a file twice, every reason's text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandboxes.mirakl import dates
from sandboxes.mirakl.csv_tables import Row
from sandboxes.mirakl.file_import import Import
from sandboxes.mirakl.offer_book import OfferBook
from sandboxes.mirakl.offer_terms import Terms, WantedOffer, valid_sku
from sandboxes.mirakl.offers import Change, Offer
from sandboxes.mirakl.stock_file import quantity_of

REQUIRED = ("sku",)
NEEDED_FOR_A_NEW_ONE = ("product-id", "product-id-type", "price", "state")
DEFAULTS = Terms()


def carry_out_offers(one: Import, offers: OfferBook, at: datetime, *, keeps: bool) -> None:
    assert one.table is not None
    for row in one.table.rows:
        try:
            one.effects[_carry_out(row, one, offers, at, keeps=keeps)] += 1
        except ValueError as problem:
            one.errors[row.number] = str(problem)
    if one.mode == "REPLACE":
        _delete_others(one, offers, {row.cell("sku") for row in one.table.rows}, at)


def _carry_out(row: Row, one: Import, offers: OfferBook, at: datetime, *, keeps: bool) -> str:
    """What it did: inserted, updated or deleted. Raises ValueError with the reason."""
    sku, action = row.cell("sku"), row.cell("update-delete")
    if not row.even:
        raise ValueError("The line has another number of columns than the header")
    if not valid_sku(sku) or action not in ("", "update", "delete"):
        raise ValueError("The sku, or update-delete, cannot be used")
    offer = offers.find(one.shop.label, sku)
    if action == "delete":
        return _deleted(offer, one, at)
    given = _terms(row)
    if offer is None or offer.deleted:
        return _inserted(row, given, offer, one, offers, at)
    return _updated(row, given, offer, one, at, keeps=keeps)


def _deleted(offer: Offer | None, one: Import, at: datetime) -> str:
    if offer is None or offer.deleted:
        raise ValueError("The offer does not exist")
    offer.delete(at, "OF01", one.id)
    return "deleted"


def _inserted(
    row: Row, given: Mapping[str, Any], offer: Offer | None, one: Import, offers: OfferBook, at: datetime
) -> str:
    """A deleted offer comes back under its old id."""
    if missing := [column for column in NEEDED_FOR_A_NEW_ONE if not row.cell(column)]:
        raise ValueError(f"The offer does not exist, and a new one needs {', '.join(missing)}")
    quantity, terms = _quantity(row), Terms(**given)
    if offer is None:
        product = row.cell("product-id")
        wanted = WantedOffer(sku=row.cell("sku"), quantity=quantity, product_sku=product, terms=terms)
        offers.add(wanted, one.shop, at, "OF01", one.id)
    else:
        offer.deleted, offer.terms = False, terms
        offer.stand(Change(at, "OF01", one.id, quantity))
    return "inserted"


def _updated(row: Row, given: Mapping[str, Any], offer: Offer, one: Import, at: datetime, *, keeps: bool) -> str:
    told = "quantity" in row.header or not keeps
    quantity = _quantity(row) if told else offer.quantity
    reset = Terms(price=offer.terms.price, state_code=offer.terms.state_code)
    offer.rewrite(replace(offer.terms if keeps else reset, **given), at)
    if told:
        offer.stand(Change(at, "OF01", one.id, quantity))
    return "updated"


def _delete_others(one: Import, offers: OfferBook, named: set[str], at: datetime) -> None:
    for offer in list(offers.of_shop(one.shop.label).values()):
        if offer.sku not in named and not offer.deleted:
            offer.delete(at, "OF01", one.id)
            one.effects["deleted"] += 1


def _quantity(row: Row) -> int:
    """0 where it is left out or blank."""
    text = row.cell("quantity")
    return quantity_of(text) if text else 0


def _terms(row: Row) -> dict[str, Any]:
    """The fields whose columns are there. Raises ValueError naming the column."""
    return {
        name: _read(column, row.cell(column), name, reader)
        for column, (name, reader) in READERS.items()
        if column in row.header
    }


def _read(column: str, text: str, name: str, reader: Callable[[str], Any]) -> Any:
    if not text and column in ("price", "state"):
        raise ValueError(f"{column} must not be blank")
    try:
        return reader(text) if text else getattr(DEFAULTS, name)
    except (ValueError, InvalidOperation):
        raise ValueError(f"{column} cannot be used") from None


def _price(text: str) -> Decimal:
    price = Decimal(text)
    if not price.is_finite() or price <= 0:
        raise ValueError("not a price")
    return price


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("not a flag")
    return text == "true"


READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "price": ("price", _price),
    "state": ("state_code", str),
    "description": ("description", str),
    "internal-description": ("internal_description", str),
    "price-additional-info": ("price_additional_info", str),
    "min-quantity-alert": ("min_quantity_alert", quantity_of),
    "leadtime-to-ship": ("leadtime_to_ship", quantity_of),
    "logistic-class": ("logistic_class", str),
    "min-order-quantity": ("min_order_quantity", quantity_of),
    "max-order-quantity": ("max_order_quantity", quantity_of),
    "package-quantity": ("package_quantity", quantity_of),
    "allow-quote-requests": ("allow_quote_requests", _flag),
    "available-start-date": ("available_from", dates.read),
    "available-end-date": ("available_until", dates.read),
}
COLUMNS = ("sku", "product-id", "product-id-type", "quantity", "update-delete", *READERS)
