"""The real emulator answers the real SDK, and is installed from a lock file that names no registry."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableServiceClient

from local import azurite as emulator
from local.azurite import LOCK, TableStorage, connection_string, start


@pytest.mark.stack
async def test_keeps_and_returns_a_row(azurite: str) -> None:
    async with TableServiceClient.from_connection_string(azurite) as service:
        table = await service.create_table(f"t{uuid4().hex}")
        async with table:
            await table.create_entity({"PartitionKey": "shop", "RowKey": "A-1", "attempt": 3})
            assert (await table.get_entity("shop", "A-1"))["attempt"] == 3


@asynccontextmanager
async def _running(**options: Any) -> AsyncIterator[tuple[TableStorage, TableServiceClient]]:
    storage = await start(**options)
    try:
        async with TableServiceClient.from_connection_string(storage.connection_string) as service:
            yield storage, service
    finally:
        await storage.end()


@pytest.mark.stack
async def test_data_in_a_folder_outlives_the_process(tmp_path: Path) -> None:
    name = f"t{uuid4().hex}"
    async with _running(folder=tmp_path / "data", logs=tmp_path) as (_, service):
        await (await service.create_table(name)).close()
    async with _running(folder=tmp_path / "data", logs=tmp_path) as (_, service):
        assert [table.name async for table in service.list_tables()] == [name]


@pytest.mark.stack
async def test_the_access_log_has_a_line_for_every_request(tmp_path: Path) -> None:
    async with _running(logs=tmp_path, access_log=True) as (storage, service):
        for _ in range(3):
            await (await service.create_table(f"t{uuid4().hex}")).close()
    assert len([line for line in storage.child.output().splitlines() if '"POST /devstoreaccount1/Tables' in line]) == 3


def test_what_npm_says_is_shown_when_the_installation_fails(tmp_path: Path) -> None:
    program = "import sys; print('no such version', file=sys.stderr); sys.exit(3)"
    with pytest.raises(emulator.NotInstalled, match=r"exit code 3:\n  no such version"):
        emulator._run([sys.executable, "-c", program], tmp_path)


def test_the_lock_file_pins_contents_and_names_no_registry() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    assert packages["node_modules/azurite"]["version"] == "3.35.0"
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name


def test_the_connection_string_is_what_the_sdk_reads() -> None:
    client = TableServiceClient.from_connection_string(connection_string(10002))
    assert client.url == "http://127.0.0.1:10002/devstoreaccount1"
