"""Takes lines out of a sales order: the API cancels none, so they are deleted, and only while the order is Draft."""

from __future__ import annotations

from collections.abc import Sequence

from shared.erp.business_central.companies import Company
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import entity, in_company
from shared.erp.business_central.orders import Orders, Standing
from shared.erp.business_central.reading import DRAFT, LINES, Line
from shared.erp.business_central.refusals import CHANGED_WAIT, is_changed, refused
from shared.erp.transport import Answer
from shared.errors import Rejected, Transient, UnknownOutcome
from shared.model.keys import ERP_SCOPE

_OPERATION = f"DELETE {LINES}"
_LOOKS = 3
"""In a row without a line less. Another user's change is read again, and what then still stands is deleted as it now
is; so is what a deletion changed, because tax is spread over the lines that stay."""


async def remove_lines(
    connection: Connection, orders: Orders, company: Company, *, number: str, references: Sequence[str]
) -> None:
    """One look, then one DELETE a line, and another look where one was refused.

    Raises Rejected (`erp_refused`) naming the first line that stays; the others are out by then.
    """
    refusals: dict[str, Answer] = {}
    standing, looks = await _standing(orders, company, number, references), _LOOKS
    while looks:
        refusals = {}
        for line in standing:
            answer = await connection.remove(in_company(company.id, entity(LINES, line.id)), line.etag)
            if not answer.succeeded and answer.status != 404:
                refusals[line.id] = answer
        if not refusals:
            return
        looks = _LOOKS if len(refusals) < len(standing) else looks - 1
        standing = await _again(orders, company, number, references)
        if not any(is_changed(answer) for answer in refusals.values()):
            break
    _judge(standing, refusals, number)


def _judge(standing: Sequence[Line], refusals: dict[str, Answer], number: str) -> None:
    for line in standing:
        answer = refusals.get(line.id)
        if answer is None:
            continue
        if is_changed(answer):
            # Not Throttled: nobody else has to wait because one order is being edited.
            text = f"{_OPERATION}: HTTP {answer.status}, another user has changed the record"
            raise UnknownOutcome(text, scope=ERP_SCOPE, retry_after=CHANGED_WAIT)
        what = f"line {line.reference} of sales order {number} is to be taken out"
        raise refused(answer, what=what, subject=f"line {line.reference}")


async def _again(orders: Orders, company: Company, number: str, references: Sequence[str]) -> tuple[Line, ...]:
    try:
        return await _standing(orders, company, number, references)
    except Transient as problem:
        raise UnknownOutcome(
            f"{_OPERATION} was refused, but reading it back failed: {problem}",
            scope=problem.scope,
            retry_after=problem.retry_after,
        ) from problem


async def _standing(orders: Orders, company: Company, number: str, references: Sequence[str]) -> tuple[Line, ...]:
    """The lines meant that are there, a set's components included. Raises Rejected where none may be taken out."""
    order = next(iter(await orders.under_numbers(company, [number])), None)
    if order is None:
        return ()
    lines = tuple(line for line in order.row.lines if meant(line.reference, references)) if order.row else ()
    if order.row is None or (lines and order.row.status != DRAFT):
        raise _kept(order, references, lines)
    return lines


def meant(reference: str, references: Sequence[str]) -> bool:
    """The line itself, or a component (`#n`) of the set that it became."""
    return any(reference == one or reference.startswith(f"{one}#") for one in references)


def _kept(order: Standing, references: Sequence[str], lines: Sequence[Line]) -> Rejected:
    line = lines[0].reference if lines else next(iter(references), "")
    state = "is posted" if order.row is None else f"is no draft any more ({order.row.status})"
    return Rejected(
        "erp_refused",
        subject=f"line {line}",
        reason=f"sales order {order.number} {state}, so that line {line} is not taken out of it",
        remedy="Reopen the order in Business Central and delete the line there, or stop the parcel.",
    )
