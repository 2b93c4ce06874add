"""The stores' table service, twice: in memory, and Azurite with tables of each test's own."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from shared.store.azure_tables import AzureTables
from shared.store.tables import Tables
from tests.fakes.memory_tables import MemoryTables

USED = ("orders", "openwork", "lookup", "exceptions")


@pytest.fixture(params=["memory", pytest.param("azurite", marks=pytest.mark.stack)])
def table_connection(request: pytest.FixtureRequest) -> str:
    """Empty for the memory; not asynchronous, because starting Azurite runs a loop of its own."""
    return str(request.getfixturevalue("azurite")) if request.param == "azurite" else ""


@pytest.fixture
async def tables(table_connection: str) -> AsyncIterator[Tables]:
    if not table_connection:
        yield MemoryTables()
        return
    real = AzureTables.connect(connection=table_connection, prefix=f"t{uuid.uuid4().hex[:12]}")
    await real.ensure_tables(USED)
    try:
        yield real
    finally:
        await real.close()
