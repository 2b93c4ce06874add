"""Any sandbox as the other end of an `httpx.AsyncClient`, in memory: no socket, no waiting, the clock passed in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import httpx

from sandboxes.faults import FaultySandbox
from sandboxes.wire import Answer, Hang, Request, Reset


class Clock(Protocol):
    def now(self) -> datetime: ...


class SandboxTransport(httpx.AsyncBaseTransport):
    """What the sandbox answers, as httpx shows it: a reset is a ReadError, a hang is a ReadTimeout at once.

    Use: `httpx.AsyncClient(transport=SandboxTransport(FaultySandbox(sandbox), clock))`, with any base URL.
    """

    def __init__(self, faulty: FaultySandbox, clock: Clock) -> None:
        self._faulty = faulty
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = Request.to(
            request.method,
            request.url.raw_path.decode("ascii"),
            headers=dict(request.headers),
            body=await request.aread(),
        )
        return _as_httpx(self._faulty.handle(sent, self._clock.now()), request)


def _as_httpx(answer: Answer, request: httpx.Request) -> httpx.Response:
    match answer:
        case Reset():
            raise httpx.ReadError("the sandbox broke the connection", request=request)
        case Hang():
            raise httpx.ReadTimeout("the sandbox does not answer", request=request)
        case _:
            return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body, request=request)
