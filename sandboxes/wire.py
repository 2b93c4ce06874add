"""HTTP as values: a sandbox is a function from a request and a time to a response, with or without a socket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import simplejson

ADMITTED = "x-sandbox-admitted"


@dataclass(frozen=True, slots=True)
class Request:
    """Header names are lower case; `query` keeps order and repetitions, decoded; `path` is as sent, undecoded."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def to(cls, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
        parts = urlsplit(url)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(method.upper(), parts.path, query, lowered, body)

    def admitted(self) -> Request:
        """The same, let in when it came: a token that ends before it is carried out stops it no more."""
        return replace(self, headers={**self.headers, ADMITTED: "yes"})

    def parameter(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def json(self) -> Any:
        """Numbers with a fraction come as Decimal. Raises ValueError."""
        return json.loads(self.body, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, content: Any, **headers: str) -> Response:
        """A JSON answer; Decimals are written as numbers with all their digits."""
        body = simplejson.dumps(content, use_decimal=True).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, body, {"content-type": "application/json;charset=UTF-8", **named})

    def json(self) -> Any:
        return json.loads(self.body, parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks and no answer comes."""


@dataclass(frozen=True, slots=True)
class Hang:
    """The connection stays open and no answer comes; the caller's time-out decides."""


Answer = Response | Reset | Hang


class Sandbox(Protocol):
    """The rules of one outside system, without faults and without a socket. `now` is UTC and only moves forward."""

    def operation(self, request: Request) -> str:
        """The vendor's name of what is asked (`OR11`, `OR21`, `token`, `batch` …), `unknown` where there is none."""
        ...

    def subject(self, request: Request) -> str:
        """What the call is about, for the journal: an order id or number, empty where it is about none."""
        ...

    def handle(self, request: Request, now: datetime) -> Response:
        """Carry it out. Never raises."""
        ...
