"""HTTP triggers under the route prefix, and the host's own status page, on one loopback port."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from local.host.invocations import Invocations
from local.host.worker import HTTP, Function

LARGEST_BODY = 100 * 1024 * 1024  # Azure's limit of a request


def application(invocations: Invocations, route_prefix: str) -> web.Application:
    """Function keys are not asked for: everything here is loopback."""
    functions = invocations.worker.functions

    async def status(_: web.Request) -> web.Response:
        return web.json_response(invocations.tally.report(functions))

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/admin/host/status", status)
    for function in functions:
        if function.trigger == HTTP:
            _add_route(app, invocations, function, route_prefix)
    return app


def _add_route(app: web.Application, invocations: Invocations, function: Function, prefix: str) -> None:
    async def face(request: web.Request) -> web.Response:
        if invocations.stopping.is_set():
            return web.Response(status=503)
        result = await invocations.run(function, await _request(invocations, request))
        return _response(result.value) if result.ok else web.Response(status=500)

    path = "/".join(part for part in ("", prefix, route(function.binding.get("route") or function.name)) if part)
    for method in function.binding.get("methods") or ("GET", "POST"):
        app.router.add_route(str(method).upper(), f"/{path}", face)


def route(template: str) -> str:
    """Azure's route template in aiohttp's words: `{id:int}` is digits, `{*rest}` the rest of the path."""
    template = re.sub(r"\{\*(\w+)\}", r"{\1:.*}", template.strip("/"))
    template = re.sub(r"\{(\w+):(?:int|long)\}", r"{\1:[0-9]+}", template)
    return re.sub(r"\{(\w+):[a-z]+(?:\([^)]*\))?\}", r"{\1}", template)


async def _request(invocations: Invocations, request: web.Request) -> Any:
    typed = invocations.worker.typed
    return typed(
        {
            "method": typed(request.method, "string"),
            "url": typed(str(request.url), "string"),
            "headers": {name.lower(): typed(value, "string") for name, value in request.headers.items()},
            "params": {name: typed(value, "string") for name, value in request.match_info.items()},
            "query": {name: typed(value, "string") for name, value in request.query.items()},
            "body": typed(await request.read(), "bytes"),
        },
        "http",
    )


def _response(returned: Any) -> web.Response:
    """An HttpResponse, a plain text, or nothing at all (204 in Azure)."""
    if returned is None:
        return web.Response(status=204)
    if returned.type != "http":
        return web.Response(text=str(returned.value))
    value = returned.value
    headers = [(name, header.value) for name, header in value["headers"].items()]
    cookies = [("Set-Cookie", morsel.OutputString()) for jar in value["cookies"] or () for morsel in jar.values()]
    return web.Response(status=int(value["status_code"].value), headers=headers + cookies, body=value["body"].value)
