"""Every kind of fault around a toy sandbox: what the caller sees, what happened, and what the journal says."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from sandboxes.faults import Fault, FaultKind, FaultySandbox
from sandboxes.wire import Answer, Hang, Request, Reset, Response

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PAGE = "text/html"


@dataclass
class Counting:
    """Counts what was put, with its time; answers with JSON."""

    done: list[tuple[str, datetime]] = field(default_factory=list)

    def operation(self, request: Request) -> str:
        return request.method

    def subject(self, request: Request) -> str:
        return request.path.removeprefix("/")

    def handle(self, request: Request, now: datetime) -> Response:
        self.done.append((self.subject(request), now))
        return Response.of(200, {"done": len(self.done)})


def faulty(*faults: Fault) -> tuple[FaultySandbox, Counting]:
    counting = Counting()
    return FaultySandbox(counting, random=random.Random(1), faults=list(faults)), counting


def put(sandbox: FaultySandbox, name: str = "a", now: datetime = START) -> Answer:
    return sandbox.handle(Request.to("PUT", f"/{name}"), now)


@pytest.mark.parametrize(
    ("kind", "answer", "effects", "journal"),
    [
        ("error_before", 503, 0, 503),
        ("error_after", 500, 1, 500),
        ("unavailable_after", 503, 1, 503),
        ("gateway_after", 504, 1, 504),
        ("reset_before", Reset(), 0, 0),
        ("reset_after", Reset(), 1, 0),
        ("hang_before", Hang(), 0, 0),
        ("hang_after", Hang(), 1, 0),
        ("late_commit", Hang(), 0, 0),
        ("throttle", 429, 0, 429),
        ("html", 200, 0, 200),
        ("html_after", 200, 1, 200),
        ("truncated", 200, 1, 200),
        ("unauthorized", 401, 0, 401),
    ],
)
def test_what_each_fault_shows_and_what_it_leaves(
    kind: FaultKind, answer: int | Reset | Hang, effects: int, journal: int
) -> None:
    sandbox, counting = faulty(Fault(kind))

    got = put(sandbox)

    assert (got.status if isinstance(got, Response) else got) == answer
    assert len(counting.done) == effects
    assert [(entry.status, entry.fault) for entry in sandbox.journal] == [(journal, kind)]
    assert sandbox.survived == {kind: 1}
    assert isinstance(put(sandbox), Response), "once is once"
    assert len(counting.done) == effects + 1


@pytest.mark.parametrize("kind", ["html", "html_after", "truncated"])
def test_nonsense_with_status_200_is_no_json(kind: FaultKind) -> None:
    answer = put(faulty(Fault(kind))[0])

    assert isinstance(answer, Response)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert answer.headers["content-type"].startswith("application/json" if kind == "truncated" else PAGE)


def test_a_throttle_says_how_long_to_wait() -> None:
    answer = put(faulty(Fault("throttle", delay=90 * SECOND))[0])

    assert isinstance(answer, Response)
    assert answer.headers["retry-after"] == "90"


def test_a_late_commit_happens_at_its_time_and_before_whatever_comes_after() -> None:
    sandbox, counting = faulty(Fault("late_commit", delay=60 * SECOND))
    put(sandbox, "late")
    put(sandbox, "early", START + 59 * SECOND)
    assert (len(sandbox.pending()), sandbox.next_commit()) == (1, START + 60 * SECOND)

    put(sandbox, "after", START + 100 * SECOND)

    assert counting.done == [
        ("early", START + 59 * SECOND),
        ("late", START + 60 * SECOND),
        ("after", START + 100 * SECOND),
    ]
    assert (len(sandbox.pending()), sandbox.next_commit()) == (0, None)


def test_late_commits_land_in_the_order_of_their_times() -> None:
    sandbox, counting = faulty(Fault("late_commit", subject="a", delay=60 * SECOND), Fault("late_commit", delay=SECOND))
    put(sandbox, "a")
    put(sandbox, "b")

    sandbox.settle(START + 60 * SECOND)

    assert [name for name, _ in counting.done] == ["b", "a"]


@pytest.mark.parametrize(
    ("fault", "name", "method", "seconds", "met"),
    [
        (Fault("reset_before"), "a", "PUT", 0, True),
        (Fault("reset_before", operation="PUT"), "a", "PUT", 0, True),
        (Fault("reset_before", operation="GET"), "a", "PUT", 0, False),
        (Fault("reset_before", subject="a"), "a", "PUT", 0, True),
        (Fault("reset_before", subject="b"), "a", "PUT", 0, False),
        (Fault("reset_before", until=START + SECOND), "a", "PUT", 0, True),
        (Fault("reset_before", until=START + SECOND), "a", "PUT", 1, False),
        (Fault("reset_before", times=0), "a", "PUT", 0, False),
        (Fault("reset_before", probability=0.0), "a", "PUT", 0, False),
    ],
)
def test_whom_a_fault_meets(fault: Fault, name: str, method: str, seconds: int, met: bool) -> None:
    sandbox, _ = faulty(fault)

    answer = sandbox.handle(Request.to(method, f"/{name}"), START + seconds * SECOND)

    assert isinstance(answer, Reset) is met


@pytest.mark.parametrize(
    ("body", "met"), [(b'{"reference": "NO-A"}', True), (b'{"reference": "NO-B"}', False), (b"", False)]
)
def test_a_fault_that_mentions_something_meets_only_bodies_in_which_it_stands(body: bytes, met: bool) -> None:
    sandbox, counting = faulty(Fault("error_before", "PUT", mentions="NO-A"))
    sandbox.handle(Request.to("PUT", "/a", body=body), START)
    assert len(counting.done) == (0 if met else 1)


def test_a_fault_meets_as_often_as_it_says_and_half_of_the_calls_where_it_says_half() -> None:
    thrice, _ = faulty(Fault("reset_before", times=3))
    half, _ = faulty(Fault("reset_before", times=1000, probability=0.5))

    assert [isinstance(put(thrice), Reset) for _ in range(5)] == [True, True, True, False, False]
    assert 400 < sum(isinstance(put(half), Reset) for _ in range(1000)) < 600


def test_the_journal_numbers_calls_and_can_be_read_on() -> None:
    sandbox, _ = faulty()
    for number in range(3):
        put(sandbox, str(number), START + number * SECOND)

    assert [(entry.number, entry.subject, entry.operation) for entry in sandbox.entries(after=1)] == [
        (2, "1", "PUT"),
        (3, "2", "PUT"),
    ]
    assert sandbox.journal[2].at == START + 2 * SECOND


class Odd(Counting):
    """Has a fault of its own."""

    own_faults = frozenset({"upside_down"})

    def fail(self, kind: str, request: Request, now: datetime) -> Response:
        return Response.of(418, {"kind": kind, "about": self.subject(request)})


def test_a_sandbox_s_own_fault_is_its_own_to_carry_out() -> None:
    odd = Odd()
    sandbox = FaultySandbox(odd, faults=[Fault("upside_down")])

    own, afterwards = put(sandbox), put(sandbox)

    assert isinstance(own, Response)
    assert isinstance(afterwards, Response)
    assert (own.status, own.json(), afterwards.status) == (418, {"kind": "upside_down", "about": "a"}, 200)
    assert [(entry.status, entry.fault) for entry in sandbox.entries()] == [(418, "upside_down"), (200, "")]
    assert len(odd.done) == 1
