"""All that is known at one moment: both books, our tables, every journal, and the judge's verdict on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local import demo
from local.day.stage import Stage
from local.judge import judge
from local.verdict import Tables, Verdict, moment

Book = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    mirakl: Book
    erp: Book
    tables: Tables
    mirakl_journal: Sequence[Book]
    erp_journal: Sequence[Book]
    mirakl_survived: Mapping[str, int]
    erp_survived: Mapping[str, int]
    bus: Mapping[str, Mapping[str, int]]
    operations: Mapping[str, int]
    verdict: Verdict
    live_from: datetime

    def is_live(self, order: Book) -> bool:
        return moment(order["placed"]) >= self.live_from

    @property
    def live_orders(self) -> Sequence[Book]:
        return [order for order in self.mirakl["orders"] if self.is_live(order)]

    @property
    def in_the_warehouse(self) -> int:
        """Orders of the ERP that will leave by themselves; what a correction took back does not leave again."""
        versions = Counter(str(slip["slip"]) for slip in self.erp["shipments"])
        corrected = {slip["number"] for slip in self.erp["shipments"] if versions[str(slip["slip"])] > 1}
        stand = (one for one in self.erp["orders"] if one["deleted"] is None and not one["held"])
        return sum(one["status"] == "Backorder" and one["number"] not in corrected for one in stand)

    @property
    def open_without_exception(self) -> set[tuple[str, str]]:
        """Open orders that no person knows of: time has to close them."""
        known = {partition for partition, row in self.tables.orders if row.startswith("exception|")}
        return {work for work in self.tables.openwork if f"{work[0]}|{work[1]}" not in known}


async def gather(stage: Stage) -> Evidence:
    """The tables first: what the books say may then be newer than our record, never older."""
    tables = await stage.tables.all()
    mirakl, erp = await stage.mirakl.books(), await stage.erp.books()
    erp_journal = await stage.erp.read_journal()
    patience = timedelta(seconds=float(stage.stack.environment["HTTP_TIMEOUT_SECONDS"])) * stage.clock.accelerate
    client = demo.client(stage.demo, live_from=stage.clock.epoch, patience=patience)
    return Evidence(
        mirakl=mirakl,
        erp=erp,
        tables=tables,
        mirakl_journal=await stage.mirakl.read_journal(),
        erp_journal=erp_journal,
        mirakl_survived=await stage.mirakl.survived(),
        erp_survived=await stage.erp.survived(),
        bus=await stage.broker.counts(),
        operations=await stage.broker.operations(),
        verdict=judge(mirakl, erp, tables, client, erp_journal),
        live_from=stage.clock.epoch,
    )
