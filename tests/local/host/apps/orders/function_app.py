"""A small app that writes what happens to it in a journal, and does what a message tells it."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import azure.functions as func

JOURNAL = Path(os.environ["JOURNAL"])
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def note(event: str, **fields: Any) -> None:
    """One line in one write: several processes share the journal."""
    line = json.dumps({"event": event, "process": os.getpid(), **fields}) + "\n"
    with JOURNAL.open("ab", buffering=0) as journal:
        journal.write(line.encode())


@app.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%")
async def tick(timer: func.TimerRequest) -> None:
    note("tick begins", past_due=timer.past_due)
    await asyncio.sleep(float(os.environ.get("TICK_SECONDS", "0")))
    note("tick ends")


@app.service_bus_queue_trigger(arg_name="message", queue_name="%WORK_QUEUE%", connection="BUS")
async def work(message: func.ServiceBusMessage) -> None:
    await carry_out(message)


@app.service_bus_queue_trigger(
    arg_name="message", queue_name="%LANES_QUEUE%", connection="BUS", is_sessions_enabled=True
)
async def lane(message: func.ServiceBusMessage) -> None:
    await carry_out(message)


async def carry_out(message: func.ServiceBusMessage) -> None:
    order = json.loads(message.get_body())["v1"]
    seen = {"order": order["id"], "session": message.session_id, "delivery": message.delivery_count}
    note("begins", **seen, message_id=message.message_id, container=os.environ.get("CONTAINER_NAME"))
    if message.delivery_count == 1:
        await asyncio.sleep(order.get("seconds", 0))
    if order.get("fails"):
        raise ValueError(f"the text of {order['id']} is nobody's business")
    note("ends", **seen)


@app.route(route="orders/{id:int}", methods=["POST"])
async def order(req: func.HttpRequest) -> func.HttpResponse:
    if req.params.get("fails"):
        raise ValueError("the text of a request is nobody's business")
    told = {"id": req.route_params["id"], "body": req.get_body().decode(), "agent": req.headers.get("x-agent")}
    return func.HttpResponse(json.dumps(told), status_code=201, mimetype="application/json", headers={"x-order": "yes"})


@app.route(methods=["GET"])
def ping(req: func.HttpRequest) -> str:
    return "pong"
