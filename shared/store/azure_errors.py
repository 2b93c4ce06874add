"""What follows from each failure of Azure Table Storage, in our own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.data.tables import RequestTooLargeError

from shared.errors import BridgeError, Conflict, Rejected, Unauthorized, Unavailable
from shared.store.tables import SCOPE

_TABLE_NOT_FOUND = "TableNotFound"


@contextmanager
def named_errors(table: str) -> Iterator[None]:
    try:
        yield
    except AzureError as problem:
        meaning = named(problem, table)
        if meaning is problem:
            raise
        raise meaning from problem


def named(problem: AzureError, table: str) -> Exception:
    """What follows from it. By status and type: the SDK leaves `error_code` out where a row exists already."""
    if isinstance(problem, RequestTooLargeError):
        reason = "the rows that change together are more than the service takes"
        return Rejected("snapshot_too_large", subject="rows", reason=reason)
    if not isinstance(problem, HttpResponseError):
        return Unavailable(f"Table Storage cannot be reached ({type(problem).__name__})", scope=SCOPE)
    return _by_status(problem, table) or problem


def _by_status(problem: HttpResponseError, table: str) -> BridgeError | None:
    status = problem.status_code or 500
    if lacks_table(problem):
        return no_table(table)
    if status in (404, 409, 412):
        return Conflict(f"a row of {table} changed since it was read")
    if status in (401, 403) or isinstance(problem, ClientAuthenticationError):
        return Unauthorized("Table Storage refuses us: give the app's identity its data role", scope=SCOPE)
    if status in (408, 429) or status >= 500:
        return Unavailable(f"Table Storage answers {status}", scope=SCOPE)
    return None


def lacks_table(problem: HttpResponseError) -> bool:
    """The code is in the text where the SDK does not decode the answer."""
    return getattr(problem, "error_code", "") == _TABLE_NOT_FOUND or _TABLE_NOT_FOUND in str(problem)


def no_table(table: str) -> Unavailable:
    return Unavailable(
        f"table {table} does not exist; provision the storage account (infra/) before the app starts", scope=SCOPE
    )
