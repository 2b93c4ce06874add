"""One row of a table of wrong requests, and how it is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sandboxes.wire import Request
from tests.sandboxes.mirakl.seller import HOST, JSON, Seller


@dataclass(frozen=True)
class Wrong:
    """One row. `code` is empty where no code is documented, `about` where no field is at fault."""

    name: str
    source: str
    method: str
    url: str
    status: int
    code: str = ""
    body: Any = None
    key: str = "key-admin"
    headers: dict[str, str] = field(default_factory=dict)
    about: str = ""
    length_told: bool = True


def send(seller: Seller, wrong: Wrong) -> tuple[int, dict[str, Any]]:
    """As a client does: with the length of a body, be it empty, unless the row says that none is told."""
    body = wrong.body if isinstance(wrong.body, bytes) else json.dumps(wrong.body).encode()
    sent = b"" if wrong.body is None else body
    headers = {"host": HOST, "accept": JSON, "content-type": JSON, "authorization": wrong.key, **wrong.headers}
    if wrong.length_told:
        headers["content-length"] = str(len(sent))
    request = Request.to(wrong.method, wrong.url, headers=headers, body=sent)
    response = seller.sandbox.handle(request, seller.now)
    content: dict[str, Any] = response.json()
    return response.status, content
