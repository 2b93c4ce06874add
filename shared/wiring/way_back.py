"""What has left the ERP's warehouses, however it is told: the parts of the bridge that look for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from shared.errors import Transient
from shared.flows import change_order, outages, poll_shipments, read_despatch_files
from shared.flows.leaving import left_by_status
from shared.flows.read_despatch_files import Reading
from shared.model.keys import DESPATCH_SCOPE, TRACKING_SCOPE, company_scope
from shared.model.policy import ShippingPolicy
from shared.model.shop import Shop
from shared.rules.cadence import round_at
from shared.telemetry import event

if TYPE_CHECKING:
    from shared.wiring.assembly import Bridge

LeavingPorts = poll_shipments.Ports


def policy(bridge: Bridge) -> ShippingPolicy:
    """The client's, with who may bring tracking."""
    shipping = bridge.settings.shipping
    if bridge.parts.sales_orders.capabilities.tracks:
        return replace(shipping, tracking_from="erp")
    return replace(shipping, tracking_from="people" if bridge.settings.despatch_files is None else "files")


def leaving_ports(bridge: Bridge) -> LeavingPorts:
    parts = bridge.parts
    return LeavingPorts(
        shipments=parts.shipments,
        progress=parts.progress,
        work=parts.work,
        cursors=parts.shipment_cursors,
        lookup=parts.lookup,
        mappings=parts.mappings,
        platform=lambda shop: bridge.shops[shop.id].platform,
        reader=parts.reader,
        outbox=parts.outbox,
        clock=parts.clock,
    )


async def poll(bridge: Bridge, company: str, shops: Sequence[Shop]) -> bool:
    """One exception while the company is not there, or the source of its tracking numbers cannot be read: every poll
    asks for both. Raises Transient.
    """
    own = (TRACKING_SCOPE, company_scope(company))
    try:
        whole = await poll_shipments.run(
            company,
            shops,
            capabilities=bridge.parts.sales_orders.capabilities,
            policy=policy(bridge),
            overlap=bridge.settings.erp.shipment_overlap,
            ports=leaving_ports(bridge),
        )
    except Transient as problem:
        if problem.scope in own:
            await outages.begun(problem, pauses=bridge.pauses, progress=bridge.progress, now=bridge.clock.now())
        raise
    for scope in own:
        await outages.over(scope, pauses=bridge.pauses, progress=bridge.progress)
    return whole


def looking(bridge: Bridge, shops: Sequence[Shop]) -> change_order.Looking:
    """At the orders of a company's `shops`, in the round whose time it is."""
    return change_order.Looking(
        bridge.parts.sales_orders.capabilities,
        policy(bridge),
        round_at(bridge.clock.now(), bridge.settings.change_order_schedule),
        partial(left_by_status.leave, shops=shops, policy=policy(bridge), ports=leaving_ports(bridge)),
    )


async def despatch_files(bridge: Bridge) -> None:
    """One exception and pauses of growing length while the place where files are dropped cannot be reached."""
    setting, files = bridge.settings.despatch_files, bridge.parts.despatch_files
    if setting is None or files is None or await bridge.pauses.standing([DESPATCH_SCOPE]):
        return
    reading = Reading(bridge.settings.shops, setting, policy(bridge), files, leaving_ports(bridge))
    try:
        await read_despatch_files.run(reading)
    except Transient as problem:
        event("despatch_files_not_read", reason=type(problem).__name__)
        if problem.scope == DESPATCH_SCOPE:
            await outages.begun(problem, pauses=bridge.pauses, progress=bridge.progress, now=bridge.clock.now())
        return
    await outages.over(DESPATCH_SCOPE, pauses=bridge.pauses, progress=bridge.progress)
