"""Which mapping a refused order is owed to: our own request, held against what Business Central has.

Its texts are in any language and quote anything, so they are shown and never parsed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.erp.business_central.companies import Company
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import decoded, in_company
from shared.erp.business_central.sales_order import channel
from shared.erp.microsoft.odata import Row, Unreadable, any_of, page
from shared.erp.transport import Answer
from shared.errors import Rejected, Transient
from shared.model.sales_order import SalesOrderDraft

_REMEDY = "Correct the row, or set it up in Business Central, then bridge requeue."


@dataclass(frozen=True, slots=True)
class Check:
    """Rows of a set by the code that our request names; `table` and `what` are for people, `field` holds the code."""

    table: str
    what: str
    entity_set: str
    field: str
    codes: tuple[str, ...]
    more: str = ""

    def path(self, company: Company) -> str:
        fields = ",".join(name for name in (self.field, self.more) if name)
        return in_company(company.id, self.entity_set, filter=any_of(self.field, self.codes), select=fields)


async def blamed(
    draft: SalesOrderDraft, company: Company, configuration: Configuration, connection: Connection, *, told: str
) -> Rejected:
    """The refusal as people see it, `told` by Business Central. One more call; if it fails, nobody is blamed."""
    checks = _checks(draft, configuration)
    local, *shown = await _shown(connection, company, checks)
    known = {str(row.get("localCurrencyCode", "")).upper() for row in local or ()}
    found = (
        fault for check, rows in zip(checks, shown, strict=False) for fault in _faults(check, rows, known, told=told)
    )
    return next(found, Rejected("erp_refused", subject="order", reason=told))


async def _shown(connection: Connection, company: Company, checks: Sequence[Check]) -> list[Sequence[Row] | None]:
    """The local currency, which is no row of the currencies; then what each check asks for, None where it fails."""
    setup = in_company(company.id, "generalLedgerSetup", select="localCurrencyCode")
    paths = [setup, *(one.path(company) for one in checks)]
    try:
        return [_rows(answer) for answer in await connection.answers(paths, "POST $batch of what was refused")]
    except Transient:
        return [None]


def _rows(answer: Answer) -> Sequence[Row] | None:
    try:
        return page(answer).rows if answer.status == 200 else None
    except Unreadable:
        return None


def _checks(draft: SalesOrderDraft, configuration: Configuration) -> tuple[Check, ...]:
    charge, charge_set = ("account", "accounts") if configuration.charge_lines == "account" else ("item", "items")
    goods = [line for line in draft.lines if line.purpose == "item"]
    charges = [line for line in draft.lines if line.purpose != "item"]
    customers = (draft.customer, draft.invoice_customer)
    checks = (
        Check("items", "item", "items", "number", _codes(line.item.item for line in goods), "blocked"),
        Check("charges", charge, charge_set, "number", _codes(line.item.item for line in charges), "blocked"),
        Check("accounts", "customer", "customers", "number", _codes(customers), "blocked"),
        Check("items", "unit", "unitsOfMeasure", "code", _codes(line.unit for line in goods)),
        Check("charges", "unit", "unitsOfMeasure", "code", _codes(line.unit for line in charges)),
        Check("taxes", "tax code", "taxGroups", "code", _codes(line.item_tax_group for line in draft.lines)),
        Check("countries", "country", "countriesRegions", "code", _codes([draft.country])),
        Check("currencies", "currency", "currencies", "code", _codes([draft.currency])),
        Check("channels", "dimension value", "dimensionValues", "code", _codes(channel(draft, configuration).values())),
    )
    return tuple(check for check in checks if check.codes)


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.upper() for code in codes if code))


def _faults(check: Check, rows: Sequence[Row] | None, local: Collection[str], *, told: str) -> Iterator[Rejected]:
    """None of a set that cannot be read."""
    if rows is None:
        return
    by_code: Mapping[str, Row] = {str(row.get(check.field, "")).upper(): row for row in rows}
    for code in check.codes:
        row = by_code.get(code)
        if check.entity_set == "currencies" and code in local:
            continue
        if row is None:
            reason = f"the mapping {check.table} says {code}, and Business Central has no such {check.what}; {told}"
            subject = f"{check.table}:{check.what} {code}"
            yield Rejected("mapping_invalid", subject=subject, reason=reason, remedy=_REMEDY)
        elif _is_blocked(row):
            reason = f"{check.what} {code} is blocked; {told}"
            yield Rejected("erp_refused", subject=f"{check.what} {code}", reason=reason)


def _is_blocked(row: Row) -> bool:
    """Items say yes or no; customers say for what, and a blank for nothing."""
    blocked = row.get("blocked")
    return blocked is True or (isinstance(blocked, str) and decoded(blocked) != "")
