"""How Mirakl says no: the documented status codes, and an envelope that it documents nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandboxes.mirakl.platform import ErrorShape
from sandboxes.wire import Response


@dataclass(eq=False)
class Refusal(Exception):
    """`code` is empty where the operation documents none; `about` names the field that is wrong, never its value."""

    status: int
    message: str
    code: str = ""
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, shape: ErrorShape = "code") -> Response:
        return Response.of(self.status, _body(self, shape), **self.headers)


def wrong(name: str, message: str) -> Refusal:
    """A parameter or body field that cannot be used: 400 without a code, as seen in the field."""
    return Refusal(400, f"Error with field {name}. {message}")


def _body(refusal: Refusal, shape: ErrorShape) -> dict[str, Any]:
    plain = {"message": refusal.message, "status": refusal.status}
    if not refusal.code:
        return plain
    error = {"code": refusal.code, "field": refusal.about or None, "message": refusal.message}
    match shape:
        case "code":
            return {"code": refusal.code, **plain, "errors": [error]}
        case "errors":
            return {**plain, "errors": [error]}
        case "error_code":
            return {"error_code": refusal.code, **plain}
        case "bare":
            return {"message": "Bad Request", "status": refusal.status}
