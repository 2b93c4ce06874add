"""`python -m bench.orders`: what an order costs. Exits 1 when a limit is exceeded or the counts grow with the orders.

`--quick` measures everything on a small scale in about a minute; `--only` names one part. Aims (ratio, seconds) are
printed beside what was measured and do not decide: they depend on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import acceptance_day, imports, memory, ratio, report, side_by_side
from bench.counts import LATER, MULTI, SINGLE, Life, count
from bench.limits import exceeded

DAY_SEED = 1


@dataclass(frozen=True, slots=True)
class Scale:
    sizes: tuple[int, ...]
    other_sizes: tuple[int, ...]
    ratio_orders: int
    ratio_runs: int
    memory_orders: int
    memory_seconds: float
    import_runs: int
    day: bool


FULL = Scale((100, 1000, 10_000), (100, 1000), 200, 5, 20_000, 420, 5, day=True)
QUICK = Scale((100, 200), (100,), 60, 3, 600, 8, 3, day=False)


@dataclass(frozen=True, slots=True)
class Bench:
    """Each part prints its figures and answers what must not be."""

    scale: Scale
    folder: Path

    def counts(self) -> list[str]:
        print(
            "Counted outside the app, in memory, on a virtual clock, from OR11's first answer to the last", flush=True
        )
        sizes, others = self.scale.sizes, self.scale.other_sizes
        problems = self._life(SINGLE, sizes)
        _say(report.alone(asyncio.run(count(SINGLE, 1, before=1))))
        return problems + self._life(LATER, others[:1]) + self._life(MULTI, others)

    @staticmethod
    def _life(life: Life, sizes: Sequence[int]) -> list[str]:
        counted = [asyncio.run(count(life, size)) for size in sizes]
        _say(report.counts(counted))
        return list(exceeded(counted))

    def erps(self) -> list[str]:
        costs = {kind: side_by_side.cost(kind) for kind in side_by_side.LIMITS}
        _say(report.erps(list(costs.values())))
        _say(report.rounds(side_by_side.rounds()))
        return list(side_by_side.exceeded(costs))

    def ratio(self) -> list[str]:
        scale = self.scale
        measured = asyncio.run(ratio.measure(self.folder / "ratio", orders=scale.ratio_orders, runs=scale.ratio_runs))
        _say(report.throughput(measured))
        calls = [sum(run.seen.or21 for run in runs) for runs in (measured.step, measured.bare)]
        return (
            [] if calls[0] == calls[1] else [f"OR21 was sent {calls[0]} times, and {calls[1]} times by the bare loop"]
        )

    def memory(self) -> list[str]:
        scale = self.scale
        growth = asyncio.run(
            memory.measure(self.folder / "memory", orders=scale.memory_orders, seconds=scale.memory_seconds)
        )
        _say(report.memory(growth))
        lost = growth.end.orders - growth.accepted
        return [f"{lost} messages were settled and their orders not accepted"] if lost else []

    def imports(self) -> list[str]:
        _say(report.imports(imports.measure(self.scale.import_runs)))
        return []

    def day(self) -> list[str]:
        if not self.scale.day:
            print("The trading day without faults is part of the full run (or --only day).", flush=True)
            return []
        quick = acceptance_day.measure(DAY_SEED)
        _say(report.quickness(quick))
        return [] if quick.clean else ["the day without faults was not clean: make run FAULTS=0 tells more"]

    def parts(self) -> dict[str, Callable[[], list[str]]]:
        return {
            "counts": self.counts,
            "erps": self.erps,
            "ratio": self.ratio,
            "memory": self.memory,
            "imports": self.imports,
            "day": self.day,
        }


def main() -> int:
    given = _arguments()
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(QUICK if given.quick else FULL, Path(folder))
        for name, part in bench.parts().items():
            if given.only in ("", name):
                problems += part()
                print(flush=True)
    for problem in problems:
        print(f"EXCEEDED: {problem}")
    return 1 if problems else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.orders", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="everything on a small scale")
    parser.add_argument("--only", default="", choices=["counts", "erps", "ratio", "memory", "imports", "day"])
    return parser.parse_args()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
