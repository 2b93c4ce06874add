"""What every `Tables` does, in memory and at Azurite alike."""

from __future__ import annotations

import uuid

import pytest
from azure.data.tables.aio import TableServiceClient

from shared.errors import Conflict, Rejected, Unavailable
from shared.store.azure_tables import AzureTables
from shared.store.tables import Delete, Insert, Operation, Range, Replace, Tables, Upsert, Value, Values, Where

TABLE = "orders"
ORDER = "shop-a|1"
EVERY_TYPE: dict[str, Value] = {
    "text": "Łódź ' \" \\ / # ? 𝄞",
    "empty": "",
    "number": 2**31 - 1,
    "yes": True,
    "no": False,
    "binary": bytes(range(256)),
}


async def put(tables: Tables, row: str, values: Values, *, partition: str = ORDER) -> str:
    [version] = await tables.commit(TABLE, partition, [Upsert(row, values)])
    assert version
    return version


async def names(tables: Tables, *ranges: Range) -> list[str]:
    return [row.row for row in await tables.query(TABLE, ORDER, ranges=ranges)]


async def test_every_type_comes_back_as_it_was(tables: Tables) -> None:
    version = await put(tables, "facts", EVERY_TYPE)
    row = await tables.get(TABLE, ORDER, "facts")
    assert row is not None
    assert (row.row, dict(row.values), row.version) == ("facts", EVERY_TYPE, version)
    assert {name: type(value) for name, value in row.values.items()} == {
        name: type(value) for name, value in EVERY_TYPE.items()
    }


async def test_a_row_that_is_not_there_is_none(tables: Tables) -> None:
    assert await tables.get(TABLE, ORDER, "facts") is None
    assert await tables.query(TABLE, ORDER) == []


async def test_get_and_query_tell_the_same_version(tables: Tables) -> None:
    version = await put(tables, "facts", {"v": 1})
    [queried] = await tables.query(TABLE, ORDER)
    [selected] = await tables.query(TABLE, ORDER, select=["v"])
    assert queried.version == selected.version == version


async def test_an_upsert_replaces_the_whole_row(tables: Tables) -> None:
    first = await put(tables, "facts", {"old": 1, "kept": 1})
    second = await put(tables, "facts", {"kept": 2})
    row = await tables.get(TABLE, ORDER, "facts")
    assert row is not None
    assert dict(row.values) == {"kept": 2}
    assert first != second


async def test_an_insert_wants_no_row(tables: Tables) -> None:
    await tables.commit(TABLE, ORDER, [Insert("facts", {"v": 1})])
    with pytest.raises(Conflict):
        await tables.commit(TABLE, ORDER, [Insert("facts", {"v": 2})])
    row = await tables.get(TABLE, ORDER, "facts")
    assert row is not None
    assert row.values["v"] == 1


async def test_a_replace_wants_its_version(tables: Tables) -> None:
    old = await put(tables, "facts", {"v": 1, "gone": 1})
    [new] = await tables.commit(TABLE, ORDER, [Replace("facts", {"v": 2}, old)])
    assert new is not None
    with pytest.raises(Conflict):
        await tables.commit(TABLE, ORDER, [Replace("facts", {"v": 3}, old)])
    row = await tables.get(TABLE, ORDER, "facts")
    assert row is not None
    assert (dict(row.values), row.version) == ({"v": 2}, new)


async def test_a_replace_wants_a_row(tables: Tables) -> None:
    version = await put(tables, "facts", {"v": 1})
    await tables.commit(TABLE, ORDER, [Delete("facts")])
    with pytest.raises(Conflict):
        await tables.commit(TABLE, ORDER, [Replace("facts", {"v": 2}, version)])


async def test_a_delete_with_a_version_wants_it(tables: Tables) -> None:
    old = await put(tables, "facts", {"v": 1})
    new = await put(tables, "facts", {"v": 2})
    with pytest.raises(Conflict):
        await tables.commit(TABLE, ORDER, [Delete("facts", old)])
    assert await tables.commit(TABLE, ORDER, [Delete("facts", new)]) == [None]
    assert await tables.get(TABLE, ORDER, "facts") is None


