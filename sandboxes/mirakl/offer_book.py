"""All offers of all shops, by shop and sku, and by Mirakl's own id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sandboxes.mirakl.offer_terms import Catalogue, WantedOffer
from sandboxes.mirakl.offers import Cause, Change, Offer
from sandboxes.mirakl.shops import Shop

FIRST_ID = 5001


class OfferBook:
    """Only shops with a catalogue are in it; a sku is looked up letter by letter."""

    def __init__(self) -> None:
        self._shops: dict[str, dict[str, Offer]] = {}
        self._opened: dict[str, datetime] = {}
        self._by_id: dict[int, Offer] = {}

    def open(self, catalogue: Catalogue, shop: Shop, at: datetime) -> None:
        self._shops[shop.label], self._opened[shop.label] = {}, at
        for wanted in catalogue:
            self.add(wanted, shop, at, "opened")

    def add(self, wanted: WantedOffer, shop: Shop, at: datetime, cause: Cause, about: str = "") -> Offer:
        """A new offer. Raises ValueError where the shop has one of that sku already."""
        offers = self._shops.setdefault(shop.label, {})
        self._opened.setdefault(shop.label, at)
        if wanted.sku in offers:
            raise ValueError(f"{shop.label} has an offer {wanted.sku!r} already: change that one")
        offer = Offer(
            id=FIRST_ID + len(self._by_id),
            shop=shop,
            sku=wanted.sku,
            product_sku=wanted.product_sku or f"MKP-{wanted.sku}",
            terms=wanted.terms,
            quantity=0,
            created=at,
            updated=at,
            withdrawn=wanted.withdrawn,
        )
        quantity = sum(wanted.warehouses.values()) if wanted.warehouses else wanted.quantity
        offer.stand(Change(at, cause, about, quantity), dict(wanted.warehouses))
        offers[offer.sku] = self._by_id[offer.id] = offer
        return offer

    def governs(self, shop: str, at: datetime) -> bool:
        """Whether the shop sells by its offers. What was ordered before they were opened took nothing from them."""
        return shop in self._opened and self._opened[shop] <= at

    def of_shop(self, shop: str) -> Mapping[str, Offer]:
        return self._shops.get(shop, {})

    def find(self, shop: str, sku: str) -> Offer | None:
        return self._shops.get(shop, {}).get(sku)

    def numbered(self, number: int) -> Offer | None:
        return self._by_id.get(number)

    def __iter__(self) -> Iterator[Offer]:
        return iter(self._by_id.values())
