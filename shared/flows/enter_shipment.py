"""A shipment that a person enters, as a despatch file would tell it; for one on record it brings the tracking."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence

from shared.errors import BridgeError, Conflict
from shared.flows.despatching.put_on_record import put_on_record
from shared.flows.despatching.whose_row import whose
from shared.flows.leaving.record_shipments import Ports
from shared.model.despatch import DespatchRow
from shared.model.keys import OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.shop import Shop
from shared.ports.own import Change, History


class NotEntered(BridgeError):
    """Nothing was entered, or a part of it; the text says what and why."""


async def run(rows: Sequence[DespatchRow], shop: Shop, *, who: str, policy: ShippingPolicy, ports: Ports) -> OrderKey:
    """`rows` name one order and one consignment. Raises NotEntered and Transient."""
    shops: Mapping[str, Shop] = {shop.id: shop}
    order, document = rows[0].order, rows[0].consignment
    key = await whose(order, shops, lookup=ports.lookup, progress=ports.progress)
    if not isinstance(key, OrderKey):
        raise NotEntered(f"shop {shop.id!r} has no order {order!r} that stands in the ERP")
    taken = await put_on_record({key: rows}, shops, policy=policy, ports=ports)
    if key not in taken.stored:
        raise NotEntered(f"order {key.order} is being worked on or cannot be stored now; try again in some minutes")
    refused = taken.refused.get(key, ())
    if len(refused) < len(rows):
        await _tell(key, f"{document} entered by hand ({who})", ports)
    if refused:
        raise NotEntered("not entered: " + "; ".join(f"{place} {why}" for place, why in refused))
    return key


async def _tell(key: OrderKey, text: str, ports: Ports) -> None:
    """On the order's timeline; the audit knows of it in any case."""
    step = (await ports.progress.load(key)).steps.get("confirm_shipment")
    attempt = step.attempt if step else 1
    with contextlib.suppress(Conflict):
        await ports.progress.commit(
            key, Change(history=(History(ports.clock.now(), "confirm_shipment", attempt, text),))
        )
