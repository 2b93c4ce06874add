"""Which order on record a despatch file means: by the ERP's number, our reference in the ERP, or Mirakl's order id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.flows.creating.creation import last_send
from shared.model.keys import OrderKey, derived_number, external_reference
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import Lookup, OrderRecord, Progress

Nobody = Literal["unknown", "several"]


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The order was sent to the ERP, and nobody knows yet whether it stands there."""

    key: OrderKey


async def whose(
    text: str, shops: Mapping[str, Shop], *, lookup: Lookup, progress: Progress
) -> OrderKey | InDoubt | Nobody:
    """Only orders that stand in the ERP, or may stand there, count. Raises Transient."""
    by_number = [key for key in await lookup.resolve("erp_number", text) if key.shop in shops]
    for candidates in (by_number, _by_reference(text, shops.values()), _by_id(text, shops)):
        found = {
            key: meant
            for key in candidates
            if (meant := _meant(text, await progress.load(key), shops[key.shop])) is not None
        }
        if found:
            return next(iter(found.values())) if len(found) == 1 else "several"
    return "unknown"


def _by_reference(text: str, shops: Iterable[Shop]) -> Sequence[OrderKey]:
    prefix, _, order = text.partition("-")
    return [OrderKey(shop.id, order) for shop in shops if order and shop.marketplace.prefix == prefix]


def _by_id(text: str, shops: Iterable[str]) -> Sequence[OrderKey]:
    return [OrderKey(shop, text) for shop in shops]


def _meant(text: str, record: OrderRecord, shop: Shop) -> OrderKey | InDoubt | None:
    """An index may point to an order that has another number by now."""
    created, order = record.steps.get("create_order"), record.key.order
    if created is None or text not in {*_numbers(created, order, shop), order, _reference(order, shop)}:
        return None
    if created.reference:
        return record.key
    return InDoubt(record.key) if not created.closed and last_send(created) is not None else None


def _numbers(created: Step, order: str, shop: Shop) -> frozenset[str]:
    """The ERP's own, or until it is known those that we may have given."""
    if created.reference:
        return frozenset({created.reference})
    return frozenset({created.number, derived_number(shop.marketplace.prefix, shop.marketplace.id, order)}) - {""}


def _reference(order: str, shop: Shop) -> str:
    return external_reference(shop.marketplace.prefix, order)
