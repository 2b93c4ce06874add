"""From a shopper's basket to an order of the book: ids, exact amounts, an invented shopper, the operator's terms."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandboxes.mirakl.orders import Fee, Order, OrderLine, Promotion
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.pricing import TaxRule, rounded, taxed
from sandboxes.mirakl.shoppers import shopper
from sandboxes.mirakl.shops import Shop
from sandboxes.mirakl.wishes import WantedLine, WantedOrder

COMMISSION_SHARE = Decimal("0.12")
COMMISSION_TAX = (TaxRule("TAXDEFAULT", Decimal("20.0000")),)


@dataclass
class Numbers:
    """Basket numbers of one instance (`N000123`), and its bare line numbers."""

    letter: str
    baskets: int = 0
    lines: int = 100

    def next_basket(self) -> str:
        self.baskets += 1
        return f"{self.letter}{self.baskets:06d}"

    def next_line(self) -> str:
        self.lines += 1
        return str(self.lines)


@dataclass(frozen=True, slots=True)
class Checkout:
    """One shop at one time."""

    platform: Platform
    shop: Shop
    numbers: Numbers
    chance: random.Random
    at: datetime

    def order(self, basket: str, wanted: WantedOrder) -> Order:
        """As Mirakl books it; its life begins when it is added to the book."""
        order_id = wanted.id or f"{basket}-A"
        platform = self.platform
        return Order(
            platform=platform.code,
            shop_id=self.shop.id,
            id=order_id,
            commercial_id=basket,
            currency=self.shop.currency,
            decimals=self.shop.decimals,
            created=self.at,
            updated=self.at,
            window_end=self.at + platform.acceptance_window,
            lines=self._lines(order_id, wanted),
            shopper=shopper(
                self.chance,
                self.shop.country,
                foreign=wanted.foreign,
                long=wanted.long_text,
                instructions=wanted.instructions,
                customer=f"{platform.code}/{wanted.customer}" if wanted.customer else "",
                organization=wanted.organization,
            ),
            automatic=platform.accepts_for(self.shop.order_acceptance),
            staging=platform.staging if wanted.staging is None else wanted.staging,
            debit=wanted.debit,
            debit_sending=platform.debit_sending,
            debit_delay=platform.debit_delay if wanted.debit_delay is None else wanted.debit_delay,
            payment_workflow=wanted.payment_workflow or platform.payment_workflow,
            shipping_type=wanted.shipping_type,
            pudo_id=wanted.pudo_id,
            channel=wanted.channel,
            fulfillment_center=wanted.fulfillment_center,
            shipping_deadline=self.at + platform.shipping_lead,
            received_after=platform.received_after,
            closed_after=platform.closed_after,
        )

    def _lines(self, order_id: str, wanted: WantedOrder) -> list[OrderLine]:
        lines = []
        for index, line in enumerate(wanted.lines, 1):
            line_id = self.numbers.next_line() if wanted.numeric_lines else f"{order_id}-{index}"
            lines.append(self._line(line_id, index, line))
        return lines

    def _line(self, line_id: str, index: int, wanted: WantedLine) -> OrderLine:
        mode, decimals = self.platform.order_tax_mode, self.shop.decimals
        shipping_taxes = wanted.taxes if wanted.shipping_taxes is None else wanted.shipping_taxes
        price = taxed(_line_price(wanted, decimals), wanted.taxes, mode, decimals)
        return OrderLine(
            id=line_id,
            index=index,
            sku=wanted.sku,
            quantity=wanted.quantity,
            unit_price=rounded(wanted.unit_price, decimals),
            price=price,
            shipping=taxed(wanted.shipping_price, shipping_taxes, mode, decimals),
            fees=tuple(Fee(code, rounded(amount, decimals)) for code, amount in wanted.fees.items()),
            promotions=(Promotion("PROMO-1", rounded(wanted.promotion, decimals)),) if wanted.promotion else (),
            commission=taxed(price.net * COMMISSION_SHARE, COMMISSION_TAX, "TAX_EXCLUDED", decimals),
            created=self.at,
            updated=self.at,
        )


def _line_price(wanted: WantedLine, decimals: int) -> Decimal:
    whole = rounded(wanted.unit_price, decimals) * wanted.quantity if wanted.price is None else wanted.price
    return rounded(whole - (wanted.promotion or 0), decimals)
