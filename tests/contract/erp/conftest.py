"""Each case runs in every world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.erp.world import World
from tests.contract.erp.worlds import WORLDS


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Every test also proves that nothing was sent which the real system would have ignored."""
    built = WORLDS[request.param]()
    yield built
    assert built.complaints() == {}