async def test_deleting_alone_what_is_gone_is_fine(tables: Tables) -> None:
    version = await put(tables, "facts", {"v": 1})
    await tables.commit(TABLE, ORDER, [Delete("facts")])
    await tables.commit(TABLE, ORDER, [Delete("facts")])
    await tables.commit(TABLE, ORDER, [Delete("facts", version)])
    assert await tables.query(TABLE, ORDER) == []


async def test_a_transaction_happens_as_a_whole(tables: Tables) -> None:
    step = await put(tables, "step", {"v": 1})
    await put(tables, "openwork", {"v": 1})
    changes: list[Operation] = [
        Insert("facts", {"v": 1}),
        Replace("step", {"v": 2}, step),
        Upsert("history", {"v": 1}),
        Delete("openwork"),
    ]
    versions = await tables.commit(TABLE, ORDER, changes)
    assert await names(tables) == ["facts", "history", "step"]
    stored = {row.row: row.version for row in await tables.query(TABLE, ORDER)}
    assert versions == [stored["facts"], stored["step"], stored["history"], None]


@pytest.mark.parametrize(
    "failing",
    [Insert("there", {"v": 2}), Replace("there", {"v": 2}, 'W/"never"'), Delete("there", 'W/"never"'), Delete("gone")],
    ids=["insert", "replace", "delete", "delete of nothing"],
)
async def test_a_transaction_that_fails_changes_nothing(tables: Tables, failing: Operation) -> None:
    await put(tables, "there", {"v": 1})
    if isinstance(failing, Replace | Delete) and failing.row == "there":
        old = await put(tables, "there", {"v": 0})
        await put(tables, "there", {"v": 1})
        failing = Replace("there", {"v": 2}, old) if isinstance(failing, Replace) else Delete("there", old)
    with pytest.raises(Conflict):
        await tables.commit(TABLE, ORDER, [Insert("facts", {"v": 1}), failing])
    [row] = await tables.query(TABLE, ORDER)
    assert (row.row, row.values["v"]) == ("there", 1)


async def test_a_hundred_operations_are_one_transaction_and_one_more_is_refused(tables: Tables) -> None:
    rows = [Insert(f"{number:03}", {"v": 1}) for number in range(101)]
    with pytest.raises(Rejected, match="snapshot_too_large"):
        await tables.commit(TABLE, ORDER, rows)
    assert await tables.query(TABLE, ORDER) == []
    assert len(await tables.commit(TABLE, ORDER, rows[:100])) == 100
    assert len(await tables.query(TABLE, ORDER)) == 100


@pytest.mark.parametrize(
    "values",
    [
        {f"z{number}": bytes(61_440) for number in range(15)} | {"one": bytes(61_440)},
        {"text": "x" * 32_769},
        {"text": "𝄞" * 16_385},
        {"binary": bytes(65_537)},
    ],
    ids=["row", "text", "text in UTF-16", "binary"],
)
async def test_what_does_not_fit_is_refused(tables: Tables, values: Values) -> None:
    with pytest.raises(Rejected, match="snapshot_too_large"):
        await tables.commit(TABLE, ORDER, [Insert("facts", values)])
    assert await tables.query(TABLE, ORDER) == []


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_the_largest_row_that_is_allowed_is_stored(tables: Tables) -> None:
    values: Values = {f"z{number}": bytes(60_000) for number in range(15)} | {"text": "x" * 8_000}
    await tables.commit(TABLE, ORDER, [Insert("facts", values), Insert("person", values)])
    row = await tables.get(TABLE, ORDER, "facts")
    assert row is not None
    assert dict(row.values) == values


async def test_ranges_are_of_row_keys_in_their_order(tables: Tables) -> None:
    for row in ("step|b", "facts", "history|2", "step|a", "history|1", "person", "history}", "exception|x"):
        await put(tables, row, {"v": 1})
    await put(tables, "history|9", {"v": 1}, partition="shop-a|2")
    assert await names(tables, Range("history|", "history}")) == ["history|1", "history|2"]
    assert await names(tables, Range("", "history|"), Range("history}", "")) == [
        "exception|x",
        "facts",
        "history}",
        "person",
        "step|a",
        "step|b",
    ]
    assert len(await names(tables, Range())) == 8
    assert await names(tables, Range("step|", "")) == ["step|a", "step|b"]


