"""`python -m local.host --app <folder>`: run that folder's function_app.py until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from azure.servicebus.exceptions import ServiceBusError

from local.host.host import Host
from local.host.settings import SettingsProblem, prepare
from local.host.worker import AppProblem

CANNOT_START = 2


def main() -> int:
    """0 after draining, 2 when the app or its settings cannot be used (the reason is on standard error)."""
    arguments = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for chatty in ("azure", "httpx", "aiohttp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        prepare(os.environ, arguments.settings)
        return asyncio.run(_run(arguments))
    except (SettingsProblem, AppProblem) as problem:
        print(problem, file=sys.stderr)
    except (ServiceBusError, OSError) as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
    return CANNOT_START


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--app", type=Path, required=True, help="the folder with host.json and function_app.py")
    parser.add_argument("--settings", type=Path, help="a local.settings.json; the environment wins over it")
    parser.add_argument("--port", type=int, default=0, help="for HTTP functions and /admin/host/status; 0: a free one")
    parser.add_argument("--drain-seconds", type=float, default=30.0, help="how long SIGTERM waits for what runs")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> int:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for how in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(how, asked.set)
    host = Host(arguments.app, os.environ)
    try:
        functions = await host.start(arguments.port)
        print(f"admin on {host.port}\nhost ready: {functions} functions", flush=True)
        await host.serve_until(asked)
    finally:
        cut_off = await host.drain(arguments.drain_seconds)
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # the app's own clients live as long as the process
    print(f"host drained: {cut_off} invocations cut off", flush=True)
    if cut_off:
        os._exit(0)  # a function that blocks its thread would hold the interpreter's own exit
    return 0


if __name__ == "__main__":
    sys.exit(main())
