"""Whose order is it in the ERP? By the reference that we gave it, as that ERP writes references."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from local.verdict import Book, Client


def our_references(mirakl: Book, client: Client) -> Mapping[str, str]:
    """Our reference of each of Mirakl's orders, by the words in which the ERP may show it."""
    references = [our_reference(order, client) for order in mirakl["orders"]]
    written = {_written(one, client): one for one in references} | {one: one for one in references}
    return written | {sha256(one.encode()).hexdigest(): one for one in references}


def our_reference(order: Book, client: Client) -> str:
    return f"{client.prefixes[order['platform']]}-{order['order_id']}"


def shown_reference(sales_order: Book, ours: Mapping[str, str]) -> str:
    """Ours where it is one of ours, else the ERP's own words.

    A reference that an ERP cannot write stands there in a short form, and in full in a comment, which books tell by
    its SHA-256 only.
    """
    comments = (str(line.get("comment_digest", "")) for line in sales_order.get("lines", ()))
    words = [str(sales_order["reference"]), *comments]
    return next((ours[one] for one in words if one in ours), words[0])


def _written(reference: str, client: Client) -> str:
    return reference.upper() if client.references == "upper case" else reference
