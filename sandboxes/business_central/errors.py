"""The error answers: a code that a program may act upon, and a text for people that ends in a correlation id."""

from __future__ import annotations

from collections.abc import Mapping

from sandboxes.wire import Response

DIALOG = "Application_DialogException"
FIELD = "Application_FieldValidationException"


class Refusal(Exception):
    """A request that is answered with an error; `kind` is what the books count."""

    def __init__(
        self,
        status: int,
        code: str,
        text: str,
        *,
        kind: str = "refused",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.kind = kind
        self.headers = dict(headers or {})

    def response(self, correlation: str) -> Response:
        message = f"{self.text}  CorrelationId:  {correlation}."
        answer = Response.of(self.status, {"error": {"code": self.code, "message": message}})
        return Response(answer.status, answer.body, {**answer.headers, "odata-version": "4.0", **self.headers})


def bad_request(text: str, code: str = "BadRequest", *, kind: str = "request") -> Refusal:
    return Refusal(400, code, text, kind=kind)


def dialog(text: str) -> Refusal:
    """An AL `Error`."""
    return Refusal(400, DIALOG, text)


def must_be(field: str, expected: str, record: str, found: str) -> Refusal:
    """An AL `TestField` with a value."""
    text = f"{field} must be equal to '{expected}' in {record}. Current value is '{found}'."
    return Refusal(400, FIELD, text, kind="state")


def must_have(field: str, record: str) -> Refusal:
    """An AL `TestField` without one."""
    return Refusal(400, FIELD, f"{field} must have a value in {record}. It cannot be zero or empty.")


def not_related(field: str, table: str, value: str, related: str) -> Refusal:
    text = (
        f"The field {field} of table {table} contains a value ({value}) that cannot be found in the related "
        f"table ({related})."
    )
    return Refusal(400, "Internal_InvalidTableRelation", text)


def too_long(length: int, limit: int, value: str) -> Refusal:
    text = (
        f"The length of the string is {length}, but it must be less than or equal to {limit} characters. Value: {value}"
    )
    return Refusal(400, "Application_StringExceededLength", text)


def no_record(table: str, identification: str) -> Refusal:
    """A record that another one names by its id or key."""
    text = f"The {table} does not exist. Identification fields and values: {identification}"
    return Refusal(400, "Internal_RecordNotFound", text)


def not_found(type_name: str) -> Refusal:
    text = f"The record of '{type_name}' in the URL was not found in the database."
    return Refusal(404, "Internal_RecordNotFound", text, kind="not_found")


def no_resource(segment: str) -> Refusal:
    text = f"Resource not found for the segment '{segment}'."
    return Refusal(404, "BadRequest_ResourceNotFound", text, kind="not_found")


def no_company(name: str) -> Refusal:
    return Refusal(404, "Internal_CompanyNotFound", f"Cannot find company {name}.", kind="not_found")


def no_environment(name: str) -> Refusal:
    return Refusal(404, "NoEnvironment", f"Environment '{name}' does not exist.", kind="not_found")


def method_not_allowed(method: str, entity: str) -> Refusal:
    text = f"'{entity}' does not support the method {method}."
    return Refusal(405, "BadRequest_MethodNotAllowed", text, kind="method")


def no_token() -> Refusal:
    text = (
        "Could not validate the client concurrency token required by the service. "
        "Please provide a valid token in the client request."
    )
    return Refusal(400, "BadRequest_InvalidToken", text, kind="token")


def entity_changed() -> Refusal:
    text = "Another user has already changed the record."
    return Refusal(409, "Request_EntityChanged", text, kind="conflict")


def same_key(table: str, identification: str) -> Refusal:
    text = f"The record in table {table} already exists. Identification fields and values: {identification}"
    return Refusal(400, "Internal_EntityWithSameKeyExists", text, kind="duplicate")


def throttled(retry_after: int) -> Refusal:
    text = "Too many requests reached. Please try again later."
    headers = {"retry-after": str(retry_after)}
    return Refusal(429, "Application_TooManyRequests", text, kind="throttled", headers=headers)


def unauthorized() -> Refusal:
    text = "The credentials provided are incorrect"
    headers = {"www-authenticate": 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common"'}
    return Refusal(401, "Authentication_InvalidCredentials", text, kind="unauthorized", headers=headers)


def forbidden() -> Refusal:
    text = "The application is not enabled on the Microsoft Entra applications page."
    return Refusal(403, "Authorization_RequestDenied", text, kind="forbidden")
