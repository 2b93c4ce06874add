"""Who carries a parcel, in Mirakl's fields; and Mirakl's messages about it without the parcel's number."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import quote

from shared.mirakl.wire import FieldError, text
from shared.model.shipment import Carrier

UrlField = Literal["carrier_url", "tracking_url"]
NUMBER_IN_URL = "{trackingId}"
"""As in SH21."""

_LONGEST_MESSAGE = 200
_MASK = "***"
_NUMBERED = re.compile(r"(?<![A-Za-z0-9])(?=(?:[A-Za-z]*[0-9]){6})[A-Za-z0-9]+")
"""A word with six digits or more: what tracking numbers look like, and no word of a sentence does."""


def tracking_fields(carrier: Carrier, number: str, *, url: UrlField) -> dict[str, str]:
    """A registered carrier by its code, another by name and address; `url` is OR23's or the ST operations' field.

    Raises ValueError for a carrier with neither.
    """
    if not carrier.code and not carrier.name:
        raise ValueError("a carrier needs a code or a name")
    address = _address(carrier.url, number)
    named = {"carrier_code": carrier.code} if carrier.code else {"carrier_name": carrier.name, url: address}
    return {name: value for name, value in {**named, "tracking_number": number}.items() if value}


def _address(template: str, number: str) -> str:
    """Mirakl fills in the addresses of registered carriers only; half an address would lead a shopper nowhere."""
    if NUMBER_IN_URL not in template:
        return template
    return template.replace(NUMBER_IN_URL, quote(number, safe="")) if number else ""


def masked(message: Any, number: str = "") -> str:
    """Mirakl's free text for people, on one line and cut; it may quote the tracking `number` that it was sent."""
    try:
        shown = " ".join(text(message).split())
    except FieldError:
        shown = ""
    if quoted := " ".join(number.split()):
        shown = re.sub(re.escape(quoted), _MASK, shown, flags=re.IGNORECASE)
    return _NUMBERED.sub(_MASK, shown)[:_LONGEST_MESSAGE] or "Mirakl gives no reason"
