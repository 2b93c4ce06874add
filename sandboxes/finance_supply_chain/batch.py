"""`$batch` as bytes: multipart/mixed requests are taken apart, their answers are put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from urllib.parse import urlsplit

from sandboxes.finance_supply_chain.errors import batch_invalid
from sandboxes.finance_supply_chain.odata_path import ROOT
from sandboxes.wire import Request, Response

CRLF = b"\r\n"
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*")
_BOUNDARY_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of a batch; its path is absolute, or starts with `$` and the content id of an earlier one."""

    request: Request
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Changeset:
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    response: Response
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    headers: Mapping[str, str]
    body: bytes


def parse(content_type: str, body: bytes) -> tuple[Operation | Changeset, ...]:
    """Raises Refusal (400) for anything that RFC 2046 or the OData batch format does not allow."""
    return tuple(_item(part) for part in _parts(body, _boundary(content_type)))


def _item(part: Part) -> Operation | Changeset:
    if _media_type(part) == "multipart/mixed":
        return _changeset(part)
    return _operation(part)


def _changeset(part: Part) -> Changeset:
    operations = tuple(_operation(one) for one in _parts(part.body, _boundary(part.headers["content-type"])))
    seen: set[str] = set()
    for one in operations:
        if one.request.method == "GET":
            raise batch_invalid("A change set must not contain a query operation (GET).")
        if not one.content_id:
            raise batch_invalid("The header 'Content-ID' was not present on an operation of a change set.")
        if one.content_id in seen:
            raise batch_invalid(f"The content ID '{one.content_id}' was found more than once in the same change set.")
        seen.add(one.content_id)
    return Changeset(operations)


def _operation(part: Part) -> Operation:
    if _media_type(part) != "application/http":
        raise batch_invalid("A part of the batch has no content type 'application/http' (or 'multipart/mixed').")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise batch_invalid("A part of the batch has no header 'Content-Transfer-Encoding: binary'.")
    return Operation(_request(part.body), part.headers.get("content-id", ""))


def _request(content: bytes) -> Request:
    line, _, rest = content.partition(CRLF)
    words = line.split(b" ")
    if len(words) != 3 or words[2] != b"HTTP/1.1" or not line.isascii():
        raise batch_invalid("The request line of a batch operation is not 'METHOD URL HTTP/1.1'.")
    part = _part(CRLF + rest)
    body = part.body
    length = part.headers.get("content-length")
    if length is not None:
        if not length.isdigit() or int(length) > len(body):
            raise batch_invalid("The Content-Length of a batch operation is not the length of its body.")
        body = body[: int(length)]
    return Request.to(words[0].decode(), _target(words[1].decode()), headers=part.headers, body=body)


def _target(url: str) -> str:
    """Absolute, from the host's root, or relative to the service root."""
    if url.startswith(("/", "$")):
        return url
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc:
        return url.split(parts.netloc, 1)[1] or "/"
    return ROOT + url


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["content-type"] = content_type
    if header.get_content_type() != "multipart/mixed":
        raise batch_invalid("The batch request's media type is not supported: 'multipart/mixed' was expected.")
    boundary = header.get_boundary()
    if not boundary or len(boundary) > _BOUNDARY_LENGTH or not boundary.isascii():
        raise batch_invalid('The batch request must have a boundary specification in the "Content-Type" header.')
    return boundary.encode()


def _parts(body: bytes, boundary: bytes) -> list[Part]:
    """What stands between the delimiters. Lines end in CRLF; a delimiter owns the CRLF before it."""
    text = CRLF + body
    found = list(re.finditer(CRLF + b"--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)", text))
    closing = next((number for number, one in enumerate(found) if one[1]), None)
    if closing is None:
        raise batch_invalid("The multipart message does not end in its closing boundary.")
    if closing == 0:
        raise batch_invalid("The multipart message has no parts.")
    return [_part(text[found[number].end() : found[number + 1].start()]) for number in range(closing)]


def _part(content: bytes) -> Part:
    """Headers, an empty line, the rest; `content` starts with the CRLF that ends the line before."""
    head, blank, body = content.partition(CRLF + CRLF)
    if not blank:
        raise batch_invalid("A part of the batch has no empty line after its headers.")
    headers = {}
    for line in head.split(CRLF)[1:]:
        header = _HEADER.fullmatch(line)
        if header is None or not line.isascii():
            raise batch_invalid("A part of the batch has a line that is no header.")
        headers[header[1].decode().lower()] = header[2].decode()
    return Part(headers, body)


def _media_type(part: Part) -> str:
    return part.headers.get("content-type", "").partition(";")[0].strip().lower()


def compose(answers: Sequence[Answered | Sequence[Answered]], token: str) -> Response:
    """One answer to the whole: an answered changeset is a multipart of its own, a failed one a single answer."""
    boundary = f"batchresponse_{token}"
    parts = [
        _nested(answer, f"changesetresponse_{token}_{number}") if not isinstance(answer, Answered) else _http(answer)
        for number, answer in enumerate(answers)
    ]
    headers = {"content-type": f"multipart/mixed; boundary={boundary}", "odata-version": "4.0"}
    return Response(200, b"".join(_delimited(parts, boundary)), headers)


def _nested(answers: Sequence[Answered], boundary: str) -> bytes:
    head = f"Content-Type: multipart/mixed; boundary={boundary}".encode() + CRLF + CRLF
    return head + b"".join(_delimited([_http(one) for one in answers], boundary))


def _delimited(parts: Sequence[bytes], boundary: str) -> Iterator[bytes]:
    for part in parts:
        yield b"--" + boundary.encode() + CRLF + part + CRLF
    yield b"--" + boundary.encode() + b"--" + CRLF


def _http(answer: Answered) -> bytes:
    response = answer.response
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    lines += [f"Content-ID: {answer.content_id}"] if answer.content_id else []
    lines += ["", f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    return CRLF.join(line.encode() for line in (*lines, "")) + CRLF + response.body
