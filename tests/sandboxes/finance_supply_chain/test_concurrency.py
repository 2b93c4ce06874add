"""Writes that overlap on one order conflict; nothing else does."""

from __future__ import annotations

import pytest

from tests.sandboxes.finance_supply_chain.caller import Caller, header, line, order_changeset

ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')?cross-company=true"
STOP = {"IsSalesProcessingStopped": "Yes"}


def occupied() -> Caller:
    """An order whose creation takes three seconds and has just begun."""
    caller = Caller({"write_seconds": 3.0})
    caller.batch(order_changeset())
    return caller


def test_a_write_during_another_on_the_same_order_is_an_update_conflict() -> None:
    caller = occupied()
    caller.later(2.9)
    for answer in (
        caller.call("POST", "SalesOrderLinesV3?cross-company=true", line()),
        caller.call("PATCH", ONE, STOP),
        caller.call("DELETE", ONE),
    ):
        assert answer.status == 400
        text = answer.json()["error"]["innererror"]["message"]
        assert "Cannot edit a record in" in text
        assert "update conflict" in text

    assert caller.books()["conflicts"] == 3
    assert len(caller.books()["orders"][0]["lines"]) == 1


def test_a_write_after_the_other_is_over_goes_through() -> None:
    caller = occupied()
    caller.later(3)

    assert caller.call("PATCH", ONE, STOP).status == 204


def test_the_status_of_a_conflict_is_set_up() -> None:
    caller = occupied()
    caller.sandbox.world.conflict_status = 500

    assert caller.call("PATCH", ONE, STOP).status == 500


def test_another_order_and_reading_are_not_disturbed() -> None:
    caller = occupied()

    caller.create("SalesOrderHeadersV3", header(SalesOrderNumber="OTHER"))
    assert caller.get(ONE)["SalesOrderNumber"] == "MKA-0001-A"


def test_a_second_creation_meets_the_number_and_not_the_conflict() -> None:
    caller = occupied()

    assert "already exists" in caller.call("POST", "SalesOrderHeadersV3", header()).body.decode()


def test_a_changeset_does_not_conflict_with_itself() -> None:
    caller = Caller({"write_seconds": 3.0})
    caller.batch(order_changeset(line(), line()))

    assert len(caller.books()["orders"][0]["lines"]) == 2


@pytest.mark.parametrize("retry_after", [30, 1])
def test_throttled_calls_say_when_to_come_back_and_do_nothing(retry_after: int) -> None:
    from sandboxes.finance_supply_chain.controls import controls

    caller = Caller()
    controls(caller.sandbox)["throttle"]({"seconds": retry_after}, caller.now)
    answer = caller.call("POST", "SalesOrderHeadersV3", header())

    assert (answer.status, answer.headers["retry-after"]) == (429, str(retry_after))
    assert caller.sign_in().status == 200
    caller.later(retry_after)
    assert caller.call("POST", "SalesOrderHeadersV3", header()).status == 201
    assert caller.books()["throttled"] == 1
