"""The multipart form that carries a file: 415 where it is none, 400 where the file or a field cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from sandboxes.mirakl.refusals import Refusal, wrong
from sandboxes.wire import Request


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    filename: str
    content: bytes


def require_form(request: Request) -> None:
    if _content_type(request)[0] != "multipart/form-data":
        raise Refusal(415, "Unsupported Media Type")


def read_form(request: Request) -> dict[str, Part]:
    """By name; of two parts of one name the first counts (chosen)."""
    boundary = _content_type(request)[1].encode()
    end = b"--" + boundary + b"--"
    if not boundary or end not in request.body:
        raise Refusal(400, "Bad Request")
    parts: dict[str, Part] = {}
    for part in _parts(request.body[: request.body.rindex(end)], b"--" + boundary):
        parts.setdefault(part.name, part)
    return parts


def required_file(parts: dict[str, Part]) -> bytes:
    """The part `file`; a plain field of that name, without a filename, is none (chosen), nor is an empty one."""
    part = parts.get("file")
    if part is None or not part.filename:
        raise wrong("file", "It is required and must be a file.")
    if not part.content.strip():
        raise wrong("file", "It must not be empty.")
    return part.content


def _content_type(request: Request) -> tuple[str, str]:
    """The kind in lower case, and its boundary."""
    message = _headers("content-type: " + request.headers.get("content-type", ""))
    boundary = message.get_param("boundary", "")
    return message.get_content_type(), boundary if isinstance(boundary, str) else ""


def _parts(body: bytes, mark: bytes) -> Iterator[Part]:
    for piece in (b"\r\n" + body).split(b"\r\n" + mark + b"\r\n")[1:]:
        head, _, content = piece.partition(b"\r\n\r\n")
        message = _headers(head.decode("utf-8", "replace"))
        name = message.get_param("name", "", header="content-disposition")
        yield Part(name if isinstance(name, str) else "", message.get_filename("") or "", _bare(content))


def _bare(content: bytes) -> bytes:
    """The last part still has the line break before the closing boundary."""
    return content.removesuffix(b"\r\n")


def _headers(text: str) -> Message:
    message = Message()
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            message[name.strip()] = value.strip()
    return message
