"""The carriers that an operator has registered (SH21); a day may add some and withdraw others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import ConfigDict, TypeAdapter

PLACE_OF_NUMBER = "{trackingId}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """`tracking_url` is a template; with `{trackingId}` in it the carrier cannot do without a tracking number."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    code: str
    label: str
    standard_code: str | None = None
    tracking_url: str | None = None

    @property
    def needs_number(self) -> bool:
        return PLACE_OF_NUMBER in (self.tracking_url or "")

    def url(self, number: str | None) -> str | None:
        """Where the shopper follows the parcel."""
        return self.tracking_url and self.tracking_url.replace(PLACE_OF_NUMBER, quote(number or "", safe=""))


CARRIERS = (
    Carrier(code="CA1", label="Carrier One", tracking_url="https://carrier-one.example.com/track?number={trackingId}"),
    Carrier(code="CA2", label="Carrier Two", tracking_url="https://carrier-two.example.com/parcels/{trackingId}"),
    Carrier(code="LTR", label="Letter post", tracking_url="https://letter-post.example.com/"),
)

_CARRIER = TypeAdapter(Carrier)


def read_carrier(content: Mapping[str, Any]) -> Carrier:
    """Raises ValueError naming the field."""
    return _CARRIER.validate_python(content)


class Carriers:
    """What is registered now, by instance. Raises ValueError where a change makes no sense.

    `refused` counts by shop (`north/2001`) how often a caller named a carrier that could not be taken.
    """

    def __init__(self, registered: Mapping[str, Iterable[Carrier]]) -> None:
        self.refused: Counter[str] = Counter()
        self._registered = {platform: {one.code: one for one in known} for platform, known in registered.items()}

    def of(self, platform: str) -> Sequence[Carrier]:
        """By label: SH21's own order."""
        return sorted(self._registered[platform].values(), key=lambda carrier: carrier.label)

    def find(self, platform: str, code: str) -> Carrier | None:
        return self._registered[platform].get(code)

    def add(self, platform: str, carrier: Carrier) -> None:
        if platform not in self._registered:
            raise ValueError(f"there is no platform {platform!r}: name one of {sorted(self._registered)}")
        if not carrier.code or self.find(platform, carrier.code):
            raise ValueError(f"carrier {carrier.code!r} is registered on {platform!r} or has no code: name a new one")
        self._registered[platform][carrier.code] = carrier

    def withdraw(self, platform: str, code: str) -> None:
        if not self._registered.get(platform, {}).pop(code, None):
            raise ValueError(f"there is no carrier {code!r} on {platform!r}: name one that SH21 lists")
