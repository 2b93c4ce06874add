"""poll_shipments: a timer asks every company of the ERP what has been shipped; each company is one unit of work."""

from __future__ import annotations

import azure.functions as func

from functions import settling
from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.timer_trigger(arg_name="timer", schedule="%POLL_SHIPMENTS_SCHEDULE%", run_on_startup=False)
async def poll_shipments_timer(timer: func.TimerRequest) -> None:  # noqa: ARG001 -- the binding's name
    await bridge().ask_for_shipments()


@blueprint.service_bus_queue_trigger(arg_name="message", queue_name="poll-shipments", connection="ServiceBusConnection")
async def poll_shipments(message: func.ServiceBusMessage) -> None:
    await settling.settle(message, "poll-shipments", bridge(), bridge().poll_shipments)
