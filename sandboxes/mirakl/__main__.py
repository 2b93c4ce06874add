"""`python -m sandboxes.mirakl`: the sandbox on a loopback port, on a clock that may run faster than the wall's."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sandboxes.faults import FaultySandbox
from sandboxes.mirakl.controls import controls
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.world import World, read_world
from sandboxes.mirakl.worlds import demo
from sandboxes.server import ScaledClock, application, serve


def main() -> None:
    arguments = _arguments()
    epoch = datetime.fromisoformat(arguments.epoch)
    sandbox = MiraklSandbox(_world(arguments.world, epoch), epoch)
    app = application(FaultySandbox(sandbox), ScaledClock(epoch, arguments.accelerate), controls(sandbox))
    asyncio.run(serve(app, arguments.port))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandboxes.mirakl", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one; it is printed")
    parser.add_argument("--epoch", required=True, help="ISO 8601 with an offset: where the scaled clock starts")
    parser.add_argument("--accelerate", type=float, default=1.0, help="how many seconds pass in one of the wall's")
    parser.add_argument("--world", type=Path, help="a JSON file (default: the demo's world)")
    return parser.parse_args()


def _world(file: Path | None, epoch: datetime) -> World:
    return demo(epoch) if file is None else read_world(json.loads(file.read_text("utf-8"), parse_float=Decimal))


if __name__ == "__main__":
    main()
