"""What is made once is made once, also by two processes that start together, and never taken half made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.once import once
from local.processes import ROOT

PROGRAM = """
import sys, time
from pathlib import Path
from local.once import once

def make(home):
    with (Path(sys.argv[1]) / "made").open("a") as made:
        made.write("x")
    time.sleep(0.3)

once(Path(sys.argv[1]), b"inputs", make)
"""


def test_two_processes_that_start_together_make_it_once(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    runs = [subprocess.Popen(argv, cwd=ROOT) for _ in range(2)]  # noqa: S603
    assert [run.wait() for run in runs] == [0, 0]
    assert (tmp_path / "made").read_text() == "x"


def test_other_inputs_make_another(tmp_path: Path) -> None:
    folders = {once(tmp_path, inputs, lambda home: (home / "content").touch()) for inputs in (b"a", b"b", b"a")}
    assert len(folders) == 2


def test_what_was_interrupted_is_made_again(tmp_path: Path) -> None:
    def interrupted(home: Path) -> None:
        (home / "half").touch()
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        once(tmp_path, b"inputs", interrupted)
    home = once(tmp_path, b"inputs", lambda home: (home / "whole").touch())
    assert sorted(path.name for path in home.iterdir()) == ["complete", "whole"]
