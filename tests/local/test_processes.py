"""Children are ready when they say so, and none of them outlives whoever started it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.processes import ROOT, Child, ChildFailed, Children, free_port

SERVER = "import time; print('starting'); print('listening on 4711\\nstatus on 4712', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
READY = r"^listening on (?P<port>\d+)\nstatus on (?P<status>\d+)$"


def _python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


async def _gone(pid: int) -> None:
    """Wait until the process is gone, whoever its parent was; a process that waits to be reaped has ended."""
    async with asyncio.timeout(10):
        while _alive(pid):  # noqa: ASYNC110 -- another process's end has no event of ours
            await asyncio.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no /proc on this system: the signal's answer stands


async def test_is_ready_when_its_output_says_so_and_tells_what_it_said(tmp_path: Path) -> None:
    async with Children(tmp_path) as children:
        child = await children.start("server", _python(SERVER), ready=READY)
        assert (child.port, child.matched["status"], child.exit_code) == (4711, "4712", None)
        assert child.output().splitlines()[0] == "starting"
    assert child.exit_code == -signal.SIGTERM


async def test_half_a_line_is_no_sign_of_readiness(tmp_path: Path) -> None:
    program = (
        "import time; print('port 4', end='', flush=True); time.sleep(0.3); print('711', flush=True); time.sleep(60)"
    )
    async with Children(tmp_path) as children:
        assert (await children.start("slow", _python(program), ready=r"port (?P<port>\d+)")).port == 4711


async def test_a_second_start_under_the_same_name_is_not_ready_by_the_first_ones_words(tmp_path: Path) -> None:
    async with Children(tmp_path) as children:
        first = await children.start("server", _python(SERVER), ready=READY)
        with pytest.raises(ChildFailed, match="exit code 3"):
            await children.start("server", _python("raise SystemExit(3)"), ready=READY)
        assert "listening" in first.output()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (_python("print('reading settings'); raise SystemExit('PREFIX is missing')"), r"exit code 1.*\n  PREFIX is"),
        (_python("raise SystemExit(3)"), "exit code 3 and wrote nothing"),
        (["no-such-program"], "exit code 1.*cannot start no-such-program: No such file"),
        (
            _python("import time; print('thinking', flush=True); time.sleep(600)"),
            r"not ready within 0.4 s.*\n  thinking",
        ),
    ],
)
async def test_what_does_not_start_is_explained_by_its_last_lines(argv: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match=f"(?s){said}") as failure:
        await Child.start("bridge", argv, ready="never", folder=tmp_path, patience=0.4 if "thinking" in said else 10)
    assert str(failure.value).startswith("bridge ")


async def test_what_did_not_become_ready_is_not_left_running(tmp_path: Path) -> None:
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    with pytest.raises(ChildFailed):
        await Child.start("silent", _python(program), ready="never", folder=tmp_path, patience=0.4)
    await _gone(int((tmp_path / "silent.log").read_text()))


async def test_one_child_can_be_killed_with_what_it_started(tmp_path: Path) -> None:
    program = "import os, time; print('pid', os.fork(), flush=True); time.sleep(600)"
    async with Children(tmp_path) as children:
        other = await children.start("server", _python(SERVER), ready=READY)
        parent = await children.start("parent", _python(program), ready=r"pid (?P<pid>[1-9]\d*)")
        assert parent.kill() == -signal.SIGKILL
        await _gone(int(parent.matched["pid"]))
        assert other.exit_code is None


async def test_who_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    child = await Child.start("stubborn", _python(STUBBORN), ready="up", folder=tmp_path)
    assert await child.end(grace=0.2) == -signal.SIGKILL


async def test_the_environment_is_the_one_given(tmp_path: Path) -> None:
    program = "import os; print('EDGE', os.environ.get('EDGE'), 'HOME' in os.environ, flush=True)"
    child = await Child.start(
        "env", _python(program), ready=r"EDGE (?P<edge>\w+) (?P<home>\w+)", env={"EDGE": "yes"}, folder=tmp_path
    )
    assert await child.wait() == 0
    assert child.matched == {"edge": "yes", "home": "False"}


PARENT = """
import asyncio, sys
from pathlib import Path
from local.processes import Children, cancel_on_sigterm

async def main():
    cancel_on_sigterm()
    async with Children(Path(sys.argv[1])) as children:
        for name in ("one", "two"):
            child = await children.start(name, [sys.executable, "-c", sys.argv[2]], ready="up")
            print(child.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGINT,
        signal.SIGTERM,
        pytest.param(
            signal.SIGKILL,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel, which is Linux's"),
        ),
    ],
)
async def test_no_child_outlives_its_parent(how: signal.Signals, tmp_path: Path) -> None:
    obedient = "import time; print('up', flush=True); time.sleep(600)"
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PARENT,
        str(tmp_path),
        obedient,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    pids = [int(await parent.stdout.readline()) for _ in range(2)]
    assert all(_alive(pid) for pid in pids)
    os.kill(parent.pid, how)
    await parent.communicate()
    for pid in pids:
        await _gone(pid)


def test_a_free_port_can_be_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
