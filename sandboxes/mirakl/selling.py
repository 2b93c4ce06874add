"""What shoppers and refusals do to offers.

Mirakl documents none of it: that a sale lowers the quantity when the order is placed is inferred; that a refusal
empties the offer is one operator's word about its time-out, taken for every refusal; that a cancelation does not put
anything back is chosen. The last two are settings of a platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sandboxes.mirakl.offer_book import OfferBook
from sandboxes.mirakl.offers import Offer
from sandboxes.mirakl.orders import GONE, OWN_STOCK, Order, OrderLine
from sandboxes.mirakl.platform import NO_TIME, Platform
from sandboxes.mirakl.shops import Shop
from sandboxes.mirakl.wishes import WantedLine, WantedOrder

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Missed:
    """A shopper wanted more than the offer showed."""

    at: datetime
    shop: str
    sku: str
    wanted: int
    bought: int


@dataclass(slots=True)
class Pair:
    """Shoppers who were shown the same number, for as long as the first of them needs to pay."""

    since: datetime
    shown: int
    shoppers: int = 1


@dataclass
class Selling:
    """Sells from the book's offers. `platforms` by code tell the operators' ways."""

    offers: OfferBook
    platforms: dict[str, Platform]
    missed: list[Missed] = field(default_factory=list)
    _pairs: dict[int, Pair] = field(default_factory=dict)
    _gone: set[tuple[str, str]] = field(default_factory=set)

    def governed(self, shop: Shop, wanted: WantedOrder, at: datetime) -> bool:
        """An order that the operator fulfils takes nothing from the shop's offers."""
        return wanted.fulfillment_center == OWN_STOCK and self.offers.governs(shop.label, at)

    def basket(self, shop: Shop, wanted: WantedOrder, at: datetime, shown: dict[str, int]) -> WantedOrder | None:
        """What of it can be bought, or None: each line is cut to what is left of the number shown.

        A line that is cut costs unit price x quantity, whatever total was wanted.
        """
        left = dict(shown)
        lines = []
        for line in wanted.lines:
            bought = min(line.quantity, left[line.sku])
            left[line.sku] -= bought
            if bought < line.quantity:
                self.missed.append(Missed(at, shop.label, line.sku, line.quantity, bought))
            if bought:
                lines.append(_cut(line, bought))
        return replace(wanted, lines=tuple(lines)) if lines else None

    def shown(self, shop: Shop, wanted: WantedOrder, at: datetime) -> dict[str, int]:
        """The number each offer of the order shows to this shopper: 0 where there is no offer."""
        found = {line.sku: self.offers.find(shop.label, line.sku) for line in wanted.lines}
        return {sku: self._shown(offer, at) if offer else 0 for sku, offer in found.items()}

    def sell(self, order: Order, shown: dict[str, int]) -> None:
        """The quantities go down at once; a number that two saw does not go below 0."""
        for line in order.lines:
            offer = self.offers.find(shop_label(order), line.sku)
            line.shown = shown[line.sku]
            if offer:
                line.offer_id = offer.id
                offer.take(line.quantity, order.created, order.id)

    def follow(self, order: Order) -> None:
        """The order changed: lines that were refused or cancelled meanwhile have their effect, once."""
        if not self.offers.of_shop(shop_label(order)) or order.fulfillment_center != OWN_STOCK:
            return
        for line in order.lines_in(*GONE):
            if (order.platform, line.id) not in self._gone:
                self._gone.add((order.platform, line.id))
                self._lose(order, line, self.platforms[order.platform])

    def _lose(self, order: Order, line: OrderLine, platform: Platform) -> None:
        offer = self.offers.find(shop_label(order), line.sku)
        if offer is None or offer.deleted:
            return
        at = line.history[-1][0]
        if line.state == "REFUSED" and platform.refusal_empties_offers:
            offer.empty(at, order.id)
        elif line.state == "CANCELED" and platform.cancelation_restocks and line.shown is not None:
            offer.put_back(line.quantity, at, order.id)

    def _shown(self, offer: Offer, at: datetime) -> int:
        """Where checkouts overlap, the second of two shoppers is shown what the first one was."""
        overlap = self.platforms[offer.shop.platform].checkout_overlap
        pair = self._pairs.get(offer.id)
        if overlap > NO_TIME and pair and pair.shoppers < AT_ONCE and at - pair.since < overlap:
            pair.shoppers += 1
            return pair.shown
        self._pairs[offer.id] = Pair(at, offer.shown(at))
        return self._pairs[offer.id].shown


def shop_label(order: Order) -> str:
    return f"{order.platform}/{order.shop_id}"


def _cut(line: WantedLine, bought: int) -> WantedLine:
    return line if bought == line.quantity else replace(line, quantity=bought, price=None)
