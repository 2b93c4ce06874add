"""The world of a day: instances, shops, keys and what was ordered before; readable from and writable as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from sandboxes.mirakl.offer_terms import Catalogue, WantedOffer
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.shops import ApiKey, Shop
from sandboxes.mirakl.wishes import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Raises ValueError naming what does not fit: a shop without its instance, a key without its shop.

    Shops without a catalogue sell anything; the others sell what their offers show.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    platforms: tuple[Platform, ...]
    shops: tuple[Shop, ...]
    keys: tuple[ApiKey, ...]
    earlier: tuple[Placement, ...] = ()
    catalogues: tuple[Catalogue, ...] = ()
    seed: int = 1

    def __post_init__(self) -> None:
        codes = {platform.code for platform in self.platforms}
        for shop in self.shops:
            if shop.platform not in codes:
                raise ValueError(f"shop {shop.label}: there is no platform {shop.platform!r}; add it to platforms")
        labels = {shop.label for shop in self.shops}
        for key in self.keys:
            if not key.shops or any(f"{key.platform}/{shop}" not in labels for shop in key.shops):
                raise ValueError(f"a key of {key.platform!r} names no shop, or one that is not in shops")
        if len({key.key for key in self.keys}) < len(self.keys):
            raise ValueError("two keys are the same: a key belongs to one user of one platform")
        sold = [catalogue.shop for catalogue in self.catalogues]
        if len(set(sold)) < len(sold) or not set(sold) <= labels:
            raise ValueError("a catalogue names no shop of shops, or one that has a catalogue already")

    def platform(self, code: str) -> Platform | None:
        return next((platform for platform in self.platforms if platform.code == code), None)

    def shop(self, label: str) -> Shop:
        """By label (`north/2001`). Raises ValueError where there is none."""
        for shop in self.shops:
            if shop.label == label:
                return shop
        raise ValueError(f"there is no shop {label!r}; name one of {sorted(shop.label for shop in self.shops)}")


_WORLD = TypeAdapter(World)
_PLACEMENT = TypeAdapter(Placement)
_OFFER = TypeAdapter(WantedOffer)


def read_world(content: Mapping[str, Any]) -> World:
    """Durations are numbers of seconds or ISO 8601. Raises ValueError naming the field."""
    return _WORLD.validate_python(content)


def written_world(world: World) -> dict[str, Any]:
    """Plain JSON that `read_world` reads back as an equal world."""
    plain: dict[str, Any] = _WORLD.dump_python(world, mode="json")
    return plain


def read_placement(content: Mapping[str, Any]) -> Placement:
    """Raises ValueError naming the field."""
    return _PLACEMENT.validate_python(content)


def read_offer(content: Mapping[str, Any]) -> WantedOffer:
    """Raises ValueError naming the field."""
    return _OFFER.validate_python(content)
