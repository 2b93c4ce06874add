"""What tests of several rooms share: the real Table Storage emulator, started once and only when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from local.azurite import start
from tests.local.running import complete

# How long an example takes says how busy the machine is, and nothing about the rule.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of an Azurite of this test process's own, in memory. Take a table name of your own."""
    logs: Path = tmp_path_factory.mktemp("azurite")
    storage = complete(start(logs=logs))
    try:
        yield storage.connection_string
    finally:
        complete(storage.end())
