"""The offers of all shops with everything that reads and changes them, and their part in the passing of time."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.file_import import Import
from sandboxes.mirakl.import_calls import of01, of02, of03, sto01, sto02, sto03
from sandboxes.mirakl.imports import Imports
from sandboxes.mirakl.offer_book import OfferBook
from sandboxes.mirakl.offer_export import OfferExports
from sandboxes.mirakl.offer_file import carry_out_offers
from sandboxes.mirakl.offer_listing import of21, of22
from sandboxes.mirakl.selling import Selling
from sandboxes.mirakl.stock_file import carry_out_stock
from sandboxes.mirakl.world import World
from sandboxes.wire import Response


class Assortment:
    def __init__(self, world: World, start: datetime) -> None:
        self.offers = OfferBook()
        self.imports = Imports(random.Random(f"imports {world.seed}"))
        self.exports = OfferExports(random.Random(f"offer exports {world.seed}"))
        self._platforms = {platform.code: platform for platform in world.platforms}
        self.selling = Selling(self.offers, self._platforms)
        for catalogue in world.catalogues:
            self.offers.open(catalogue, world.shop(catalogue.shop), start)

    def due(self) -> datetime | None:
        """When an import or an export ends next."""
        return min((when for when in (self.imports.due(), self.exports.due()) if when is not None), default=None)

    def advance(self, at: datetime) -> None:
        """End what is due; an export that ends with an import shows what that did."""
        self.imports.finish(at, {"STO01": self._stock, "OF01": self._offers})
        self.exports.finish(at, self.offers)

    def handlers(self) -> Mapping[str, Callable[[Call], Response]]:
        return {
            "OF01": lambda call: of01(call, self.imports),
            "OF02": lambda call: of02(call, self.imports),
            "OF03": lambda call: of03(call, self.imports),
            "OF21": lambda call: of21(call, self.offers),
            "OF22": lambda call: of22(call, self.offers),
            "OF52": self.exports.of52,
            "OF53": self.exports.of53,
            "OF54": self.exports.of54,
            "STO01": lambda call: sto01(call, self.imports),
            "STO02": lambda call: sto02(call, self.imports),
            "STO03": lambda call: sto03(call, self.imports),
        }

    def _stock(self, one: Import, at: datetime) -> None:
        carry_out_stock(one, self.offers, at)

    def _offers(self, one: Import, at: datetime) -> None:
        carry_out_offers(one, self.offers, at, keeps=self._platforms[one.shop.platform].offer_import_keeps)
