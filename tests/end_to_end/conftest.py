"""One running stack for the whole folder; each test gets hands of its own on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.end_to_end import running
from tests.end_to_end.running import Running, Scenario
from tests.local.running import complete


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = complete(running.start(tmp_path_factory.mktemp("end_to_end")))
    yield started
    complete(running.end(started.stack))


@pytest.fixture
async def scene(stack: Running) -> AsyncIterator[Scenario]:
    async with running.scenario(stack) as played:
        yield played
