"""Companies by name or id: the settings name them, and addresses want their ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from shared.erp.business_central.connection import Connection
from shared.erp.business_central.rows import read
from shared.erp.microsoft.odata import Row
from shared.errors import Unauthorized
from shared.model.keys import company_scope
from shared.ports.own import Lists

_LIST = "business_central|companies"
_PATH = "companies?$select=id,name"


@dataclass(frozen=True, slots=True)
class Company:
    id: str
    name: str


class UnknownCompany(Unauthorized):
    """The setting names a company that is not there. Nothing but that company's shops waits for it."""

    def __init__(self, company: str, names: Mapping[str, str]) -> None:
        known = ", ".join(sorted(names.values()))
        super().__init__(
            f"the setting ERP.company, or shops[].company, is {company!r}, and Business Central shows us no such "
            f"company; it shows {known or 'none'}",
            scope=company_scope(company),
        )


class Companies:
    """Read once a day, and again for a name that was not in it."""

    def __init__(self, connection: Connection, lists: Lists) -> None:
        self._connection = connection
        self._lists = lists

    async def named(self, company: str) -> Company:
        """Raises UnknownCompany, Unavailable, Throttled or Unauthorized."""
        kept = await self._lists.load(_LIST)
        found = _found(json.loads(kept), company) if kept else None
        return found or await self._anew(company)

    async def _anew(self, company: str) -> Company:
        rows = await self._connection.read(_PATH, "GET companies")
        names = dict(read(rows, _company, "companies"))
        await self._lists.save(_LIST, json.dumps(names))
        found = _found(names, company)
        if found is None:
            raise UnknownCompany(company, names)
        return found


def _company(row: Row) -> tuple[str, str]:
    return str(row["id"]).lower(), str(row["name"])


def _found(names: Mapping[str, str], company: str) -> Company | None:
    """Business Central compares names without regard to case."""
    wanted = company.strip().casefold()
    return next((Company(id_, name) for id_, name in names.items() if wanted in (id_, name.casefold())), None)
