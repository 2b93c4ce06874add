"""Takes lines out of a sales order: F&O has no cancelling by OData, so they are deleted."""

from __future__ import annotations

from collections.abc import Sequence

from shared.erp.finance_supply_chain import reading
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.holding import not_changed
from shared.erp.finance_supply_chain.odata import data_area, entity
from shared.erp.finance_supply_chain.orders import read
from shared.erp.finance_supply_chain.sales_order import HEADERS, LINES
from shared.erp.microsoft.odata import Row
from shared.erp.transport import Answer
from shared.errors import Transient, UnknownOutcome

_OPERATION = f"DELETE {LINES}"


async def remove_lines(connection: Connection, *, company: str, number: str, references: Sequence[str]) -> None:
    """One GET, then one DELETE a line. What F&O's answer says counts only where the line still stands.

    Raises Rejected (`erp_refused`) naming the first line that F&O keeps; the others are out by then.
    """
    refused: dict[str, Answer] = {}
    for lot in await _standing(connection, company, number, references):
        answer = await connection.remove(entity(LINES, dataAreaId=data_area(company), InventoryLotId=lot))
        if not answer.succeeded and answer.status != 404:
            refused[lot] = answer
    if refused:
        await _judge(connection, company, number, references, refused)


async def _judge(
    connection: Connection, company: str, number: str, references: Sequence[str], refused: dict[str, Answer]
) -> None:
    try:
        standing = await _standing(connection, company, number, references)
    except Transient as problem:
        raise UnknownOutcome(
            f"{_OPERATION} was refused, but reading it back failed: {problem}",
            scope=problem.scope,
            retry_after=problem.retry_after,
        ) from problem
    for lot, answer in refused.items():
        if lot in standing:
            what = f"line {standing[lot]} of sales order {number} is to be taken out"
            raise not_changed(answer, operation=_OPERATION, what=what, subject=f"line {standing[lot]}")


async def _standing(connection: Connection, company: str, number: str, references: Sequence[str]) -> dict[str, str]:
    """Lot id to reference of the lines meant that are neither gone nor cancelled, a set's components included."""
    found = await connection.read(
        HEADERS, filter=reading.by_number(company, [number]), select="SalesOrderNumber", expand="SalesOrderLines"
    )
    lines = (line for order in read(found, _lines, HEADERS) for line in order)
    return {lot: reference for lot, reference, cancelled in lines if not cancelled and meant(reference, references)}


def meant(reference: str, references: Sequence[str]) -> bool:
    """The line itself, or a component (`#n`) of the set that it became."""
    return any(reference == one or reference.startswith(f"{one}#") for one in references)


def _lines(row: Row) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (
            line["InventoryLotId"],
            line["OrderLineReference"] or "",
            line.get("SalesOrderLineStatus") == reading.CANCELLED,
        )
        for line in row["SalesOrderLines"]
    )
