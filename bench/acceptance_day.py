"""A trading day without faults: how soon OR21 follows the OR11 answer that showed the order waiting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass

from local.processes import ROOT

AIM_SECONDS = 2.0
TOLD = re.compile(r"OR11 answer to OR21 sent: 99th percentile (?P<seconds>[\d.]+) s on the wall, of (?P<orders>\d+)")
_PATIENCE_SECONDS = 400


class NothingTold(Exception):
    """The day ended without its figure; the text is how it ended."""


@dataclass(frozen=True, slots=True)
class Quickness:
    """99th percentile in seconds of the wall, from Mirakl's journal; `clean` when the judge found nothing."""

    seconds: float
    orders: int
    clean: bool


def measure(seed: int) -> Quickness:
    """`make run FAULTS=0` in a process of its own. Raises NothingTold."""
    environment = {**os.environ, "FAULTS": "0", "SEED": str(seed)}
    done = subprocess.run(
        [sys.executable, "-m", "local.run"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    told = TOLD.search(done.stdout)
    if told is None:
        last = (done.stdout + done.stderr).strip().splitlines()[-3:]
        raise NothingTold(f"the day ended with exit code {done.returncode}: " + " / ".join(last))
    return Quickness(float(told["seconds"]), int(told["orders"]), clean=done.returncode == 0)
