"""AMQP 1.0's type system as far as Service Bus speaks it: values to bytes and back.

Written here rather than taken from the AMQP library because that one hands out binaries as views of freed memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


class Malformed(ValueError):
    """The bytes are not AMQP 1.0."""


class Symbol(str):
    """An AMQP symbol: a name out of a fixed vocabulary."""

    __slots__ = ()


class Uint(int):
    """An unsigned number of 32 bits."""


class Int(int):
    """A signed number of 32 bits; a plain int is a long."""


class Timestamp(int):
    """Milliseconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Array:
    """Values of one type, all encoded with the constructor `code` (one of 0x81 long, 0x83 timestamp)."""

    code: int
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Described:
    descriptor: Any
    value: Any


_WIDTHS = {0x4: 0, 0x5: 1, 0x6: 2, 0x7: 4, 0x8: 8, 0x9: 16}
_CONSTANTS = {0x40: None, 0x41: True, 0x42: False, 0x43: 0, 0x44: 0}
_NUMBERS = {
    0x50: ("B", int), 0x51: ("b", int), 0x52: ("B", Uint), 0x53: ("B", int), 0x54: ("b", Int), 0x55: ("b", int),
    0x56: ("?", bool), 0x60: (">H", int), 0x61: (">h", int), 0x70: (">I", Uint), 0x71: (">i", Int), 0x72: (">f", float),
    0x80: (">Q", int), 0x81: (">q", int), 0x82: (">d", float), 0x83: (">q", Timestamp),
}  # fmt: skip
_TEXTS = {0x1: str, 0x3: Symbol}


def end_of(raw: bytes, at: int) -> int:
    """Where the value that begins at `at` ends, without decoding it. Raises Malformed."""
    try:
        code = raw[at]
        if code == 0:
            return end_of(raw, end_of(raw, at + 1))
        kind = code >> 4
        if kind in _WIDTHS:
            end = at + 1 + _WIDTHS[kind]
        elif kind in (0xA, 0xC, 0xE):
            end = at + 2 + raw[at + 1]
        elif kind in (0xB, 0xD, 0xF):
            end = at + 5 + int.from_bytes(raw[at + 1 : at + 5], "big")
        else:
            raise Malformed(f"no AMQP type begins with 0x{code:02x}")
    except IndexError:
        raise Malformed("the value is cut off") from None
    if end > len(raw):
        raise Malformed("the value is cut off")
    return end


def decode(raw: bytes, at: int = 0) -> tuple[Any, int]:
    """The value that begins at `at`, and where it ends. Types that the broker has no use for come as their bytes."""
    end = end_of(raw, at)
    if raw[at] == 0:
        descriptor, at = decode(raw, at + 1)
        return Described(descriptor, decode(raw, at)[0]), end
    code, kind = raw[at], raw[at] >> 4
    if code in _CONSTANTS:
        return _CONSTANTS[code], end
    if code in _NUMBERS:
        layout, number = _NUMBERS[code]
        return number(struct.unpack_from(layout, raw, at + 1)[0]), end
    if code == 0x98:
        return UUID(bytes=raw[at + 1 : end]), end
    if kind in (0xA, 0xB):
        return _variable(raw[at + (2 if kind == 0xA else 5) : end], code & 0xF), end
    if kind >= 0xC or code == 0x45:
        return _compound(raw, at), end
    return raw[at + 1 : end], end


def _variable(content: bytes, kind: int) -> Any:
    if kind not in _TEXTS:
        return content
    try:
        return _TEXTS[kind](content.decode("ascii" if kind == 0x3 else "utf-8"))
    except UnicodeDecodeError:
        raise Malformed("the text is not UTF-8") from None


def _compound(raw: bytes, at: int) -> Any:
    """A list, a map, or an array (as a list)."""
    kind = raw[at] >> 4
    if kind in (0xE, 0xF):
        return list(_elements(raw, at))
    values = [decode(raw, start)[0] for start, _ in items(raw, at)]
    return dict(zip(values[::2], values[1::2], strict=True)) if raw[at] & 0xF == 1 else values


def items(raw: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Where each value of the list or map at `at` begins and ends; a map's keys and values alternate."""
    count, at = _head(raw, at)
    for _ in range(count):
        end = end_of(raw, at)
        yield at, end
        at = end


def _head(raw: bytes, at: int) -> tuple[int, int]:
    """How many values a compound holds, and where its first one begins."""
    kind = raw[at] >> 4
    if raw[at] == 0x45:
        return 0, at + 1
    if kind in (0xC, 0xE):
        return raw[at + 2], at + 3
    return int.from_bytes(raw[at + 5 : at + 9], "big"), at + 9


def _elements(raw: bytes, at: int) -> Iterator[Any]:
    """An array's values share one constructor, so each is decoded behind a copy of it."""
    count, at = _head(raw, at)
    constructor, at = raw[at : at + 1], at + 1
    for _ in range(count):
        value, end = decode(constructor + raw[at:])
        yield value
        at += end - 1


def encode(value: Any) -> bytes:
    """None, bool, int (long), Uint, Int, Timestamp, str, Symbol, bytes, UUID, Array, list, dict."""
    if value is None or isinstance(value, bool):
        return {None: b"\x40", True: b"\x41", False: b"\x42"}[value]
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, str):
        return _sized(0xA3 if isinstance(value, Symbol) else 0xA1, value.encode())
    if isinstance(value, bytes | bytearray):
        return _sized(0xA0, bytes(value))
    if isinstance(value, UUID):
        return b"\x98" + value.bytes
    if isinstance(value, Array):
        layout = _NUMBERS[value.code][0]
        content = bytes([value.code]) + b"".join(struct.pack(layout, one) for one in value.values)
        return compound(0xF0, len(value.values), content)
    if isinstance(value, dict):
        return compound(0xD1, 2 * len(value), b"".join(encode(key) + encode(one) for key, one in value.items()))
    if isinstance(value, list | tuple):
        return compound(0xD0, len(value), b"".join(map(encode, value)))
    raise TypeError(f"no AMQP type for {type(value).__name__}")


def _number(value: int) -> bytes:
    for kind, code, layout in ((Uint, 0x70, ">BI"), (Int, 0x71, ">Bi"), (Timestamp, 0x83, ">Bq")):
        if isinstance(value, kind):
            return struct.pack(layout, code, value)
    return struct.pack(">Bq", 0x81, value)


def _sized(code: int, content: bytes) -> bytes:
    if len(content) < 256:
        return struct.pack(">BB", code, len(content)) + content
    return struct.pack(">BI", code + 0x10, len(content)) + content


def compound(code: int, count: int, content: bytes) -> bytes:
    """A list (0xD0), map (0xD1) or array (0xF0) around values that are encoded already."""
    return struct.pack(">BII", code, len(content) + 4, count) + content
