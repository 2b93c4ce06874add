"""The ERP's order numbers, told to Mirakl (OR04)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import codes_of, fields_of, unusable
from shared.mirakl.wire import FieldError, identifier

MOST = 100
UNMENTIONED = "Mirakl does not mention it"


class MiraklOrderNumbers:
    """Port `OrderNumbers`."""

    def __init__(self, client: MiraklClient) -> None:
        self._client = client

    async def report(self, numbers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
        """OR04 answers 200 with errors per order inside. Raises ValueError for more than 100 orders."""
        if len(numbers) > MOST:
            raise ValueError(f"OR04 takes at most {MOST} orders, not {len(numbers)}")
        if not numbers:
            return {}
        orders = [
            {"order_id": order, "references": {"order_reference_for_seller": number}}
            for order, number in dict(numbers).items()
        ]
        content = await self._client.or04({"orders": orders})
        listed = content.get("updated_orders") if isinstance(content, dict) else None
        if not isinstance(listed, list):
            raise unusable("OR04", self._client.shop, "the answer has no list of orders")
        return _refused([order for order, _ in numbers], listed)


def _refused(asked: Sequence[str], listed: Sequence[Any]) -> dict[str, str]:
    answered: dict[str, str] = {}
    for order_id, reason in _answers(listed):
        answered[order_id] = answered.get(order_id) or reason
    reasons = {order_id: answered.get(order_id, UNMENTIONED) for order_id in asked}
    return {order_id: reason for order_id, reason in reasons.items() if reason}


def _answers(listed: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Each order with its reason, empty where it was updated."""
    for one in listed:
        try:
            if isinstance(one, dict):
                yield identifier(one.get("order_id")), _reason(one.get("errors"))
        except FieldError:
            continue


def _reason(errors: Any) -> str:
    """Codes and fields only: a message may quote the order's data."""
    if not errors:
        return ""
    listed = errors if isinstance(errors, list) else [errors]
    codes, fields = ", ".join(codes_of(listed)), ", ".join(fields_of(listed))
    return f"{codes or 'no code'} ({fields or 'no field'})"
