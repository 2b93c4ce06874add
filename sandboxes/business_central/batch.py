"""`$batch` in JSON: one operation after the other, or all as one transaction (`Isolation: snapshot`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import simplejson

from sandboxes.business_central.errors import Refusal, bad_request
from sandboxes.wire import Request, Response

_REFERENCE = re.compile(r"^/?\$([\w-]+)")
Execute = Callable[[Request], Response]
Run = Callable[[], "list[Answered]"]


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: Any
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    id: str
    response: Response

    def shown(self) -> dict[str, Any]:
        headers = {name: value for name, value in self.response.headers.items() if name != "etag"}
        content = {"id": self.id, "status": self.response.status, "headers": headers}
        is_json = self.response.headers.get("content-type", "").startswith("application/json")
        return {**content, "body": self.response.json()} if is_json and self.response.body else content


def read(content: Mapping[str, Any], most: int) -> list[Operation]:
    """Raises Refusal (400)."""
    requests = content.get("requests")
    if not isinstance(requests, list) or not all(isinstance(one, dict) for one in requests):
        raise bad_request("The batch must be an object with a collection 'requests'.", "BadRequest_InvalidRequestBody")
    if len(requests) > most:
        raise bad_request(f"The batch has {len(requests)} operations; at most {most} are allowed.")
    operations = [_operation(one) for one in requests]
    if len({one.id for one in operations}) != len(operations):
        raise bad_request("The ids of a batch's requests must be unique.", "BadRequest_InvalidRequestBody")
    return operations


def _operation(one: Mapping[str, Any]) -> Operation:
    missing = [name for name in ("id", "method", "url") if not isinstance(one.get(name), str)]
    if missing:
        raise bad_request(f"A request of the batch has no '{missing[0]}'.", "BadRequest_InvalidRequestBody")
    headers = {str(name).lower(): str(value) for name, value in (one.get("headers") or {}).items()}
    depends_on = tuple(str(name) for name in one.get("dependsOn") or ())
    return Operation(one["id"], one["method"].upper(), one["url"], headers, one.get("body"), depends_on)


def request(one: Operation, outer: Request, root: str, created: Mapping[str, str]) -> Request:
    """The operation as a request of its own; `$id` at the start of a URL is what that operation created."""
    found = _REFERENCE.match(one.url)
    url = one.url
    if found is not None:
        if found[1] not in created:
            raise bad_request(f"The reference '${found[1]}' of a URL is none of an operation before it.")
        url = created[found[1]] + one.url[found.end() :]
    parts = urlsplit(url)
    if not parts.scheme and not parts.path.startswith("/"):
        url = root + url
    elif parts.path.startswith("/") and not parts.scheme and not parts.path.lower().startswith("/v2.0/"):
        url = root + url.lstrip("/")
    body = b"" if one.body is None else simplejson.dumps(one.body, use_decimal=True).encode()
    headers = {"host": outer.headers.get("host", ""), **one.headers}
    return Request.to(one.method, url, headers=headers, body=body)


def carry_out(
    operations: list[Operation], outer: Request, root: str, execute: Execute, refused: Callable[[Refusal], Response]
) -> list[Answered]:
    """Up to the first that fails, unless the caller prefers to go on; what depends on a failed one fails as well."""
    go_on = "continue-on-error" in outer.headers.get("prefer", "").lower()
    answered: list[Answered] = []
    created: dict[str, str] = {}
    for one in operations:
        response = _attempt(one, outer, root, created, answered, execute, refused)
        answered.append(Answered(one.id, response))
        if "location" in response.headers:
            created[one.id] = response.headers["location"]
        if response.status >= 400 and not go_on:
            break
    return answered


def _attempt(
    one: Operation,
    outer: Request,
    root: str,
    created: Mapping[str, str],
    answered: list[Answered],
    execute: Execute,
    refused: Callable[[Refusal], Response],
) -> Response:
    try:
        _check_dependencies(one, answered)
        return execute(request(one, outer, root, created))
    except Refusal as refusal:
        return refused(refusal)


def _check_dependencies(one: Operation, answered: list[Answered]) -> None:
    fine = {each.id for each in answered if each.response.status < 400}
    if not set(one.depends_on) <= fine:
        raise Refusal(424, "BadRequest_FailedDependency", "A request that this one depends on has failed.")


def failed(answered: list[Answered]) -> Answered | None:
    return next((one for one in answered if one.response.status >= 400), None)


def compose(answered: list[Answered]) -> Response:
    return Response.of(200, {"responses": [one.shown() for one in answered]})
