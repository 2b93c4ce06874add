"""confirm_shipment: tell Mirakl what has left: one order, or with multi-shipment all that wait in a shop."""

from __future__ import annotations

import azure.functions as func

from functions import settling
from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.service_bus_queue_trigger(
    arg_name="message", queue_name="confirm-shipment", connection="ServiceBusConnection"
)
async def confirm_shipment(message: func.ServiceBusMessage) -> None:
    await settling.settle(message, "confirm-shipment", bridge(), bridge().confirm_shipment)
