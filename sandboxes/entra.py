"""Entra's token endpoint: client credentials in, a token that expires out; and what a token is good for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from sandboxes.wire import ADMITTED, Request, Response

_FORM = "application/x-www-form-urlencoded"
SUFFIX = "/.default"


@dataclass(frozen=True, slots=True)
class Client:
    """An application in Entra; `registered` says whether the installation knows it too."""

    secret: str
    registered: bool = True


class Directory(Protocol):
    """What the tenant and the installation have set up; an empty `tenant` stands for any."""

    tenant: str
    clients: Mapping[str, Client]
    resource: str
    foreign_resources: Sequence[str]
    token_seconds: int


@dataclass(frozen=True, slots=True)
class Grant:
    client: str
    resource: str
    expires: datetime


class TokenRefusal(Exception):
    """Entra's refusal, with its code; unlike the ERP it has machine-readable ones."""

    def __init__(self, status: int, error: str, code: int, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.code, self.text = status, error, code, text

    def response(self) -> Response:
        description = f"AADSTS{self.code}: {self.text}"
        content = {"error": self.error, "error_description": description, "error_codes": [self.code]}
        return Response.of(self.status, content)


@dataclass
class Tokens:
    """`by_host`: the installation is also known by the host it is called at, beside its configured name."""

    world: Directory
    by_host: bool = True
    _grants: dict[str, Grant] = field(default_factory=dict)

    def issue(self, request: Request, now: datetime) -> Response:
        """`POST /{tenant}/oauth2/v2.0/token` (a `scope`) or `/{tenant}/oauth2/token` (a `resource`)."""
        try:
            return self._issue(request, now)
        except TokenRefusal as refusal:
            return refusal.response()

    def grant(self, request: Request) -> Grant | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self._grants.get(token.strip()) if scheme.lower() == "bearer" else None

    def has_ended(self, grant: Grant, request: Request, now: datetime) -> bool:
        return now >= grant.expires and ADMITTED not in request.headers

    def audience_fits(self, grant: Grant, request: Request) -> bool:
        """A token is for this installation by its configured name, or by the host it is called at."""
        return self._is_here(grant.resource, request)

    def _issue(self, request: Request, now: datetime) -> Response:
        self._check_tenant(request)
        form = _form(request)
        _check_grant_type(form)
        client = self._client(form)
        resource = self._resource(form, request)
        token = hashlib.sha256(f"{client}|{resource}|{now.isoformat()}|{len(self._grants)}".encode()).hexdigest()
        seconds = self.world.token_seconds
        self._grants[token] = Grant(client, resource, now + timedelta(seconds=seconds))
        content = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token}
        return Response.of(200, content, cache_control="no-store, no-cache")

    def _check_tenant(self, request: Request) -> None:
        tenant = request.path.rpartition("/oauth2/")[0].rpartition("/")[2]
        if self.world.tenant and tenant != self.world.tenant:
            raise TokenRefusal(400, "invalid_request", 90002, f"Tenant '{tenant}' not found. Check the tenant id.")

    def _client(self, form: dict[str, str]) -> str:
        name = _required(form, "client_id")
        secret = _required(form, "client_secret")
        client = self.world.clients.get(name)
        if client is None:
            text = f"Application with identifier '{name}' was not found in the directory."
            raise TokenRefusal(400, "unauthorized_client", 700016, text)
        if client.secret != secret:
            text = "Invalid client secret provided. Ensure the secret being sent is the secret value, not its id."
            raise TokenRefusal(401, "invalid_client", 7000215, text)
        return name

    def _resource(self, form: dict[str, str], request: Request) -> str:
        resource = _scoped(form) if is_v2(request) else _required(form, "resource")
        if self._is_here(resource.rstrip("/"), request) or resource in self.world.foreign_resources:
            return resource
        text = f"The resource principal named {resource} was not found in the tenant."
        raise TokenRefusal(400, "invalid_resource", 500011, text)

    def _is_here(self, resource: str, request: Request) -> bool:
        """A slash at the end makes it another resource."""
        parts = urlsplit(resource)
        named = self.by_host and bool(parts.netloc) and parts.netloc == request.headers.get("host") and not parts.path
        return named or resource == self.world.resource


def is_token_path(path: str) -> bool:
    return path.endswith(("/oauth2/v2.0/token", "/oauth2/token"))


def is_v2(request: Request) -> bool:
    return request.path.endswith("/v2.0/token")


def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise _missing("grant_type")
    try:
        return dict(parse_qsl(request.body.decode("ascii"), keep_blank_values=True))
    except UnicodeDecodeError:
        raise _missing("grant_type") from None


def _check_grant_type(form: dict[str, str]) -> None:
    given = _required(form, "grant_type")
    if given != "client_credentials":
        text = f"The app requested an unsupported grant type '{given}'."
        raise TokenRefusal(400, "unsupported_grant_type", 70003, text)


def _scoped(form: dict[str, str]) -> str:
    scope = _required(form, "scope")
    if not scope.endswith(SUFFIX) or " " in scope:
        text = f"The provided value for scope is not valid: the resource identifier with {SUFFIX} was expected."
        raise TokenRefusal(400, "invalid_scope", 1002012, text)
    return scope.removesuffix(SUFFIX)


def _required(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise _missing(name)
    return form[name]


def _missing(name: str) -> TokenRefusal:
    text = f"The request body must contain the following parameter: '{name}'."
    return TokenRefusal(400, "invalid_request", 900144, text)
