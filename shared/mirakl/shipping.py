"""One shipment an order: its tracking (OR23), its shipping (OR24), and what Mirakl's refusals of them mean."""

from __future__ import annotations

import re

from shared.errors import BridgeError, Rejected, UnknownOutcome, WrongState
from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import Refused
from shared.mirakl.tracking import tracking_fields
from shared.model.keys import shop_scope
from shared.model.shipment import Carrier

_STATE = re.compile(r"(?:^|[_.-])(?:state|status)(?:[_.-]|$)", re.IGNORECASE)
_CARRIAGE = re.compile(r"carrier|tracking", re.IGNORECASE)
_AMBIGUOUS = frozenset({408, 409})


class MiraklShipping:
    """Port `Shipping`."""

    def __init__(self, client: MiraklClient) -> None:
        self._client = client

    async def set_tracking(self, order_id: str, carrier: Carrier, tracking: str) -> None:
        """OR23 calls an unregistered carrier's address `carrier_url`."""
        content = tracking_fields(carrier, tracking, url="carrier_url")
        try:
            await self._client.or23(order_id, content)
        except Refused as refused:
            raise _tracking_refused(refused) or meaning("OR23", refused, self._client.shop) from refused

    async def ship(self, order_id: str) -> None:
        try:
            await self._client.or24(order_id)
        except Refused as refused:
            raise meaning("OR24", refused, self._client.shop) from refused


def meaning(operation: str, refused: Refused, shop: str) -> BridgeError:
    """A refusal of OR23 or OR24 as our error; neither documents its codes.

    A wrong state comes as a 400 without a code, and so does missing tracking: the next OR11 answer decides. Without
    Mirakl's JSON anything on the way may have answered.
    """
    if any(_STATE.search(code) for code in refused.codes):
        return WrongState(f"{operation}: {', '.join(refused.codes)}: the order's state does not admit it")
    if not refused.codes and refused.spoken and refused.status == 400:
        return WrongState(f"{operation}: HTTP 400 without a code: the order's state may not admit it")
    return plain_refusal(operation, refused, shop)


def plain_refusal(operation: str, refused: Refused, shop: str) -> BridgeError:
    """What is no question of an order's state."""
    if not refused.codes and (not refused.spoken or refused.status in _AMBIGUOUS):
        return UnknownOutcome(f"{operation}: HTTP {refused.status} without a code", scope=shop_scope(shop))
    subject = refused.codes[0] if refused.codes else f"HTTP {refused.status}"
    named = f" for {', '.join(refused.fields)}" if refused.fields else ""
    return Rejected("shipment_refused", subject=subject, reason=f"Mirakl answers {operation} with {subject}{named}.")


def _tracking_refused(refused: Refused) -> Rejected | None:
    """Only Mirakl's names decide and are shown: its message may quote the number."""
    named = [name for name in (*refused.codes, *refused.fields) if _CARRIAGE.search(name)]
    if refused.status != 400 or not named:
        return None
    return Rejected("tracking_refused", subject="carrier", reason=f"Mirakl answers OR23 with {', '.join(named)}.")
