"""Acceptance of an order's waiting lines (OR21), and what Mirakl's refusals of it mean."""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import BridgeError, LinesChanged, Rejected, UnknownOutcome, WrongState
from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import Refused
from shared.model.keys import shop_scope

_DECIDED = "ORDER_INVALID_STATE"
_LINES = "ORDER_LINE_"
_PARTIAL = "ORDER_PARTIAL_ACCEPTANCE_DISABLED"
_AMBIGUOUS = frozenset({400, 408, 409})


class MiraklAcceptance:
    """Port `Acceptance`."""

    def __init__(self, client: MiraklClient) -> None:
        self._client = client

    async def accept(self, order_id: str, lines: Sequence[str]) -> None:
        """OR21 wants the decision on every waiting line in one call; a line is taken whole."""
        decisions = [{"id": line, "accepted": True} for line in dict.fromkeys(lines)]
        try:
            await self._client.or21(order_id, {"order_lines": decisions})
        except Refused as refused:
            raise meaning(refused, self._client.shop) from refused


def meaning(refused: Refused, shop: str) -> BridgeError:
    """OR21's error codes as our errors.

    A wrong state may come as a bare 400, and without Mirakl's JSON anything on the way may have answered: then the
    next OR11 answer decides.
    """
    codes = refused.codes
    if _DECIDED in codes:
        return WrongState(f"OR21: {_DECIDED}: the order is decided already")
    if any(code.startswith(_LINES) or code == _PARTIAL for code in codes):
        return LinesChanged(f"OR21: {', '.join(codes)}: read the order again and decide its waiting lines")
    if not codes and (not refused.spoken or refused.status in _AMBIGUOUS):
        return UnknownOutcome(f"OR21: HTTP {refused.status} without a code", scope=shop_scope(shop))
    subject = codes[0] if codes else f"HTTP {refused.status}"
    return Rejected("acceptance_refused", subject=subject, reason=f"Mirakl answers OR21 with {subject}.")
