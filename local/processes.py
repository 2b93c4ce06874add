"""The stack's child processes: started with a log file and a sign of readiness, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".work"
_TETHER = Path(__file__).with_name("tether.py")
_GLANCE_SECONDS = 0.02


class ChildFailed(Exception):
    """The child ended, or did not become ready in time; the text ends with the last lines of its log."""


@dataclass(eq=False)
class Child:
    """A running process in a process group of its own. `matched` holds the named groups of its ready pattern."""

    name: str
    log: Path
    matched: Mapping[str, str]
    _process: subprocess.Popen[bytes]
    _ask: signal.Signals = signal.SIGTERM
    _group_ended: bool = False

    @classmethod
    async def start(
        cls,
        name: str,
        argv: Sequence[str],
        *,
        ready: str,
        env: Mapping[str, str] | None = None,
        folder: Path = WORK / "logs",
        cwd: Path = ROOT,
        patience: float = 30.0,
        ask: signal.Signals = signal.SIGTERM,
    ) -> Child:
        """Start it and wait until `ready` (a regex over all its output, which may span lines) matches whole lines.

        `env` is the child's complete environment; None hands on our own. `patience` is in seconds. The output of
        every start is appended to `folder/<name>.log`. Call it from the main thread: on Linux a child dies with the
        thread that started it. `ask` is the signal that this program takes as a request to end.
        Raises ChildFailed; nothing is left running then.
        """
        log = folder / f"{name}.log"
        process, offset = _spawn(argv, env, log, cwd)
        child = cls(name, log, {}, process, ask)
        try:
            async with asyncio.timeout(patience):
                child.matched = await child._until_ready(re.compile(ready, re.MULTILINE), offset)
        except TimeoutError:
            child.kill()
            raise ChildFailed(f"{name} was not ready within {patience:g} s{child._last_lines(offset)}") from None
        except BaseException:
            child.kill()
            raise
        return child

    async def _until_ready(self, ready: re.Pattern[str], offset: int) -> dict[str, str]:
        """Polling needs neither a thread nor the loop that started the child."""
        while True:
            code = self._process.poll()
            if found := ready.search(_whole_lines(self.log, offset)):
                return found.groupdict()
            if code is not None:
                raise ChildFailed(f"{self.name} ended with exit code {code}{self._last_lines(offset)}")
            await asyncio.sleep(_GLANCE_SECONDS)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number when a signal ended it."""
        return self._process.poll()

    @property
    def port(self) -> int:
        """The ready pattern's group `port`."""
        return int(self.matched["port"])

    def output(self) -> str:
        """Everything its log holds, earlier starts under the same name included."""
        return self.log.read_text(errors="replace")

    async def wait(self) -> int:
        """Wait until it ends by itself; the exit code."""
        while (code := self._process.poll()) is None:  # noqa: ASYNC110 -- its end has no event of ours
            await asyncio.sleep(_GLANCE_SECONDS)
        return code

    def terminate(self) -> None:
        """Ask it to drain and end; `wait` tells when it has."""
        if self.exit_code is None:
            self._process.send_signal(self._ask)

    async def end(self, grace: float = 10.0) -> int:
        """Ask, then SIGKILL after `grace` seconds; the exit code."""
        self.terminate()
        try:
            async with asyncio.timeout(grace):
                await self.wait()
        except TimeoutError:
            pass
        finally:
            code = self.kill()
        return code

    def kill(self) -> int:
        """SIGKILL, for the process and whatever it started; the exit code."""
        if not self._group_ended:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._group_ended = True
        return self._process.wait()

    def _last_lines(self, offset: int, lines: int = 12) -> str:
        last = _read(self.log, offset).splitlines()[-lines:]
        return "; its last lines:\n  " + "\n  ".join(last) if last else " and wrote nothing"


@dataclass
class Children:
    """`async with Children(folder) as children`: whoever was started through it is ended with it, last one first."""

    folder: Path = WORK / "logs"
    _started: list[Child] = field(default_factory=list)

    async def start(
        self,
        name: str,
        argv: Sequence[str],
        *,
        ready: str,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        patience: float = 30.0,
    ) -> Child:
        """As `Child.start`."""
        child = await Child.start(name, argv, ready=ready, env=env, folder=self.folder, cwd=cwd, patience=patience)
        return self.adopt(child)

    def adopt(self, child: Child) -> Child:
        """End a child that was started elsewhere together with the others."""
        self._started.append(child)
        return child

    def __len__(self) -> int:
        return len(self._started)

    def kill(self) -> None:
        """SIGKILL for all of them, at once."""
        for child in self._started:
            child.kill()

    async def __aenter__(self) -> Children:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for child in reversed(self._started):
                await child.end()
        finally:  # a second Ctrl-C ends the patience, not the promise
            self.kill()


def cancel_on_sigterm() -> None:
    """Let SIGTERM do to the current task what Ctrl-C does, so that `Children` are ended and not merely orphaned."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def free_port() -> int:
    """A loopback port that is free now; whoever takes it must be ready to find it taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _spawn(
    argv: Sequence[str], env: Mapping[str, str] | None, log: Path, cwd: Path
) -> tuple[subprocess.Popen[bytes], int]:
    """The process, and where its output begins in the log. It writes to the file itself, so nobody need pump."""
    log.parent.mkdir(parents=True, exist_ok=True)
    tethered = [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *argv]
    with log.open("ab") as output:
        offset = output.tell()
        process = subprocess.Popen(
            tethered,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            process_group=0,
        )
    return process, offset


def _read(log: Path, offset: int) -> str:
    with log.open("rb") as written:
        written.seek(offset)
        return written.read().decode(errors="replace")


def _whole_lines(log: Path, offset: int) -> str:
    """Without the line that is still being written: half a port number must not match."""
    text = _read(log, offset)
    return text[: text.rfind("\n") + 1]
