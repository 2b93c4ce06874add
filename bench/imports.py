"""How long a cold start imports: the function app against the five packages that it cannot do without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from local.processes import ROOT

PACKAGES = (
    "azure.functions",
    "azure.servicebus",
    "azure.servicebus.aio",
    "azure.data.tables",
    "azure.data.tables.aio",
    "httpx",
    "pydantic",
)
"""azure-functions, azure-servicebus, azure-data-tables, httpx, pydantic; of Azure's SDKs both faces, as we use both."""
APP, WHOLE_APP = "function_app", "function_app, shared.wiring.real_parts"
_TIMED = (
    "import sys, time; began = time.perf_counter(); import {}; print(time.perf_counter() - began, len(sys.modules))"
)


@dataclass(frozen=True, slots=True)
class Import:
    """Seconds of each fresh process, and how many modules it holds then."""

    seconds: Sequence[float]
    modules: int

    @property
    def median(self) -> float:
        return median(self.seconds)


@dataclass(frozen=True, slots=True)
class Imports:
    """`app` is function_app.py; `whole` is that and what its first trigger imports."""

    app: Import
    whole: Import
    packages: Import


def measure(runs: int) -> Imports:
    """Alternating; one import of each comes first, for the compiled files and the disk's cache."""
    environment = {**os.environ, **_settings()}
    names = (APP, WHOLE_APP, ", ".join(PACKAGES))
    taken: dict[str, list[tuple[float, int]]] = {name: [] for name in names}
    for run in range(runs + 1):
        for name in names:
            once = _import(name, environment)
            if run:
                taken[name].append(once)
    return Imports(*(Import([seconds for seconds, _ in taken[name]], taken[name][0][1]) for name in names))


def _import(names: str, environment: Mapping[str, str]) -> tuple[float, int]:
    argv = [sys.executable, "-c", _TIMED.format(names)]
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    seconds, modules = done.stdout.split()
    return float(seconds), int(modules)


def _settings() -> Mapping[str, str]:
    values: dict[str, str] = json.loads((ROOT / "local.settings.example.json").read_text("utf-8"))["Values"]
    return values
