"""`POST /data/$batch`: one changeset as multipart/mixed bytes, and the nested multipart answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any

from shared.erp.finance_supply_chain.odata import address
from shared.erp.microsoft.odata import Unreadable, dumps
from shared.erp.transport import Answer

_END = b"\r\n"
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?: |$)")


@dataclass(frozen=True, slots=True)
class Post:
    """One entity to create."""

    entity_set: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    content_type: str
    content: bytes


def changeset(url: str, posts: Sequence[Post]) -> Batch:
    """One changeset, which F&O carries out in one transaction. The same posts give the same bytes."""
    bodies = [dumps(post.body) for post in posts]
    mark = hashlib.sha256(b"".join(bodies)).hexdigest()[:32]
    inner, outer = f"changeset_{mark}", f"batch_{mark}"
    operations = [
        _operation(number, address(url, post.entity_set), body)
        for number, (post, body) in enumerate(zip(posts, bodies, strict=True), start=1)
    ]
    nested = _lines(f"Content-Type: multipart/mixed; boundary={inner}", "") + _multipart(inner, operations)
    return Batch(f"multipart/mixed; boundary={outer}", _multipart(outer, [nested]))


def answers(answer: Answer) -> tuple[Answer, ...]:
    """The answers inside, in their order; F&O answers a failed changeset with one error, nested or not.

    Raises Unreadable: not a multipart, or an answer that breaks off.
    """
    found = tuple(_opened(answer.headers.get("content-type", ""), answer.body))
    if not found:
        raise Unreadable("a batch answer without parts")
    return found


def _opened(content_type: str, body: bytes) -> Iterator[Answer]:
    """Parts of parts, to any depth; each end is one HTTP answer."""
    kind, boundary = _content_type(content_type)
    if kind == "application/http":
        yield _http(body)
        return
    if kind != "multipart/mixed" or not boundary:
        raise Unreadable("not a multipart answer")
    for part in _parts(body, boundary):
        headers, content = _head(part)
        yield from _opened(headers.get("content-type", ""), content)


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    """What stands between the boundary's lines; the text before the first of them is no part."""
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    begins: int | None = None
    for found in delimiter.finditer(body):
        if begins is not None:
            yield re.sub(rb"\A\r?\n", b"", body[begins : found.start()])
        if found.group(1):
            return
        begins = found.end()
    raise Unreadable("the batch answer breaks off")


def _http(part: bytes) -> Answer:
    line, _, rest = part.lstrip(b"\r\n").partition(b"\n")
    status = _STATUS.match(line.strip())
    if not status:
        raise Unreadable("a part of the batch answer is no HTTP answer")
    headers, body = _head(rest)
    return Answer(int(status.group(1)), body, headers)


def _head(part: bytes) -> tuple[dict[str, str], bytes]:
    """Header fields (names in lower case) up to the first empty line, and what follows it."""
    split = re.split(rb"^\r?\n|\r?\n\r?\n", part, maxsplit=1)
    named = (line.decode("latin-1").partition(":") for line in split[0].splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in named}, split[1] if len(split) > 1 else b""


def _content_type(text: str) -> tuple[str, str]:
    message = Message()
    message["content-type"] = text
    return message.get_content_type() if text else "", str(message.get_param("boundary") or "")


def _operation(number: int, url: str, body: bytes) -> bytes:
    head = _lines(
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        f"Content-ID: {number}",
        "",
        f"POST {url} HTTP/1.1",
        "Content-Type: application/json; charset=utf-8",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
        "",
    )
    return head + body + _END


def _multipart(boundary: str, parts: Sequence[bytes]) -> bytes:
    return b"".join(_lines(f"--{boundary}") + part for part in parts) + _lines(f"--{boundary}--")


def _lines(*lines: str) -> bytes:
    return b"".join(line.encode("ascii") + _END for line in lines)
