"""Any sandbox behind a loopback socket: its own face, and `/_sandbox/…` for whoever conducts and judges the day."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from sandboxes.faults import Fault, FaultySandbox
from sandboxes.wire import Hang, Request, Reset, Response

HANG_SECONDS = 600.0
Control = Callable[[Mapping[str, Any], datetime], Any]


@dataclasses.dataclass(frozen=True, slots=True)
class ScaledClock:
    """`now = epoch + (wall - epoch) x acceleration`; the same formula as the bridge's, written again on purpose."""

    epoch: datetime
    acceleration: float

    def now(self) -> datetime:
        return self.epoch + (datetime.now(UTC) - self.epoch) * self.acceleration


def application(faulty: FaultySandbox, clock: ScaledClock, controls: Mapping[str, Control]) -> web.Application:
    """`controls` are the sandbox's own: `POST /_sandbox/<name>` with a JSON object calls `controls[name]`.

    Always there: `GET /_sandbox/journal?after=n`, `POST /_sandbox/faults` (a list of faults, added),
    `POST /_sandbox/clear_faults`, `GET /_sandbox/survived`. A control that raises ValueError is answered with 400 and
    its text.
    """

    async def face(incoming: web.Request) -> web.StreamResponse:
        request = Request.to(
            incoming.method, incoming.raw_path, headers=dict(incoming.headers), body=await incoming.read()
        )
        answer = faulty.handle(request, clock.now())
        if isinstance(answer, Response):
            return web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))
        if isinstance(answer, Hang):
            await asyncio.sleep(HANG_SECONDS)
        assert isinstance(answer, Reset | Hang)
        if incoming.transport is not None:
            incoming.transport.abort()
        return web.Response(status=500)

    async def journal(incoming: web.Request) -> web.Response:
        entries = faulty.entries(after=int(incoming.query.get("after", "0")))
        return _json([dataclasses.asdict(entry) for entry in entries])

    async def survived(_: web.Request) -> web.Response:
        return _json(dict(faulty.survived))

    async def control(incoming: web.Request) -> web.Response:
        name, now = incoming.match_info["name"], clock.now()
        faulty.settle(now)
        body = await incoming.read() or b"{}"
        try:
            return act(name, Request("POST", "", body=body).json(), now)
        except ValueError as problem:
            return _json({"message": str(problem)}, 400)

    def act(name: str, content: Mapping[str, Any], now: datetime) -> web.Response:
        if name == "faults":
            faulty.faults.extend(_fault(one, now) for one in content["faults"])
            return _json({})
        if name == "clear_faults":
            faulty.faults.clear()
            return _json({})
        if name not in controls:
            return _json({"message": f"no control {name!r}"}, 404)
        return _json(controls[name](content, now))

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_get("/_sandbox/journal", journal)
    app.router.add_get("/_sandbox/survived", survived)
    app.router.add_post("/_sandbox/{name}", control)
    app.router.add_route("*", "/{anything:.*}", face)
    return app


def _fault(fields: Mapping[str, Any], now: datetime) -> Fault:
    """`for_seconds` and `delay_seconds` count in the sandbox's (accelerated) time."""
    given = dict(fields)
    ends, delay = given.pop("for_seconds", None), given.pop("delay_seconds", None)
    if ends is not None:
        given["until"] = now + timedelta(seconds=float(ends))
    if delay is not None:
        given["delay"] = timedelta(seconds=float(delay))
    if "probability" in given:
        given["probability"] = float(given["probability"])
    return Fault(**given)


def _json(content: Any, status: int = 200) -> web.Response:
    answer = Response.of(status, _plain(content))
    return web.Response(status=answer.status, body=answer.body, content_type="application/json")


def _plain(content: Any) -> Any:
    if isinstance(content, datetime):
        return content.isoformat()
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple | set):
        return [_plain(value) for value in content]
    return content


async def serve(app: web.Application, port: int) -> None:
    """Serve on 127.0.0.1 until cancelled; port 0 picks a free one. Prints `listening on <port>` once."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    print(f"listening on {runner.addresses[0][1]}", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
