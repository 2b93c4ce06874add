"""What every ERP's sandbox takes on its command line as a process."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path


def arguments(description: str | None) -> argparse.Namespace:
    """`port`, `epoch` (now where none is given), `accelerate`, `world` (a file or None) and `seed`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 picks a free one and prints it")
    parser.add_argument("--epoch", type=_moment, help="ISO time at which the scaled clock equals the wall clock")
    parser.add_argument("--accelerate", type=float, default=1.0, help="how much faster than the wall clock time goes")
    parser.add_argument("--world", type=Path, help="JSON object of settings over the demonstration set-up")
    parser.add_argument("--seed", type=int, default=0, help="of the faults' probabilities and of the warehouse")
    given = parser.parse_args()
    given.epoch = given.epoch or datetime.now(UTC)
    return given


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
