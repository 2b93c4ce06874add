"""What a query says to the service, and what its failures mean to us."""

from __future__ import annotations

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.data.tables import RequestTooLargeError

from shared.errors import Conflict, Rejected, Unauthorized, Unavailable
from shared.store.azure_errors import named, named_errors
from shared.store.azure_tables import odata_filter
from shared.store.tables import Range, Where


@pytest.mark.parametrize(
    ("ranges", "where", "said"),
    [
        ((), (), "PartitionKey eq 'a|it''s'"),
        ((Range(),), (), "PartitionKey eq 'a|it''s'"),
        ((Range("x", "y"), Range()), (), "PartitionKey eq 'a|it''s'"),
        ((Range("x", "y"),), (), "PartitionKey eq 'a|it''s' and (RowKey ge 'x' and RowKey lt 'y')"),
        ((Range("", "h|"), Range("h}")), (), "PartitionKey eq 'a|it''s' and (RowKey lt 'h|' or RowKey ge 'h}')"),
        (
            (),
            (Where("doubt", "eq", True), Where("due", "le", "o'clock")),
            "PartitionKey eq 'a|it''s' and doubt eq true and due le 'o''clock'",
        ),
    ],
)
def test_filters(ranges: tuple[Range, ...], where: tuple[Where, ...], said: str) -> None:
    assert odata_filter("a|it's", ranges, where) == said


def answered(status: int | None, text: str = "") -> HttpResponseError:
    problem = HttpResponseError(message=text)
    problem.status_code = status
    return problem


@pytest.mark.parametrize(
    ("problem", "means"),
    [
        (answered(404), Conflict),
        (answered(409), Conflict),
        (answered(412), Conflict),
        (answered(404, "ErrorCode:TableNotFound"), Unavailable),
        (answered(401), Unauthorized),
        (answered(403), Unauthorized),
        (ClientAuthenticationError("no token"), Unauthorized),
        (answered(408), Unavailable),
        (answered(429), Unavailable),
        (answered(500), Unavailable),
        (answered(503), Unavailable),
        (answered(None), Unavailable),
        (ServiceRequestError("refused"), Unavailable),
        (ServiceResponseError("reset"), Unavailable),
        (RequestTooLargeError(message="413"), Rejected),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{type(value).__name__} {value}",
)
def test_what_a_failure_means(problem: AzureError, means: type[Exception]) -> None:
    assert type(named(problem, "orders")) is means


def test_a_request_that_the_service_does_not_understand_is_a_bug_and_stays_itself() -> None:
    problem = answered(400, "InvalidInput")
    with pytest.raises(HttpResponseError) as raised, named_errors("orders"):
        raise problem
    assert raised.value is problem
