"""The JSON that a request carries, and whether the caller can read the answer: 400, 406 and 415."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.refusals import Refusal
from sandboxes.wire import Request


def require_answer(request: Request, kinds: Collection[str]) -> None:
    """406 where the caller takes none of the kinds that the operation answers in."""
    readable = {"*/*", *kinds, *(f"{kind.partition('/')[0]}/*" for kind in kinds)}
    wanted = request.headers.get("accept", "*/*")
    if not any(kind.partition(";")[0].strip() in readable for kind in wanted.split(",")):
        raise Refusal(406, "Not Acceptable")


def require_json_body(request: Request) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "Unsupported Media Type")


def require_length(request: Request, platform: Platform) -> None:
    """A gateway before Mirakl answered 411 to a PUT that had no body and did not say so (seen in the field)."""
    bare = request.method == "PUT" and not request.body and "content-length" not in request.headers
    if bare and platform.length_required:
        raise Refusal(411, "Length Required")


def json_body(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        raise Refusal(400, "Bad Request") from None


def invalid(field: str, message: str) -> Refusal:
    return Refusal(400, f"Input validation failed: {field}. {message}", "VALIDATION_ERROR", field)


def objects(call: Call, name: str, *, most: int, too_many: str) -> list[dict[str, Any]]:
    """The one list that a body carries: from one object to `most` of them."""
    content = json_body(call.request)
    if not isinstance(content, dict) or not isinstance(content.get(name), list) or not content[name]:
        raise invalid(name, "It is required and must be a list that is not empty.")
    if len(content[name]) > most:
        raise Refusal(400, too_many)
    note_unknown(call, content, (name,))
    for position, item in enumerate(content[name]):
        if not isinstance(item, dict):
            raise invalid(f"{name}[{position}]", "It must be an object.")
    return list(content[name])


def text(content: Mapping[str, Any], name: str, path: str = "") -> str | None:
    """None where it is left out, null or blank."""
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(f"{path}{name}", "It must be a text.")
    return value if value and value.strip() else None


def required_text(content: Mapping[str, Any], name: str, path: str = "") -> str:
    value = text(content, name, path)
    if value is None:
        raise invalid(f"{path}{name}", "It is required and must be a text.")
    return value


def note_unknown(call: Call, content: Mapping[str, Any], known: Collection[str], path: str = "") -> None:
    """Mirakl passes over fields that it does not know."""
    call.ignored.extend(f"body {path}{name}" for name in content if name not in known)
