"""What is sold, priced in the platform's own tax mode and worded in the ERP's tax groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.errors import Rejected
from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import DraftLine
from shared.model.shop import Shop
from shared.rules.amounts import Payable, payable
from shared.rules.delivery import delivered_to
from shared.rules.lines import Priced, Pricing, charge_line, goods_lines, pricing, rounding_charges
from shared.rules.mapping_lookup import OrderMappings, text
from shared.rules.reasons import Answer, ask, require


@dataclass(frozen=True, slots=True)
class TaxGroups:
    """The ERP's own words for a tax signature; both empty where the ERP decides."""

    tax_group: str = ""
    item_tax_group: str = ""


@dataclass(frozen=True, slots=True)
class Sold:
    """Lines numbered from 1, without their warehouse; `tax` as `SalesOrderDraft.tax`."""

    lines: tuple[DraftLine, ...]
    prices_include_tax: bool
    tax: Decimal | None


def sold(order: Order, *, shop: Shop, rows: OrderMappings, policy: CreationPolicy) -> Sold:
    """Goods, shipping, fees and rounding, in this order. Raises Refused with every reason at once."""
    included = ask(_prices_include_tax, order)
    paid = ask(payable, order, included=included.found == (True,))
    priced = ask(lambda: _priced(paid.value, included, pricing(order, shop=shop, rows=rows, policy=policy)))
    groups = ask(lambda: _tax_groups(paid.value, delivered_to(order).country, shop=shop, rows=rows))
    require(included, paid, priced, groups)
    return Sold(
        lines=tuple(
            _worded(one, groups.value[one.signature], number=number, shop=shop)
            for number, one in enumerate(priced.value, start=1)
        ),
        prices_include_tax=included.value,
        tax=_stated_tax(order, paid.value, shop),
    )


def _prices_include_tax(order: Order) -> bool:
    if order.platform_tax_mode is None:
        raise Rejected(
            "shop_misconfigured",
            subject="order_tax_mode",
            reason="the platform's configuration (PC01) does not say whether its prices include tax",
        )
    return order.platform_tax_mode == "TAX_INCLUDED"


def _priced(paid: Payable, included: Answer[bool], rules: Pricing) -> tuple[Priced, ...]:
    """What rounding needs is known only with the tax mode, and asked only then."""
    goods = [ask(goods_lines, one, rules) for one in paid.goods]
    charges = [ask(charge_line, one, rules) for one in paid.charges]
    lines = [line for answer in goods for found in answer.found for line in found]
    due = rounding_charges(lines) if included.found else ()
    rounding = [ask(charge_line, one, rules) for one in due]
    require(*goods, *charges, *rounding)
    return (*lines, *(answer.value for answer in (*charges, *rounding)))


def _tax_groups(paid: Payable, country: str, *, shop: Shop, rows: OrderMappings) -> Mapping[str, TaxGroups]:
    signatures = sorted({*(one.signature for one in paid.goods), *(one.signature for one in paid.charges)})
    if shop.marketplace.tax_source == "erp":
        return dict.fromkeys(signatures, TaxGroups())
    answers = {signature: ask(_tax_group, signature, country, shop=shop, rows=rows) for signature in signatures}
    require(*answers.values())
    return {signature: answer.value for signature, answer in answers.items()}


def _tax_group(signature: str, country: str, *, shop: Shop, rows: OrderMappings) -> TaxGroups:
    row = rows.row("taxes", shop.marketplace.id, country, signature)
    return TaxGroups(text(row, "tax_group"), text(row, "item_tax_group"))


def _worded(priced: Priced, groups: TaxGroups, *, number: int, shop: Shop) -> DraftLine:
    """An item's own tax group counts where the ERP decides the tax; a fee's own always, for Mirakl states no tax."""
    line = priced.line
    own = shop.marketplace.tax_source == "erp" or (line.purpose == "fee" and line.item_tax_group)
    item_tax_group = line.item_tax_group if own else groups.item_tax_group
    return replace(line, number=number, tax_group=groups.tax_group, item_tax_group=item_tax_group)


def _stated_tax(order: Order, paid: Payable, shop: Shop) -> Decimal | None:
    """None too where the operator owes the tax: it is not in the seller's books."""
    owed_by_seller = shop.marketplace.liability(delivered_to(order).country) == "seller"
    return paid.tax if shop.marketplace.tax_source == "mirakl" and owed_by_seller else None
