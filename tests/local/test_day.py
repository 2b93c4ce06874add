"""The trading day as a newcomer runs it: a short one ends well, a spoiled one does not, and nothing stays behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.processes import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.xdist_group("stack")]
PATIENCE = 300.0


@contextmanager
def day(**environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "local.run"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def played(**environment: str) -> tuple[int, str]:
    with day(**environment) as process:
        said, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, said


def test_a_short_day_ends_well_and_says_so() -> None:
    code, said = played(FAST="1", SEED="1")
    assert code == 0, said
    assert "Nothing late, nothing twice, nothing lost, nothing different." in said
    shipped = re.search(r"^Shipped back +(\d+) of (\d+) ", said, re.MULTILINE)
    assert shipped is not None, said
    assert 0.9 * int(shipped[2]) <= int(shipped[1]) <= int(shipped[2]) != 0
    for promise in ("Accepted in time", "In the ERP once"):
        counted = re.search(rf"^{promise} +(\d+) of (\d+) ", said, re.MULTILINE)
        assert counted is not None, said
        assert counted[1] == counted[2] != "0"
    assert "Worker killed" in said
    assert "make run SEED=1 FAST=1 ERP=finance_supply_chain" in said


@pytest.mark.parametrize("erp", ["business_central", "prima"])
def test_a_short_day_ends_well_with_another_erp(erp: str) -> None:
    code, said = played(FAST="1", SEED="1", ERP=erp)
    assert code == 0, said
    assert "Nothing late, nothing twice, nothing lost, nothing different." in said


def test_a_day_without_the_order_number_ends_badly() -> None:
    code, said = played(FAST="1", SEED="1", SABOTAGE="number")
    assert code == 1, said
    assert re.search(r"^NOT AS IT MUST BE: .*\d+ twice", said, re.MULTILINE), said


def test_ctrl_c_leaves_no_process_behind() -> None:
    with day(FAST="1", SEED="1") as process:
        folder = _folder(process)
        for line in process.stdout or ():
            if line.startswith("Ready after"):
                break
        assert len(_processes(folder)) == 5
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert _processes(folder) == {}


@pytest.mark.parametrize(("name", "value"), [("SEED", "first"), ("SABOTAGE", "everything"), ("ERP", "abacus")])
def test_a_variable_that_cannot_be_used_is_named(name: str, value: str) -> None:
    code, said = played(**{name: value})
    assert code == 2
    assert f"{name}={value}" in said


def _folder(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.search(r"logs in (\S+)\)", process.stdout.readline())
    assert found is not None
    return found[1]


def _processes(folder: str) -> Mapping[int, str]:
    """Those whose output goes to a log in this folder."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                output = str((entry / "fd" / "1").readlink())
            except OSError:
                continue
            if folder in output:
                found[int(entry.name)] = output
    return found
