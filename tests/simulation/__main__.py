"""`make simulate`: many seeds over two processes; failing seeds are printed and replay exactly."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.day import play
from tests.simulation.far_ends import FAR_ENDS


def one(given: tuple[int, str, str]) -> tuple[int, list[str], int, int]:
    seed, sabotage, erp = given
    result = asyncio.run(play(seed, sabotage, erp))
    return seed, result.failures, result.killed, result.faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--sabotage", default="")
    parser.add_argument("--erp", default="", choices=["", *FAR_ENDS], help="without it, in turn by seed")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    began, failed, total = time.monotonic(), 0, Counter[str]()
    days = [(given.first + number, given.sabotage, given.erp) for number in range(given.seeds)]
    with ProcessPoolExecutor(given.workers) as pool:
        for seed, failures, killed, faults in pool.map(one, days, chunksize=4):
            total.update(kills=killed, faults=faults)
            if failures:
                failed += 1
                print(f"seed {seed}:")  # noqa: T201
                for failure in failures[:4]:
                    print(f"  {failure[:300]}")  # noqa: T201
    took = time.monotonic() - began
    print(f"{given.seeds} days, {failed} failed, {total['faults']} faults, {total['kills']} kills, {took:.0f} s")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
