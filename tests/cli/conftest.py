"""The terminal over the in-memory world, for every test of a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    made = Terminal.at(tmp_path)
    monkeypatch.setattr("cli.session.real_parts", made.parts)
    return made