async def test_keys_are_told_apart_by_every_character(tables: Tables) -> None:
    keys = ["A", "a", "a|b", "a.b", "a-b", "a_b", "a=7Cb", "a'b", "a b", "="]
    for position, key in enumerate(keys):
        await put(tables, key, {"v": position})
    for position, key in enumerate(keys):
        row = await tables.get(TABLE, ORDER, key)
        assert row is not None
        assert row.values["v"] == position
    assert await names(tables) == sorted(keys)
    assert await names(tables, Range("a'b", "a'c")) == ["a'b"]


async def test_conditions_compare_text_by_code_unit_and_all_must_hold(tables: Tables) -> None:
    await put(tables, "a", {"due": "2026-03-02T08:00:00.000000Z", "doubt": True, "step": "x"})
    await put(tables, "b", {"due": "2026-03-02T08:00:00.000001Z", "doubt": False, "step": "x"})
    await put(tables, "c", {"due": "2026-03-01T23:59:59.999999Z", "doubt": True, "step": "it's"})
    await put(tables, "d", {"step": "x"})

    async def found(*where: Where) -> list[str]:
        return [row.row for row in await tables.query(TABLE, ORDER, where=where)]

    assert await found(Where("due", "le", "2026-03-02T08:00:00.000000Z")) == ["a", "c"]
    assert await found(Where("due", "ge", "2026-03-02T08:00:00.000000Z")) == ["a", "b"]
    assert await found(Where("doubt", "eq", True)) == ["a", "c"]
    assert await found(Where("doubt", "eq", True), Where("step", "eq", "x")) == ["a"]
    assert await found(Where("step", "eq", "it's")) == ["c"]


async def test_a_limit_ends_the_answer_and_large_answers_come_whole(tables: Tables) -> None:
    rows = [Insert(f"{number:04}", {"odd": bool(number % 2)}) for number in range(1_100)]
    for start in range(0, len(rows), 100):
        await tables.commit(TABLE, ORDER, rows[start : start + 100])
    assert len(await tables.query(TABLE, ORDER)) == 1_100
    assert [row.row for row in await tables.query(TABLE, ORDER, limit=3)] == ["0000", "0001", "0002"]
    odd = await tables.query(TABLE, ORDER, where=[Where("odd", "eq", True)], limit=3)
    assert [row.row for row in odd] == ["0001", "0003", "0005"]


async def test_select_leaves_the_other_columns_out(tables: Tables) -> None:
    await put(tables, "facts", {"v": 1, "large": b"x" * 1000})
    [row] = await tables.query(TABLE, ORDER, select=["v", "absent"])
    assert (row.row, dict(row.values)) == ("facts", {"v": 1})


async def test_nothing_to_change_is_nothing(tables: Tables) -> None:
    assert await tables.commit(TABLE, ORDER, []) == []


async def test_a_table_service_that_is_away_is_unavailable() -> None:
    nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;"
    away = AzureTables(TableServiceClient.from_connection_string(nowhere, retry_total=0))
    try:
        with pytest.raises(Unavailable) as raised:
            await away.get(TABLE, ORDER, "facts")
    finally:
        await away.close()
    assert raised.value.scope == "tables"


@pytest.mark.stack
async def test_a_missing_table_is_said(azurite: str) -> None:
    real = AzureTables.connect(connection=azurite, prefix=f"t{uuid.uuid4().hex[:12]}")
    try:
        with pytest.raises(Unavailable, match="orders does not exist"):
            await real.get(TABLE, ORDER, "facts")
        with pytest.raises(Unavailable, match="orders does not exist"):
            await real.query(TABLE, ORDER)
        with pytest.raises(Unavailable, match="orders does not exist"):
            await real.commit(TABLE, ORDER, [Insert("a", {"v": 1}), Insert("b", {"v": 1})])
        with pytest.raises(Unavailable, match="orders does not exist"):
            await real.commit(TABLE, ORDER, [Insert("a", {"v": 1})])
        await real.ensure_tables()
        await real.ensure_tables()
        assert await real.query("stock", "nothing") == []
    finally:
        await real.close()
