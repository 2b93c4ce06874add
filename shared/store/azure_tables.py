"""`Tables` over Azure Table Storage (or Azurite); one client per process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from azure.core import MatchConditions
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.data.tables import TableEntity, UpdateMode
from azure.data.tables.aio import TableClient, TableServiceClient

from shared.store.azure_errors import lacks_table, named, named_errors, no_table
from shared.store.tables import (
    NAMES,
    Delete,
    Insert,
    Operation,
    Range,
    Replace,
    Row,
    Upsert,
    Where,
    check,
)

_PAGE = 1000
_OPTIONS: Mapping[str, Any] = {
    "retry_total": 3,
    "retry_backoff_factor": 0.5,
    "retry_backoff_max": 5,
    "connection_timeout": 5,
    "read_timeout": 20,
}
"""The client's own retries, bounded: a message waits better in its queue than in here."""


class AzureTables:
    """`prefix` sets the tables of one user of an account apart (tests); letters and digits, a letter first."""

    def __init__(self, service: TableServiceClient, *, prefix: str = "") -> None:
        self._service = service
        self._prefix = prefix
        self._clients: dict[str, TableClient] = {}

    @classmethod
    def connect(
        cls,
        *,
        connection: str = "",
        url: str = "",
        credential: AsyncTokenCredential | None = None,
        prefix: str = "",
    ) -> AzureTables:
        """By connection string, or else by the table service's address and a credential."""
        if connection:
            return cls(TableServiceClient.from_connection_string(connection, **_OPTIONS), prefix=prefix)
        return cls(TableServiceClient(url, credential=credential, **_OPTIONS), prefix=prefix)

    async def ensure_tables(self, names: Iterable[str] = NAMES) -> None:
        for name in names:
            with named_errors(name):
                await self._service.create_table_if_not_exists(self._prefix + name)

    async def close(self) -> None:
        await self._service.close()

    async def get(self, table: str, partition: str, row: str) -> Row | None:
        try:
            entity = await self._client(table).get_entity(partition, row)
        except ResourceNotFoundError as problem:
            if lacks_table(problem):
                raise no_table(table) from problem
            return None
        except AzureError as problem:
            raise named(problem, table) from problem
        return _row(entity)

    async def query(
        self,
        table: str,
        partition: str,
        *,
        ranges: Sequence[Range] = (),
        where: Sequence[Where] = (),
        limit: int | None = None,
        select: Sequence[str] = (),
    ) -> list[Row]:
        found: list[Row] = []
        pages = self._client(table).query_entities(
            odata_filter(partition, ranges, where),
            results_per_page=_PAGE if limit is None else min(limit, _PAGE),
            # Without the time stamp the client cannot tell the version.
            select=[*select, "RowKey", "Timestamp"] if select else None,
        )
        with named_errors(table):
            async for entity in pages:
                found.append(_row(entity))
                if len(found) == limit:
                    break
        return found

    async def commit(self, table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        check(operations)
        client = self._client(table)
        with named_errors(table):
            match operations:
                case []:
                    return []
                case [operation]:
                    return [await _one(client, partition, operation)]
                case _:
                    answers = await client.submit_transaction([_batched(partition, one) for one in operations])
        return [
            None if isinstance(operation, Delete) else _etag(answer)
            for operation, answer in zip(operations, answers, strict=True)
        ]

    def _client(self, table: str) -> TableClient:
        if table not in self._clients:
            self._clients[table] = self._service.get_table_client(self._prefix + table)
        return self._clients[table]


def odata_filter(partition: str, ranges: Sequence[Range], where: Sequence[Where]) -> str:
    """Keys and values are quoted here; an empty bound adds no comparison."""
    terms = [f"PartitionKey eq {_literal(partition)}"]
    alternatives = [_between(one) for one in ranges]
    if alternatives and all(alternatives):
        terms.append(alternatives[0] if len(alternatives) == 1 else f"({' or '.join(alternatives)})")
    terms += [f"{one.column} {one.operator} {_literal(one.value)}" for one in where]
    return " and ".join(terms)


def _between(bounds: Range) -> str:
    start = f"RowKey ge {_literal(bounds.start)}" if bounds.start else ""
    end = f"RowKey lt {_literal(bounds.end)}" if bounds.end else ""
    return f"({start} and {end})" if start and end else start or end


def _literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value.replace("'", "''") + "'"


async def _one(client: TableClient, partition: str, operation: Operation) -> str | None:
    """A plain call: a transaction of one costs the same and its errors are harder to read."""
    match operation:
        case Insert():
            return _etag(await client.create_entity(_entity(partition, operation)))
        case Upsert():
            return _etag(await client.upsert_entity(_entity(partition, operation), mode=UpdateMode.REPLACE))
        case Replace():
            guard: dict[str, Any] = {"etag": operation.version, "match_condition": MatchConditions.IfNotModified}
            entity = _entity(partition, operation)
            return _etag(await client.update_entity(entity, mode=UpdateMode.REPLACE, **guard))
        case Delete():
            await client.delete_entity(partition, operation.row, **_delete_guard(operation))
            return None


def _batched(partition: str, operation: Operation) -> tuple[str, dict[str, Any], dict[str, Any]]:
    match operation:
        case Insert():
            return "create", _entity(partition, operation), {}
        case Upsert():
            return "upsert", _entity(partition, operation), {"mode": UpdateMode.REPLACE}
        case Replace():
            guard = {"etag": operation.version, "match_condition": MatchConditions.IfNotModified}
            return "update", _entity(partition, operation), {"mode": UpdateMode.REPLACE, **guard}
        case Delete():
            return "delete", {"PartitionKey": partition, "RowKey": operation.row}, _delete_guard(operation)


def _delete_guard(operation: Delete) -> dict[str, Any]:
    if operation.version is None:
        return {}
    return {"etag": operation.version, "match_condition": MatchConditions.IfNotModified}


def _entity(partition: str, operation: Insert | Upsert | Replace) -> dict[str, Any]:
    return {"PartitionKey": partition, "RowKey": operation.row, **operation.values}


def _row(entity: TableEntity) -> Row:
    values = {
        name: value for name, value in entity.items() if name not in ("PartitionKey", "RowKey") and value is not None
    }
    return Row(entity["RowKey"], values, str(entity.metadata["etag"]))


def _etag(answer: Mapping[str, Any]) -> str:
    return str(answer["etag"])
