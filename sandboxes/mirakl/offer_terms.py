"""What an offer says of itself beside its quantity, and what a world wants offered in a shop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import AwareDatetime, ConfigDict

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Fields of an OF01 file; the defaults are what a field is reset to (chosen, but for `allow_quote_requests`)."""

    __pydantic_config__ = _STRICT

    price: Decimal = Decimal("10.00")
    state_code: str = "11"
    description: str | None = None
    internal_description: str | None = None
    price_additional_info: str | None = None
    min_quantity_alert: int = 0
    leadtime_to_ship: int = 2
    logistic_class: str = "M"
    min_order_quantity: int = 1
    max_order_quantity: int | None = None
    package_quantity: int = 1
    allow_quote_requests: bool = False
    available_from: AwareDatetime | None = None
    available_until: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedOffer:
    """With `warehouses` (code: quantity) the quantity is their sum. `withdrawn`: its product is disabled, so that
    nobody can buy it whatever its quantity. `product_sku` left out is `MKP-` and the sku.
    """

    __pydantic_config__ = _STRICT

    sku: str
    quantity: int = 10
    warehouses: Mapping[str, int] = field(default_factory=dict)
    product_sku: str = ""
    terms: Terms = Terms()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The offers of one shop (`north/2001`): those wanted, then `synthetic` more, `SYN-000001` on, of `quantity` each.

    A shop with a catalogue, be it empty, sells what its offers show; one without sells anything to anybody.
    Raises ValueError where a sku comes twice or is Mirakl's none (longer than 40 characters, or with a slash).
    """

    __pydantic_config__ = _STRICT

    shop: str
    offers: tuple[WantedOffer, ...] = ()
    synthetic: int = 0
    quantity: int = 10

    def __post_init__(self) -> None:
        for sku, count in Counter(offer.sku for offer in self.offers).items():
            if count > 1 or not valid_sku(sku):
                raise ValueError(f"catalogue of {self.shop}: sku {sku!r} comes twice, or is too long or has a slash")

    def __iter__(self) -> Iterator[WantedOffer]:
        yield from self.offers
        for number in range(1, self.synthetic + 1):
            yield WantedOffer(sku=f"SYN-{number:06d}", quantity=self.quantity)


def valid_sku(sku: str) -> bool:
    """At most 40 characters and no slash, as a third party documents it."""
    return 0 < len(sku) <= 40 and "/" not in sku
