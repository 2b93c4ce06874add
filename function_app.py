"""The path of an order, top to bottom."""

from __future__ import annotations

import azure.functions as func

from functions import (
    acknowledge_order,
    change_order,
    confirm_shipment,
    create_order,
    poll_orders,
    poll_shipments,
    watch,
)
from shared import wiring

STORY = (poll_orders, acknowledge_order, create_order, change_order, poll_shipments, confirm_shipment)
OPERATIONS = (watch,)

# Wrong settings end here, with every setting and its remedy named, before anything is polled.
wiring.start()

app = func.FunctionApp()
for step in STORY + OPERATIONS:
    app.register_functions(step.blueprint)
