"""What a machine lacks is named with the command that installs it, before anything is set up."""

from __future__ import annotations

import importlib.util
import shutil
import sysconfig
from pathlib import Path

import pytest

from local import ready


@pytest.fixture
def new_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setattr(ready, "VENV", tmp_path / ".venv")
    return monkeypatch


def test_a_machine_with_everything_lacks_nothing(new_machine: pytest.MonkeyPatch) -> None:
    new_machine.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert ready._missing() == []


def test_a_missing_compiler_is_named_with_its_command(new_machine: pytest.MonkeyPatch) -> None:
    new_machine.setattr(shutil, "which", lambda _: None)
    [said] = ready._missing()
    assert "apt-get install gcc" in said


def test_missing_headers_are_named_with_their_command(new_machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    new_machine.setattr(sysconfig, "get_paths", lambda: {"include": str(tmp_path)})
    said = ready._missing()
    assert any("-dev" in one for one in said)


def test_a_missing_venv_module_is_named_with_its_command(new_machine: pytest.MonkeyPatch) -> None:
    new_machine.setattr(importlib.util, "find_spec", lambda name: None if name == "venv" else object())
    said = ready._missing()
    assert any("-venv" in one for one in said)


def test_an_environment_of_other_requirements_is_made_anew(new_machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stamp = tmp_path / ".venv" / ".ready"
    stamp.parent.mkdir()
    stamp.write_text("something older")
    assert not ready._is_ready()
    stamp.write_text(ready._digest())
    assert ready._is_ready()
