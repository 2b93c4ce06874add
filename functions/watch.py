"""watch: a timer that forgets nothing."""

from __future__ import annotations

import azure.functions as func

from shared.wiring import bridge

blueprint = func.Blueprint()


@blueprint.timer_trigger(arg_name="timer", schedule="%WATCH_SCHEDULE%", run_on_startup=False)
async def watch(timer: func.TimerRequest) -> None:  # noqa: ARG001 -- the binding's name
    await bridge().watch()
