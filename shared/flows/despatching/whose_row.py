"""Which order on record a despatch file means: by the ERP's number, our reference in the ERP, or Mirakl's order id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from shared.model.keys import OrderKey
from shared.model.shop import Shop
from shared.ports.own import Lookup, OrderRecord, Progress

Nobody = Literal["unknown", "several"]


async def whose(text: str, shops: Mapping[str, Shop], *, lookup: Lookup, progress: Progress) -> OrderKey | Nobody:
    """Only orders that stand in the ERP count. Raises Transient."""
    by_number = [key for key in await lookup.resolve("erp_number", text) if key.shop in shops]
    for candidates in (by_number, _by_reference(text, shops.values()), _by_id(text, shops)):
        found = [key for key in candidates if _is(text, await progress.load(key), shops[key.shop])]
        if found:
            return found[0] if len(set(found)) == 1 else "several"
    return "unknown"


def _by_reference(text: str, shops: Iterable[Shop]) -> Sequence[OrderKey]:
    prefix, _, order = text.partition("-")
    return [OrderKey(shop.id, order) for shop in shops if order and shop.marketplace.prefix == prefix]


def _by_id(text: str, shops: Iterable[str]) -> Sequence[OrderKey]:
    return [OrderKey(shop, text) for shop in shops]


def _is(text: str, record: OrderRecord, shop: Shop) -> bool:
    """An index may point to an order that has another number by now."""
    created = record.steps.get("create_order")
    if created is None or not created.reference:
        return False
    order = record.key.order
    return text in {created.reference, order, f"{shop.marketplace.prefix}-{order}"}
