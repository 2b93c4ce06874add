"""Reference lists of a marketplace: registered carriers (SH21) and reasons (RE01)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import unusable
from shared.mirakl.wire import FieldError, text
from shared.model.shipment import RegisteredCarrier

_CANCELLATION = "CANCELATION"


class MiraklLists:
    """Port `MarketplaceLists`."""

    def __init__(self, client: MiraklClient) -> None:
        self._client = client

    async def carriers(self) -> Sequence[RegisteredCarrier]:
        """SH21. An entry without a code is passed over; nobody could name it."""
        return tuple(
            RegisteredCarrier(code, _text(entry, "label"), _text(entry, "tracking_url"))
            for code, entry in self._coded("SH21", await self._client.sh21(), "carriers")
        )

    async def reasons(self) -> Mapping[str, str]:
        """RE01. Labels are in the user's language."""
        return {
            code: _text(entry, "label")
            for code, entry in self._coded("RE01", await self._client.re01(), "reasons")
            if entry.get("type") == _CANCELLATION and entry.get("is_shop_right") is True
        }

    def _coded(self, operation: str, content: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Raises Unavailable where there is no list: an empty one would withdraw every code."""
        listed = content.get(name) if isinstance(content, dict) else None
        if not isinstance(listed, list):
            raise unusable(operation, self._client.shop, f"the answer has no list of {name}")
        for entry in listed:
            code = _text(entry, "code") if isinstance(entry, dict) else ""
            if code:
                yield code, entry


def _text(entry: Mapping[str, Any], name: str) -> str:
    try:
        return text(entry.get(name))
    except FieldError:
        return ""
