"""The error answers: the code is empty, so only the status and the innermost text tell what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandboxes.wire import Response

GENERIC = "An error has occurred."
UPDATE_EXCEPTION = "Microsoft.Dynamics.Platform.Integration.Services.OData.Update.UpdateException"
ODATA_EXCEPTION = "Microsoft.OData.Core.ODataException"
_STACK = "   at {type}.Sandbox(Frame frame)\r\n   at Sandbox.Pipeline.Invoke(Frame frame)"


class Refusal(Exception):
    """A request that is answered with an error; `text` is the innermost message, `kind` is what the books count."""

    def __init__(
        self,
        status: int,
        text: str,
        *,
        message: str = GENERIC,
        exception: str = ODATA_EXCEPTION,
        kind: str = "refused",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.message = message
        self.exception = exception
        self.kind = kind
        self.headers = dict(headers or {})

    def response(self) -> Response:
        inner = _exception(self.text, self.exception)
        inner["internalexception"] = _exception(self.text, self.exception)
        answer = Response.of(self.status, {"error": {"code": "", "message": self.message, "innererror": inner}})
        return Response(answer.status, answer.body, {**answer.headers, "odata-version": "4.0", **self.headers})


def _exception(text: str, name: str) -> dict[str, Any]:
    return {"message": text, "type": name, "stacktrace": _STACK.format(type=name)}


def write_failed(entity: str, source: str, warnings: Iterable[str], *, status: int = 400, kind: str = "") -> Refusal:
    """The infolog of a write that validateWrite refused; `source` is the data source that refused."""
    last = f"validateWrite failed on data source '{source}'."
    infolog = "; ".join(f"Warning: {warning}" for warning in (*warnings, last))
    text = f"Write failed for table row of type '{entity}'. Infolog: {infolog}"
    return Refusal(status, text, exception=UPDATE_EXCEPTION, kind=kind or "refused")


def already_exists(entity: str, table: str, key: str, *, status: int) -> Refusal:
    warnings = (f"Cannot create a record in {table}. {key}. The record already exists.",)
    return write_failed(entity, table, warnings, status=status, kind="duplicate")


def update_conflict(entity: str, table: str, *, status: int) -> Refusal:
    why = "An update conflict occurred due to another user process deleting the record or changing fields in it."
    return write_failed(entity, table, (f"Cannot edit a record in {table}. {why}",), status=status, kind="conflict")


def query_invalid(detail: str) -> Refusal:
    return Refusal(400, detail, message=f"The query specified in the URI is not valid. {detail}", kind="query")


def body_invalid(detail: str) -> Refusal:
    return Refusal(400, detail, message=f"The request is invalid. {detail}", kind="body")


def batch_invalid(detail: str) -> Refusal:
    return Refusal(400, detail, message=detail, kind="batch")


def no_such_resource(path: str) -> Refusal:
    text = f"No HTTP resource was found that matches the request URI '{path}'."
    return Refusal(404, text, message=text, kind="not_found")


def not_found(type_name: str) -> Refusal:
    text = f"No record of type '{type_name}' was found for the given key."
    return Refusal(404, text, message=text, kind="not_found")


def nothing_selected_for_update() -> Refusal:
    return Refusal(
        400, "No resources were found when selecting for update.", exception=UPDATE_EXCEPTION, kind="not_found"
    )


def method_not_allowed(method: str) -> Refusal:
    text = f"The requested resource does not support http method '{method}'."
    return Refusal(405, text, message=text, kind="method")


def stale(status: int) -> Refusal:
    text = "The etag that was sent is not the record's etag: the record was changed by another user."
    return Refusal(status, text, exception=UPDATE_EXCEPTION, kind="stale")


def throttled(retry_after: int) -> Refusal:
    text = "Too many requests: the environment's resources are under pressure."
    return Refusal(429, text, message=text, kind="throttled", headers={"retry-after": str(retry_after)})


def unauthorized(host: str) -> Response:
    """401 says nothing in its body; the challenge names where tokens come from."""
    challenge = f'Bearer authorization_uri="https://{host}/oauth2/authorize"'
    return Response(401, b"", {"www-authenticate": challenge})


def forbidden() -> Refusal:
    text = "The client id of the token is not registered on the Microsoft Entra applications page."
    return Refusal(403, text, message=text, kind="forbidden")
