"""`$batch` in JSON: each for itself, or all as one transaction; references; what is refused as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.sandboxes.business_central.caller import API, COMPANY, Caller, error, header, line, order

SNAPSHOT = {"isolation": "snapshot"}


def operation(number: int, method: str, url: str, body: Any = None, **more: Any) -> dict[str, Any]:
    one = {"id": str(number), "method": method, "url": url, "headers": {"Content-Type": "application/json"}, **more}
    return one if body is None else {**one, "body": body}


def create(number: int, **changes: Any) -> dict[str, Any]:
    return operation(number, "POST", f"{COMPANY}salesOrders", order(**changes))


def answers(
    caller: Caller, *operations: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> list[tuple[str, int]]:
    answer = caller.call("POST", "$batch", {"requests": list(operations)}, headers=headers)
    assert answer.status == 200, answer.body
    return [(one["id"], one["status"]) for one in answer.json()["responses"]]


def test_each_stands_for_itself_up_to_the_first_failure() -> None:
    caller = Caller()
    operations = (create(1), create(2, customerNumber="NOBODY"), create(3))

    assert answers(caller, *operations) == [("1", 201), ("2", 400)]
    assert len(caller.books()["orders"]) == 1
    go_on = {"prefer": "odata.continue-on-error"}
    assert answers(caller, *operations, headers=go_on) == [("1", 201), ("2", 400), ("3", 201)]


def test_a_snapshot_is_all_or_nothing() -> None:
    caller = Caller()

    assert answers(caller, create(1), create(2, customerNumber="NOBODY"), headers=SNAPSHOT) == [("2", 400)]
    assert caller.books()["orders"] == []
    assert answers(caller, create(1), create(2), headers=SNAPSHOT) == [("1", 201), ("2", 201)]


def test_a_url_may_name_what_was_created_before() -> None:
    caller = Caller()
    head = operation(1, "POST", f"{COMPANY}salesOrders", header())
    below = operation(2, "POST", "$1/salesOrderLines", line(), dependsOn=["1"])

    assert answers(caller, head, below, headers=SNAPSHOT) == [("1", 201), ("2", 201)]
    assert [one["item"] for one in caller.only_order()["lines"]] == ["ITEM-001"]
    assert answers(caller, operation(1, "GET", "$7/salesOrderLines")) == [("1", 400)]


def test_what_depends_on_a_failure_fails() -> None:
    go_on = {"prefer": "odata.continue-on-error"}
    operations = (create(1, customerNumber="NOBODY"), operation(2, "GET", "companies", dependsOn=["1"]))

    assert answers(Caller(), *operations, headers=go_on) == [("1", 400), ("2", 424)]


@pytest.mark.parametrize("url", ["companies", f"{API}companies", API.partition("dynamics.com")[2] + "companies"])
def test_urls_are_relative_or_whole(url: str) -> None:
    answer = Caller().call("POST", "$batch", {"requests": [operation(1, "GET", url)]})

    assert answer.json()["responses"][0]["body"]["value"][0]["name"] == "CRONUS"


@pytest.mark.parametrize(
    "requests",
    [None, "x", [{"id": "1"}], [operation(1, "GET", "companies")] * 2, [operation(n, "GET", "x") for n in range(101)]],
)
def test_a_batch_that_is_refused_as_a_whole(requests: Any) -> None:
    assert error(Caller().call("POST", "$batch", {"requests": requests}))[0] == 400
