"""`bridge mappings import|export|check`: the client's tables as CSV, the difference shown before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import click

from cli.session import Session
from cli.words import say, table
from shared.flows import requeue
from shared.model.mappings import TABLES, MappingRow, TableName
from shared.rules import mapping_files
from shared.wiring import Bridge
from shared.wiring.real_parts import RealParts

_IN_WORDS = {"items": "one unit", "carriers": "a parcel"}
"""Tables whose rows `check` tells in words, and what the column is called."""
_TABLE = click.argument("name", metavar="TABLE", type=click.Choice(sorted(TABLES)))


@click.group()
def mappings() -> None:
    """Mapping tables: items, taxes, charges, accounts, customers, currencies, countries, channels,
    warehouses, shipping, carriers."""


@mappings.command(name="export")
@_TABLE
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.pass_obj
def write(session: Session, name: str, file: str | None) -> None:
    """Write TABLE as CSV to FILE, or to the terminal."""
    rows = session.run(lambda _, parts: parts.tables.mapping_writer.all_rows(_table(name)))
    text = mapping_files.write(_table(name), rows)
    if file is None:
        click.echo(text, nl=False)
    else:
        Path(file).write_text(text, encoding="utf-8")
        say(f"{len(rows)} rows of {name} written to {file}")


@mappings.command(name="import")
@_TABLE
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Rows that the file does not have are removed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def read(session: Session, name: str, file: str, replace: bool, yes: bool) -> None:
    """Check FILE, show what would change in TABLE, ask, write, and send the orders again that waited for it."""
    reading = mapping_files.read(_table(name), Path(file).read_text(encoding="utf-8"))
    if reading.problems:
        raise click.ClickException(f"{file} was not imported:\n" + "\n".join(f"  {one}" for one in reading.problems))
    before = session.run(lambda _, parts: parts.tables.mapping_writer.all_rows(_table(name)))
    kept = [] if replace else [row for row in before if row.key not in {one.key for one in reading.rows}]
    difference = mapping_files.difference(before, [*kept, *reading.rows])
    _show(difference)
    if not difference:
        say("Nothing changes.")
        return
    if not yes and not click.confirm("Write this?"):
        raise click.Abort
    sent = session.run(lambda bridge, parts: _save(bridge, parts, _table(name), difference, session.who))
    say(f"Written. {sent} orders that waited for it were sent again.")


@mappings.command()
@click.argument("name", metavar="[TABLE]", type=click.Choice(sorted(TABLES)), required=False)
@click.pass_obj
def check(session: Session, name: str | None) -> None:
    """Every row that cannot be used; for items what one marketplace unit orders and takes from stock, for carriers as
    whom Mirakl is told that a parcel goes."""
    problems = 0
    for one in [name] if name else sorted(TABLES):
        rows = session.run(lambda _, parts, one=one: parts.tables.mapping_writer.all_rows(_table(one)))  # type: ignore[misc]
        complaints = [f"{' | '.join(row.key)}: {text}" for row in rows for text in mapping_files.invalid(row)]
        problems += len(complaints)
        say(f"{one}: {len(rows)} rows, {len(complaints)} problems (owner {TABLES[_table(one)].owner})")
        for complaint in complaints:
            say(f"  {complaint}")
        if one in _IN_WORDS:
            _in_words(rows, _IN_WORDS[one])
    if problems:
        raise click.ClickException(f"{problems} problems; correct the rows named and import them again")


def _table(name: str) -> TableName:
    return cast(TableName, name)


def _in_words(rows: Sequence[MappingRow], what: str) -> None:
    usable = [row for row in rows if not mapping_files.invalid(row)]
    if usable:
        columns = (*TABLES[usable[0].table].key, what)
        table(columns, [(*row.key, mapping_files.in_words(row)) for row in usable])


def _show(difference: mapping_files.Difference) -> None:
    for row in difference.added:
        say(f"+ {' | '.join(row.key)}: {_values(row)}")
    for before, after in difference.changed:
        say(f"~ {' | '.join(before.key)}: {_changes(before, after)}")
    for row in difference.removed:
        say(f"- {' | '.join(row.key)}: {_values(row)}")
    counts = (len(difference.added), len(difference.changed), len(difference.removed), difference.equal)
    say("{} added, {} changed, {} removed, {} as they were".format(*counts))


def _values(row: MappingRow) -> str:
    if row.table == "carriers":
        return mapping_files.in_words(row)
    return ", ".join(f"{name}={value}" for name, value in row.values.items() if value)


def _changes(before: MappingRow, after: MappingRow) -> str:
    names = [name for name in after.values if before.values.get(name, "") != after.values[name]]
    return ", ".join(f"{name} {before.values.get(name, '')!r} -> {after.values[name]!r}" for name in names)


async def _save(
    bridge: Bridge, parts: RealParts, name: TableName, difference: mapping_files.Difference, who: str
) -> int:
    saved = [*difference.added, *(after for _, after in difference.changed)]
    await parts.tables.mapping_writer.save(name, saved, removed=[row.key for row in difference.removed], who=who)
    stand = await bridge.parts.exceptions.open()
    # A row that is gone answers as well: the next best one applies now.
    changed = [*saved, *difference.removed]
    return len(await requeue.mapping_saved(changed, stand, who=f"mapping {name}", ports=bridge.requeue_ports()))
