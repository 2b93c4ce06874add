"""A snapshot as two rows of its order's partition: `facts`, which is kept, and `person`, which is purged."""

from __future__ import annotations

from collections.abc import Mapping

from shared.model.order import Snapshot
from shared.store.columns import columns, needed_time, read
from shared.store.packing import pack, unpack
from shared.store.tables import Insert, Operation, Replace, Row, Upsert

FACTS = "facts"
PERSON = "person"


def snapshot_operations(snapshot: Snapshot, version: str | None) -> tuple[Operation, ...]:
    """The version of `facts` guards both: they are never written apart."""
    facts = {**columns(updated=snapshot.updated), **pack(snapshot.facts)}
    person = {**columns(updated=snapshot.updated), **pack(snapshot.person)}
    guarded = Insert(FACTS, facts) if version is None else Replace(FACTS, facts, version)
    return guarded, Upsert(PERSON, person)


def snapshot_of(rows: Mapping[str, Row]) -> Snapshot | None:
    """None where there are no facts; without a `person` row (purged) that part is empty."""
    if FACTS not in rows:
        return None
    facts = read(rows[FACTS])
    person = unpack(read(rows[PERSON])) if PERSON in rows else {}
    return Snapshot(needed_time(facts, "updated"), unpack(facts), person)
