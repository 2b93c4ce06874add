"""poll_orders: a timer asks every shop to be polled; each shop is one time-limited unit of work."""

from __future__ import annotations

import azure.functions as func

from functions import settling
from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.timer_trigger(arg_name="timer", schedule="%POLL_ORDERS_SCHEDULE%", run_on_startup=False)
async def poll_orders_timer(timer: func.TimerRequest) -> None:  # noqa: ARG001 -- the binding's name
    await bridge().ask_for_polls()


@blueprint.service_bus_queue_trigger(arg_name="message", queue_name="poll-orders", connection="ServiceBusConnection")
async def poll_orders(message: func.ServiceBusMessage) -> None:
    await settling.settle(message, "poll-orders", bridge(), bridge().poll_orders)
