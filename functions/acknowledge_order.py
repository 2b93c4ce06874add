"""acknowledge_order: accept one order in Mirakl."""

from __future__ import annotations

import azure.functions as func

from functions import settling
from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.service_bus_queue_trigger(
    arg_name="message", queue_name="acknowledge-order", connection="ServiceBusConnection"
)
async def acknowledge_order(message: func.ServiceBusMessage) -> None:
    await settling.settle(message, "acknowledge-order", bridge(), bridge().acknowledge_order)
