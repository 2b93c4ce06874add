"""Everything that we keep, over any Table Storage: Azure's, Azurite's, or one in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shared.ports.own import Clock
from shared.store.audit import TableAudit
from shared.store.call_budget import TableCallBudget
from shared.store.cursors import TableCursors
from shared.store.exceptions import TableExceptions
from shared.store.lists import TableLists
from shared.store.lookup import TableLookup
from shared.store.mapping_writing import MappingWriter
from shared.store.mappings import TableMappings
from shared.store.number_ranges import TableNumberRanges
from shared.store.open_work import TableWorkList
from shared.store.pauses import TablePauses
from shared.store.progress import TableProgress
from shared.store.shipment_cursors import TableShipmentCursors
from shared.store.shopper_accounts import TableShopperAccounts
from shared.store.tables import Tables

HELD_FOR = timedelta(seconds=5)
"""How old a cached pause or small mapping table may be, on the wall."""


@dataclass(frozen=True, slots=True)
class TableParts:
    progress: TableProgress
    work: TableWorkList
    exceptions: TableExceptions
    cursors: TableCursors
    budget: TableCallBudget
    pauses: TablePauses
    mappings: TableMappings
    mapping_writer: MappingWriter
    lists: TableLists
    audit: TableAudit
    lookup: TableLookup
    shipment_cursors: TableShipmentCursors
    numbers: TableNumberRanges
    accounts: TableShopperAccounts


def table_parts(tables: Tables, clock: Clock, *, acceleration: float = 1.0) -> TableParts:
    held_for = HELD_FOR * acceleration
    audit = TableAudit(tables, clock)
    return TableParts(
        progress=TableProgress(tables, clock),
        work=TableWorkList(tables),
        exceptions=TableExceptions(tables, clock),
        cursors=TableCursors(tables),
        budget=TableCallBudget(tables, clock),
        pauses=TablePauses(tables, clock, held_for=held_for),
        mappings=TableMappings(tables, clock, held_for=held_for),
        mapping_writer=MappingWriter(tables, audit),
        lists=TableLists(tables, clock),
        audit=audit,
        lookup=TableLookup(tables),
        shipment_cursors=TableShipmentCursors(tables),
        numbers=TableNumberRanges(tables),
        accounts=TableShopperAccounts(tables),
    )
