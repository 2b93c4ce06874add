"""What a request's words stand for in the catalogue: the SKU, the currency, the price book's flag, a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sandboxes.prima.requests import Data
from sandboxes.prima.world import Company, Product, find, fold


@dataclass(frozen=True, slots=True)
class Found:
    """A line's SKU as it is spelt in the catalogue."""

    product: Product
    codes: tuple[str, str, str, str]


def sku_of(company: Company, line: Mapping[str, str]) -> Found | None:
    product = find(company.products, line.get("Product", ""))
    if product is None:
        return None
    wanted = [fold(line.get(f"MtrxCode{position}", "")) for position in range(1, 5)]
    codes = next((codes for codes in product.matrix if [fold(code) for code in codes] == wanted), None)
    return Found(product, codes) if codes is not None else None


def currency_of(company: Company, data: Data) -> str:
    """A blank one is the company's first (invented)."""
    wanted = data.header("Currency")
    return next((code for code in company.price_books if not wanted or fold(code) == fold(wanted)), wanted)


def vat_flag(company: Company, data: Data, product: Product) -> bool:
    own = product.vat_inclusive
    return company.price_books[currency_of(company, data)] if own is None else own


def amount(text: str) -> Decimal | None:
    """A number with a decimal point; None where it is none."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
