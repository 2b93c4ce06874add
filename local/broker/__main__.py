"""`python -m local.broker --config infra/Config.json --port 0 [--lock-seconds N] [--status-port 0]`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from local.broker.broker import Broker
from local.broker.configuration import ConfigurationProblem, read, with_locks_of
from local.broker.status import listen


def main() -> int:
    """Runs until SIGTERM or Ctrl-C. Prints `listening on <port>`, then `status on <port>` if asked for."""
    arguments = _arguments()
    try:
        queues = read(arguments.config)
    except ConfigurationProblem as problem:
        print(f"the broker cannot start: {problem}", file=sys.stderr)
        return 2
    if arguments.lock_seconds is not None:
        queues = with_locks_of(queues, arguments.lock_seconds)
    asyncio.run(_run(Broker(queues), arguments.port, arguments.status_port))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.broker", description="A Service Bus on one machine.")
    parser.add_argument("--config", type=Path, required=True, help="the emulator's Config.json")
    parser.add_argument("--port", type=int, default=5672, help="AMQP port; 0 picks a free one")
    parser.add_argument("--lock-seconds", type=float, help="instead of every queue's LockDuration")
    parser.add_argument("--status-port", type=int, help="port of the books and faults; 0 picks a free one")
    return parser.parse_args()


async def _run(broker: Broker, port: int, status_port: int | None) -> None:
    ended = asyncio.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, ended.set)
    runner = None
    try:
        said = f"listening on {await broker.start(port)}"
        if status_port is not None:
            runner, status = await listen(broker, status_port)
            said += f"\nstatus on {status}"
        print(said, flush=True)
        await ended.wait()
    finally:
        await broker.stop()
        if runner is not None:
            await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
