"""What may be asked at once and in five minutes."""

from __future__ import annotations

from tests.sandboxes.business_central.caller import Caller, order


def test_too_many_requests_are_refused_until_the_window_has_moved() -> None:
    caller = Caller({"requests": 3, "requests_seconds": 300})
    statuses = [caller.call("GET", "companies").status for _ in range(4)]
    answer = caller.call("GET", "companies")

    assert statuses == [200, 200, 200, 429]
    assert 0 < int(answer.headers["retry-after"]) <= 301
    caller.later(300)
    assert caller.call("GET", "companies").status == 200
    assert caller.books()["throttled"] == 2


def test_more_than_five_at_once_wait_and_beyond_the_queue_are_refused() -> None:
    caller = Caller({"write_seconds": 2.0, "queue": 2})
    answers = [
        caller.call("POST", "salesOrders", order(externalDocumentNumber=f"A-{number}")).status for number in range(8)
    ]

    assert answers == [201] * 7 + [429]
    assert caller.books()["queued"] == 2
    assert len(caller.books()["orders"]) == 7
    caller.later(2)
    assert caller.call("GET", "companies").status == 200


def test_a_throttled_environment_answers_nothing_else() -> None:
    caller = Caller()
    caller.control("throttle", seconds=30)
    answer = caller.call("POST", "salesOrders", order())

    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    caller.later(30)
    assert caller.call("POST", "salesOrders", order()).status == 201
