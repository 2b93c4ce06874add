"""create_order: create one order in the ERP; sessions are the lanes that bound how many are written at once."""

from __future__ import annotations

import azure.functions as func

from functions import settling
from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.service_bus_queue_trigger(
    arg_name="message",
    queue_name="create-order",
    connection="ServiceBusConnection",
    is_sessions_enabled=True,
)
async def create_order(message: func.ServiceBusMessage) -> None:
    await settling.settle(message, "create-order", bridge(), bridge().create_order)
