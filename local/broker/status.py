"""The broker's books and its faults, over HTTP on loopback, for whoever conducts and judges a run."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from local.broker.broker import Broker
from local.broker.terms import NotFound


def application(broker: Broker) -> web.Application:
    """`GET /counts`, `GET /operations`, `POST /duplicate {"queue", "on"}`, `POST /advance {"seconds"}`; all JSON."""

    async def counts(_: web.Request) -> web.Response:
        return web.json_response(broker.namespace.counts())

    async def operations(_: web.Request) -> web.Response:
        return web.json_response(broker.namespace.operations)

    async def duplicate(request: web.Request) -> web.Response:
        content: dict[str, Any] = await request.json()
        try:
            broker.namespace.duplicate(str(content["queue"]), on=content.get("on") is not False)
        except NotFound as unknown:
            return web.json_response({"message": str(unknown)}, status=404)
        return web.json_response({})

    async def advance(request: web.Request) -> web.Response:
        content: dict[str, Any] = await request.json()
        broker.advance(float(content["seconds"]))
        return web.json_response({})

    app = web.Application()
    app.router.add_get("/counts", counts)
    app.router.add_get("/operations", operations)
    app.router.add_post("/duplicate", duplicate)
    app.router.add_post("/advance", advance)
    return app


async def listen(broker: Broker, port: int = 0) -> tuple[web.AppRunner, int]:
    """Serve on loopback; what is to be cleaned up in the end, and the port (a free one for 0)."""
    runner = web.AppRunner(application(broker), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, int(runner.addresses[0][1])
