"""The JSON that a request carries, and whether the caller can read JSON: 400, 406 and 415."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.refusals import Refusal
from sandboxes.wire import Request

READABLE = ("*/*", "application/*", "application/json")


def require_json_answer(request: Request) -> None:
    wanted = request.headers.get("accept", "*/*")
    if not any(kind.partition(";")[0].strip() in READABLE for kind in wanted.split(",")):
        raise Refusal(406, "Not Acceptable")


def require_json_body(request: Request) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "Unsupported Media Type")


def json_body(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        raise Refusal(400, "Bad Request") from None


def note_unknown(call: Call, content: dict[str, Any], known: Collection[str], path: str = "") -> None:
    """Mirakl passes over fields that it does not know."""
    call.ignored.extend(f"body {path}{name}" for name in content if name not in known)
