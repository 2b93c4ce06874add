"""A mapping row as it is stored: its key and value columns under their own names."""

from __future__ import annotations

from shared.model.mappings import TABLES, MappingRow, TableName
from shared.store.columns import columns, read, text
from shared.store.keys import join
from shared.store.tables import Row, Upsert

TABLE = "mappings"
CONTROL = "control"
VERSIONS = "version"


def mapping_partition(table: TableName, marketplace: str) -> str:
    return join(table, marketplace)


def mapping_key(row: MappingRow) -> str:
    return join(*row.key[1:])


def mapping_upsert(row: MappingRow) -> Upsert:
    """Raises ValueError naming the column that is not one of the table's."""
    described = TABLES[row.table]
    if len(row.key) != len(described.key):
        raise ValueError(f"{row.table}: a key has the columns {', '.join(described.key)}")
    unknown = row.values.keys() - {column.name for column in described.values}
    if unknown:
        raise ValueError(f"{row.table}: no column {', '.join(sorted(unknown))}; remove it from the file")
    return Upsert(mapping_key(row), columns(**dict(zip(described.key, row.key, strict=True)), **row.values))


def default_values(table: TableName) -> dict[str, str]:
    return {column.name: column.default or "" for column in TABLES[table].values}


def mapping_of(table: TableName, row: Row) -> MappingRow:
    """A column that the row lacks (it was stored before there was one) has its default."""
    described, values = TABLES[table], read(row)
    defaults = default_values(table)
    given = {name: text(values, name) if name in values else default for name, default in defaults.items()}
    return MappingRow(table, tuple(text(values, name) for name in described.key), given)
