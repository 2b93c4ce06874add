"""Where Prima's web service is and how it may be reached. Imports neither zeep nor lxml: the settings read this."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

TARGET_URI = "urn:omlink"
"""Observed at one site; each installation deploys its own."""


@dataclass(frozen=True, slots=True)
class Basic:
    """HTTP Basic; `password` is the secret's name, never its value."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the client's gateway; `value` is the secret's name, never its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the WSDL calls things; an empty name is discovered."""

    operation: str = ""
    request: str = ""
    response: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One instance of the web service: `url` ends with its name (`http://…:8080/wsalive/wsalive`).

    With a `company` the operation is `comwsomhandler`, else `wsomhandler`. `pinned_wsdl` is a WSDL's text or the path
    of a file with it; without it the WSDL is fetched from the instance. `authorization` is none, as Prima has none of
    its own; what stands before it may have.
    """

    url: str
    target_uri: str = TARGET_URI
    company: str = ""
    names: Names = field(default_factory=Names)
    pinned_wsdl: str = field(default="", repr=False)
    authorization: Basic | Header | None = None
    timeout_seconds: float = 60.0

    @property
    def address(self) -> str:
        return self.url.rstrip("/").removesuffix("/wsdl")

    @property
    def wsdl_address(self) -> str:
        """OpenEdge serves it beside the instance, one for each namespace."""
        return f"{self.address}/wsdl?targetURI={quote(self.target_uri, safe=':')}"

    def pinned(self) -> bytes | None:
        """The pinned WSDL, None where it is to be fetched. Raises OSError."""
        text = self.pinned_wsdl.lstrip("\ufeff \t\r\n")
        if not text:
            return None
        return text.encode() if text.startswith("<") else Path(text).read_bytes()


def unprotected(url: str, *, allowed: bool) -> str:
    """Why this address must not be used, empty where it may: orders carry people, and Prima asks for no password.

    `allowed` is the setting that permits http by name, for a private network or a tunnel.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        return "the address holds a password: give it as a secret"
    if parts.scheme == "https" or (parts.scheme == "http" and allowed):
        return "" if parts.hostname else "the address names no host"
    if parts.scheme == "http":
        return "the address is not https: put a gateway with TLS before it, or allow plain http by name"
    return "the address must begin with https://"
