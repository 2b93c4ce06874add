"""Codes and the ids by which alone the API knows locations, shipment methods and variants: lists of one day each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.erp.business_central.companies import Company
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import in_company
from shared.erp.business_central.rows import read
from shared.erp.microsoft.odata import Row, literal
from shared.ports.own import Lists

Ids = Mapping[str, str]
"""Id by code; codes are in upper case, as Business Central keeps them."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list of a company; `item` says whose variants."""

    entity_set: str
    item: str = ""

    def path(self, company: Company) -> str:
        mine = {"filter": f"itemNumber eq {literal(self.item)}"} if self.item else {}
        return in_company(company.id, self.entity_set, select="id,code", **mine)

    def name(self, company: Company) -> str:
        return f"business_central|{company.id}|{self.entity_set}" + (f"|{self.item}" if self.item else "")


LOCATIONS = CodeList("locations")
METHODS = CodeList("shipmentMethods")


def variants(item: str) -> CodeList:
    return CodeList("itemVariants", item.upper())


class Codes:
    """What is not in a list of today is looked for once more: it may be an hour old."""

    def __init__(self, connection: Connection, lists: Lists) -> None:
        self._connection = connection
        self._lists = lists

    async def ids(self, company: Company, wanted: Mapping[CodeList, frozenset[str]]) -> Mapping[CodeList, Ids]:
        """The lists that are asked for; a code that is in none is not there. Raises as `Connection.page`."""
        return await self._lists_of(company, wanted, lambda one, ids: wanted[one] <= ids.keys())

    async def codes(self, company: Company, wanted: Mapping[CodeList, frozenset[str]]) -> Mapping[str, str]:
        """The code of each id that is asked for."""
        found = await self._lists_of(company, wanted, lambda one, ids: wanted[one] <= set(ids.values()))
        return {id_: code for ids in found.values() for code, id_ in ids.items()}

    async def forget(self, company: Company, some: Iterable[CodeList]) -> None:
        """What was refused may have named an id that is no longer the code's: the next order reads the lists anew."""
        for one in some:
            await self._lists.save(one.name(company), "{}")

    async def _lists_of(
        self, company: Company, wanted: Iterable[CodeList], is_enough: Callable[[CodeList, Ids], bool]
    ) -> Mapping[CodeList, Ids]:
        kept = {one: await self._kept(company, one) for one in wanted}
        found = {one: ids for one, ids in kept.items() if ids is not None and is_enough(one, ids)}
        return {**found, **await self._anew(company, [one for one in kept if one not in found])}

    async def _kept(self, company: Company, one: CodeList) -> Ids | None:
        content = await self._lists.load(one.name(company))
        return None if content is None else json.loads(content)

    async def _anew(self, company: Company, some: Sequence[CodeList]) -> Mapping[CodeList, Ids]:
        """One call for all of them."""
        if not some:
            return {}
        rows = await self._connection.all_of([one.path(company) for one in some], "POST $batch of code lists")
        found = {one: dict(read(each, _code, one.entity_set)) for one, each in zip(some, rows, strict=True)}
        for one, ids in found.items():
            await self._lists.save(one.name(company), json.dumps(ids))
        return found


def _code(row: Row) -> tuple[str, str]:
    return str(row["code"]).upper(), str(row["id"]).lower()
