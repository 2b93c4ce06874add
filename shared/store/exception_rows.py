"""An open exception as a row, of its order and of the index alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from shared.model.exception import OpenException, Owner
from shared.model.keys import OrderKey
from shared.store.columns import columns, moment, needed_time, number, read, short, stamp, text, time, unstamp
from shared.store.keys import join
from shared.store.tables import Delete, Insert, Operation, Replace, Row, Value

EXCEPTION = "exception"


def exception_row(exception: OpenException) -> str:
    return join(EXCEPTION, exception.kind, exception.subject)


def counted(exception: OpenException) -> OpenException:
    """Met again: one more than was stored; it keeps when it was opened and never becomes due later than it was."""
    if exception.version is None:
        return exception
    _, count, opened, due, escalates = unstamp(exception.version)
    return replace(
        exception,
        count=int(count) + 1,
        opened=datetime.fromisoformat(opened),
        due=min(exception.due, datetime.fromisoformat(due)),
        escalates=min(exception.escalates, datetime.fromisoformat(escalates)),
    )


def opening(exception: OpenException) -> Operation:
    """`exception` is counted already."""
    row, values = exception_row(exception), exception_columns(exception)
    if exception.version is None:
        return Insert(row, values)
    return Replace(row, values, str(unstamp(exception.version)[0]))


def closing(exception: OpenException) -> Delete:
    version = None if exception.version is None else str(unstamp(exception.version)[0])
    return Delete(exception_row(exception), version)


def exception_columns(exception: OpenException) -> dict[str, Value]:
    return columns(
        shop=exception.key.shop,
        order=exception.key.order,
        kind=exception.kind,
        subject=exception.subject,
        owner=exception.owner,
        opened=exception.opened,
        due=exception.due,
        escalates=exception.escalates,
        reason=short(exception.reason),
        remedy=short(exception.remedy),
        step=exception.step,
        mapping=exception.mapping,
        count=exception.count,
        last_seen=exception.last_seen,
    )


def exception_of(row: Row) -> OpenException:
    """As the index shows it, without a version: only the order's own row can be written against."""
    values = read(row)
    return OpenException(
        key=OrderKey(text(values, "shop"), text(values, "order")),
        kind=text(values, "kind"),
        subject=text(values, "subject"),
        owner=cast(Owner, text(values, "owner")),
        opened=needed_time(values, "opened"),
        due=needed_time(values, "due"),
        escalates=needed_time(values, "escalates"),
        reason=text(values, "reason"),
        remedy=text(values, "remedy"),
        step=text(values, "step"),
        mapping=text(values, "mapping"),
        count=number(values, "count", 1),
        last_seen=time(values, "last_seen"),
    )


def standing_exception(row: Row) -> OpenException:
    """As the order's record shows it; the version carries what `counted` needs."""
    found = exception_of(row)
    times = (moment(found.opened), moment(found.due), moment(found.escalates))
    return replace(found, version=stamp(row.version, found.count, *times))
