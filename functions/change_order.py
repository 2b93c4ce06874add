"""change_order: carry a cancellation into the ERP, and by a timer see what people cancelled there themselves."""

from __future__ import annotations

import azure.functions as func

from functions import settling
from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.timer_trigger(arg_name="timer", schedule="%CHANGE_ORDER_SCHEDULE%", run_on_startup=False)
async def change_order_timer(timer: func.TimerRequest) -> None:  # noqa: ARG001 -- the binding's name
    await bridge().look_at_erp()


@blueprint.service_bus_queue_trigger(
    arg_name="message",
    queue_name="change-order",
    connection="ServiceBusConnection",
    is_sessions_enabled=True,
)
async def change_order(message: func.ServiceBusMessage) -> None:
    await settling.settle(message, "change-order", bridge(), bridge().change_order)
