"""ProductAvailableToSell and MultiAvailableToSell: what is on hand less what orders hold, never below nothing.

Observed: `sku` in the one reply and `SKU` in the other, rows in the order of product and codes, or of the request, a
date (dd/mm/yyyy) only at 0. Inferred: that orders lower it at once, and that ranges compare text. Invented: an unknown
SKU has nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sandboxes.prima.catalogue import Found, sku_of
from sandboxes.prima.installation import Installation
from sandboxes.prima.markup import Node
from sandboxes.prima.requests import Data
from sandboxes.prima.world import Company, Sku, World, fold, sku


def in_range(installation: Installation, company: Company, data: Data) -> Node:
    """Every SKU of the products from `ProductFrom` to `ProductTo`, blank for no end."""
    held = installation.allocated(company.id)
    first, last = fold(data.text("ProductFrom")), fold(data.text("ProductTo"))
    rows = [
        _row("sku", installation.world, Found(product, codes), held)
        for name, product in sorted(company.products.items())
        if product.stocked and fold(name) >= first and (not last or fold(name) <= last)
        for codes in sorted(product.matrix)
    ]
    return Node("Data", {}, rows)


def selected(installation: Installation, company: Company, data: Data) -> Node:
    """One row per row of the request, in its order."""
    held = installation.allocated(company.id)
    return Node("Data", {}, [_one(installation, company, wanted, held) for wanted in data.parts.get("sku", ())])


def _one(installation: Installation, company: Company, wanted: Mapping[str, str], held: Mapping[Sku, Decimal]) -> Node:
    found = sku_of(company, wanted)
    if found is not None:
        return _row("SKU", installation.world, found, held)
    codes = {f"MtrxCode{position}": wanted.get(f"MtrxCode{position}", "") for position in range(1, 5)}
    blank = {"AvailableDate": "", "AvailableQuantity": "0", "Product": wanted.get("Product", "")}
    return Node("SKU", {**codes, **blank})


def _row(name: str, world: World, found: Found, held: Mapping[Sku, Decimal]) -> Node:
    product, codes = found.product, found.codes
    left = max(Decimal(0), product.matrix[codes] - held.get(sku(product.code, codes), Decimal(0)))
    inbound = product.inbound.strftime(world.date_format) if product.inbound and not left else ""
    attributes = {f"MtrxCode{position}": code for position, code in enumerate(codes, 1)}
    return Node(
        name, {**attributes, "Product": product.code, "AvailableQuantity": f"{int(left)}", "AvailableDate": inbound}
    )
