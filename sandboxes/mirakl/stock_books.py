"""What the judge reads of stock: every offer with its changes, every import with its lines, every sale and its time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandboxes.mirakl.assortment import Assortment
from sandboxes.mirakl.file_import import Import
from sandboxes.mirakl.offers import Offer
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.selling import Missed, shop_label


def stock_entry(assortment: Assortment, book: OrderBook) -> dict[str, Any]:
    """`sold` are the lines of shops that sell by offers: `shown` is what the shopper saw, so that more than that was
    sold by shoppers who overlapped, or regardless. `missed` is what shoppers wanted beyond it.
    """
    return {
        "offers": [_offer(offer) for offer in assortment.offers],
        "imports": [_import(one) for one in assortment.imports],
        "sold": list(_sold(book)),
        "missed": [_missed(one) for one in assortment.selling.missed],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "offer_id": offer.id,
        "shop": offer.shop.label,
        "sku": offer.sku,
        "quantity": offer.quantity,
        "warehouses": dict(offer.warehouses),
        "withdrawn": offer.withdrawn,
        "deleted": offer.deleted,
        "created": offer.created,
        "updated": offer.updated,
        "price": offer.terms.price,
        "changes": [
            {"at": one.at, "cause": one.cause, "about": one.about, "quantity": one.quantity} for one in offer.changes
        ],
    }


def _import(one: Import) -> dict[str, Any]:
    """`status` is empty until it ends."""
    return {
        "import_id": one.id,
        "operation": one.operation,
        "shop": one.shop.label,
        "mode": one.mode,
        "created": one.created,
        "starts": one.starts,
        "ends": one.ends,
        "ended_at": one.ended_at,
        "status": one.ended,
        "told_at": one.told_at,
        "report_read_at": one.report_read_at,
        "repeated": list(one.repeated),
        "lines_in_error": len(one.errors),
        "effects": dict(one.effects),
        "lines": list(_lines(one)),
    }


def _lines(one: Import) -> Iterator[dict[str, Any]]:
    for row in one.table.rows if one.table else ():
        yield {
            "line": row.number,
            "sku": row.cell("offer-sku") or row.cell("sku"),
            "quantity": row.cell("quantity"),
            "warehouse": row.cell("warehouse-code"),
            "error": one.errors.get(row.number, ""),
        }


def _sold(book: OrderBook) -> Iterator[dict[str, Any]]:
    for order in book:
        for line in order.lines:
            if line.shown is not None:
                yield {
                    "shop": shop_label(order),
                    "sku": line.sku,
                    "at": order.created,
                    "quantity": line.quantity,
                    "shown": line.shown,
                    "order_id": order.id,
                    "line_id": line.id,
                    "state": line.state,
                }


def _missed(one: Missed) -> dict[str, Any]:
    return {"shop": one.shop, "sku": one.sku, "at": one.at, "wanted": one.wanted, "bought": one.bought}
