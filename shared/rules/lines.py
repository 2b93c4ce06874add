"""The lines of a sales order: goods, shipping, fees, and a rounding line where a price does not divide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.model.mappings import ANY
from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import DraftLine, ItemCode
from shared.model.shop import Shop
from shared.rules.amounts import Charge, Goods, numbered, summed
from shared.rules.items import Component, components
from shared.rules.mapping_lookup import OrderMappings, text
from shared.rules.money import largest_remainder, minor_units, split_unit_price
from shared.rules.reasons import all_of, ask
from shared.rules.units import ordered_quantity


@dataclass(frozen=True, slots=True)
class Pricing:
    """`minor` is the currency's decimals; `decimals` the unit price's, never fewer (a charge's price is an amount)."""

    shop: Shop
    rows: OrderMappings
    minor: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Priced:
    """A line that has no number, place and tax words yet. `remainder` is what its amount lacks of what is paid.

    The line's `item_tax_group` is the item's own.
    """

    line: DraftLine
    signature: str
    remainder: Decimal = Decimal(0)


def pricing(order: Order, *, shop: Shop, rows: OrderMappings, policy: CreationPolicy) -> Pricing:
    minor = minor_units(order.currency)
    return Pricing(shop, rows, minor, max(minor, policy.unit_price_decimals))


def goods_lines(goods: Goods, rules: Pricing) -> tuple[Priced, ...]:
    """One line for each component; a set's amount is shared out to the cent. Raises Refused or Rejected."""
    sku, shop = goods.line.sku, rules.shop
    parts = components(rules.rows, marketplace=shop.marketplace.id, sku=sku, company=shop.company)
    amounts = largest_remainder(goods.amount, [part.share for part in parts], decimals=rules.minor)
    references = [goods.line.id] if len(parts) == 1 else [f"{goods.line.id}#{part.number}" for part in parts]
    return all_of(
        ask(_goods_line, goods, part, amount, reference, rules)
        for part, amount, reference in zip(parts, amounts, references, strict=True)
    )


def _goods_line(goods: Goods, part: Component, amount: Decimal, reference: str, rules: Pricing) -> Priced:
    quantity = ordered_quantity(goods.line.quantity, part.unit, sku=goods.line.sku)
    unit_price, rest = split_unit_price(amount, quantity, decimals=rules.decimals, minor=rules.minor)
    line = _line("item", reference, part.item, quantity, part.unit.unit, unit_price, amount - rest, part.item_tax_group)
    return Priced(line, goods.signature, rest)


def charge_line(charge: Charge, rules: Pricing) -> Priced:
    """Shipping, a fee or a rounding difference as a service item (`charges` mapping). Raises Rejected."""
    row = rules.rows.row("charges", rules.shop.marketplace.id, charge.purpose, charge.code)
    item, unit, own = ItemCode(text(row, "item")), text(row, "unit"), text(row, "item_tax_group")
    line = _line(charge.purpose, charge.reference, item, Decimal(1), unit, charge.amount, charge.amount, own)
    return Priced(line, charge.signature)


def rounding_charges(lines: Iterable[Priced]) -> tuple[Charge, ...]:
    """What unit prices rounded down leave over, one charge for each signature that has any."""
    return numbered("rounding", summed(((ANY, priced.signature), priced.remainder) for priced in lines))


def _line(
    purpose: Literal["item", "shipping", "fee", "rounding"],
    reference: str,
    item: ItemCode,
    quantity: Decimal,
    unit: str,
    unit_price: Decimal,
    amount: Decimal,
    item_tax_group: str,
) -> DraftLine:
    return DraftLine(
        number=0,
        reference=reference,
        item=item,
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        amount=amount,
        tax_group="",
        item_tax_group=item_tax_group,
        site="",
        warehouse="",
        purpose=purpose,
    )
