"""Faults on demand around any sandbox: before or after the effect, late commits, throttling, nonsense for an answer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from sandboxes.wire import Answer, Hang, Request, Reset, Response, Sandbox

FaultKind = Literal[
    "error_before",  # 503, nothing happened
    "error_after",  # 500, it happened
    "unavailable_after",  # 503 with Retry-After, it happened
    "gateway_after",  # 504, it happened
    "reset_before",
    "reset_after",
    "hang_before",
    "hang_after",
    "late_commit",  # no answer; it happens `delay` later
    "throttle",  # 429 with Retry-After
    "html",  # 200 with a maintenance page, nothing happened
    "html_after",  # 200 with a page of HTML, it happened
    "truncated",  # it happened; the JSON ends half way
    "unauthorized",  # 401, nothing happened
]


@dataclass(frozen=True, slots=True)
class Fault:
    """Meets calls of `operation` (`*`: any) about `subject` (`*`: any), `times` times, each with `probability`.

    With `mentions` only those in whose body this text stands (an order whose name there is not known beforehand).
    `until` ends it. `delay` is how late a late commit lands, and the Retry-After where there is one.
    `kind` may be one of the sandbox's own, see `FailsInItsWay`.
    """

    kind: FaultKind | str
    operation: str = "*"
    subject: str = "*"
    times: int = 1
    probability: float = 1.0
    until: datetime | None = None
    delay: timedelta = timedelta(seconds=60)
    mentions: str = ""

    def meets(self, operation: str, subject: str, body: bytes, now: datetime) -> bool:
        alive = self.times > 0 and (self.until is None or now < self.until)
        about = self.subject in ("*", subject) and self.mentions.encode() in body
        return alive and about and self.operation in ("*", operation)


@runtime_checkable
class FailsInItsWay(Protocol):
    """A sandbox with faults beside those that any server has: it carries the call out, or not, as the kind says."""

    own_faults: Collection[str]

    def fail(self, kind: str, request: Request, now: datetime) -> Response: ...


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One call as the other side saw it. `status` is 0 where no answer was sent; `fault` is empty where none met it."""

    number: int
    at: datetime
    operation: str
    subject: str
    status: int
    fault: str = ""
    answered: datetime | None = None


@dataclass
class FaultySandbox:
    """A sandbox with its faults and its journal; `handle` is the only way in for callers that may be failed."""

    sandbox: Sandbox
    random: random.Random = field(default_factory=lambda: random.Random(0))
    faults: list[Fault] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    survived: Counter[str] = field(default_factory=Counter)
    _late: list[tuple[datetime, Request]] = field(default_factory=list)

    def handle(self, request: Request, now: datetime) -> Answer:
        self.settle(now)
        operation, subject = self.sandbox.operation(request), self.sandbox.subject(request)
        fault = self._draw(operation, subject, request.body, now)
        answer = self.sandbox.handle(request, now) if fault is None else self._fail(fault, request, now)
        status = answer.status if isinstance(answer, Response) else 0
        kind = fault.kind if fault else ""
        if fault:
            self.survived[kind] += 1
        self.journal.append(JournalEntry(len(self.journal) + 1, now, operation, subject, status, kind))
        return answer

    def settle(self, now: datetime) -> None:
        """Let late commits land whose time has come, in the order of their times."""
        for due, request in sorted(self._late, key=lambda late: late[0]):
            if due <= now:
                self._late.remove((due, request))
                self.sandbox.handle(request.admitted(), due)

    def pending(self) -> list[Request]:
        """What was sent and commits later."""
        return [request for _, request in self._late]

    def next_commit(self) -> datetime | None:
        return min((due for due, _ in self._late), default=None)

    def _draw(self, operation: str, subject: str, body: bytes, now: datetime) -> Fault | None:
        for position, fault in enumerate(self.faults):
            if fault.meets(operation, subject, body, now) and self.random.random() < fault.probability:
                self.faults[position] = replace(fault, times=fault.times - 1)
                self.faults[:] = [
                    one for one in self.faults if one.times > 0 and (one.until is None or now < one.until)
                ]
                return fault
        return None

    def _fail(self, fault: Fault, request: Request, now: datetime) -> Answer:
        if isinstance(self.sandbox, FailsInItsWay) and fault.kind in self.sandbox.own_faults:
            return self.sandbox.fail(fault.kind, request, now)
        retry_after = str(max(1, int(fault.delay.total_seconds())))
        match fault.kind:
            case "error_before":
                return Response(503, b"upstream connect error", {"content-type": "text/plain"})
            case "unauthorized":
                return Response.of(401, {"message": "Unauthorized", "status": 401})
            case "reset_before":
                return Reset()
            case "hang_before":
                return Hang()
            case "throttle":
                return Response.of(429, {"message": "Too Many Requests", "status": 429}, retry_after=retry_after)
            case "html":
                return Response(200, b"<html><body>Maintenance</body></html>", {"content-type": "text/html"})
            case "late_commit":
                self._late.append((now + fault.delay, request))
                return Hang()
        answer = self.sandbox.handle(request, now)
        match fault.kind:
            case "error_after":
                return Response(500, b"<html>Server Error</html>", {"content-type": "text/html"})
            case "unavailable_after":
                return Response(503, b"Service Unavailable", {"content-type": "text/plain", "retry-after": retry_after})
            case "gateway_after":
                return Response(504, b"<html>Gateway Timeout</html>", {"content-type": "text/html"})
            case "reset_after":
                return Reset()
            case "hang_after":
                return Hang()
            case "html_after":
                return Response(200, b"<html><body>Gateway</body></html>", {"content-type": "text/html"})
            case _:
                return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)

    def entries(self, *, after: int = 0) -> Iterator[JournalEntry]:
        return iter(self.journal[after:])
