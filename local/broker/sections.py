"""A message's AMQP sections: what a client sent, kept as bytes, and what a receiver gets, with the broker's facts."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.broker.primitives import Malformed, Symbol, Timestamp, compound, decode, encode, end_of, items

HEADER, DELIVERY_ANNOTATIONS, ANNOTATIONS, PROPERTIES, APPLICATION, DATA, SEQUENCE, VALUE, FOOTER = range(0x70, 0x79)
ACTIVE, SCHEDULED = 0, 2  # x-opt-message-state
_GROUP_ID = 10  # the field of the properties section that carries the session id
_OURS = frozenset(
    f"x-opt-{name}"
    for name in (
        "sequence-number",
        "enqueue-sequence-number",
        "enqueued-time",
        "locked-until",
        "message-state",
        "deadletter-source",
    )
)
_DEAD_LETTER_PROPERTIES = frozenset({"DeadLetterReason", "DeadLetterErrorDescription"})


@dataclass(frozen=True, slots=True)
class Message:
    """As sent. `annotations` and `application` are encoded pairs; times are milliseconds (scheduled: since 1970)."""

    session: str | None
    time_to_live: int | None
    scheduled: int | None
    durable: bool
    priority: int
    annotations: tuple[bytes, ...]
    properties: bytes
    application: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What the broker knows of a message. Times are milliseconds since 1970."""

    sequence: int
    enqueued: int
    delivery_count: int
    state: int = ACTIVE
    locked_until: int | None = None
    dead_letter_source: str | None = None
    reason: str | None = None
    description: str | None = None


def sections(raw: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Each section's descriptor, where it begins, where its value begins, and where it ends. Raises Malformed."""
    at = 0
    while at < len(raw):
        if raw[at] != 0:
            raise Malformed("a message is a row of described sections")
        descriptor, value_at = decode(raw, at + 1)
        end = end_of(raw, value_at)
        yield descriptor, at, value_at, end
        at = end


def unpack(raw: bytes) -> Sequence[bytes]:
    """The messages of a transfer: a batch holds one encoded message per data section.

    The AMQP library does not tell the message format that marks a batch, so it is known by its content.
    """
    packed = []
    for descriptor, _, value_at, end in sections(raw):
        if descriptor in (HEADER, APPLICATION, SEQUENCE, VALUE):
            return [raw]
        if descriptor == DATA:
            data = raw[value_at + (2 if raw[value_at] == 0xA0 else 5) : end]
            if len(data) < 4 or data[:2] != b"\x00\x53" or not HEADER <= data[2] <= FOOTER:
                return [raw]
            packed.append(data)
    return packed or [raw]


def parse(raw: bytes) -> Message:
    """Raises Malformed."""
    header: list[Any] = []
    session, properties, body = None, b"", b""
    annotations: dict[str, bytes] = {}
    application: dict[str, bytes] = {}
    for descriptor, at, value_at, end in sections(raw):
        if descriptor == HEADER:
            header = decode(raw, value_at)[0]
        elif descriptor == ANNOTATIONS:
            annotations = _pairs(raw, value_at)
        elif descriptor == PROPERTIES:
            properties, session = raw[at:end], _field(raw, value_at, _GROUP_ID)
        elif descriptor == APPLICATION:
            application = _pairs(raw, value_at)
        elif descriptor != DELIVERY_ANNOTATIONS:
            body += raw[at:end]
    durable, priority, time_to_live = (*header, None, None, None)[:3]
    return Message(
        session=session,
        time_to_live=time_to_live,
        scheduled=_value(annotations.get("x-opt-scheduled-enqueue-time")),
        durable=bool(durable),
        priority=4 if priority is None else priority,
        annotations=tuple(pair for key, pair in annotations.items() if key not in _OURS),
        properties=properties,
        application=tuple(pair for key, pair in application.items() if key not in _DEAD_LETTER_PROPERTIES),
        body=body,
    )


def render(message: Message, facts: Facts) -> bytes:
    """The message as a receiver gets it."""
    count, annotations = _broker_annotations(facts)
    why = (("DeadLetterReason", facts.reason), ("DeadLetterErrorDescription", facts.description))
    application = [*message.application, *(encode(name) + encode(text) for name, text in why if text is not None)]
    return b"".join(
        (
            _header(message, facts.delivery_count),
            _map_section(ANNOTATIONS, count + len(message.annotations), [*message.annotations, annotations]),
            message.properties,
            _map_section(APPLICATION, len(application), application) if application else b"",
            message.body,
        )
    )


_ALWAYS = tuple(
    encode(Symbol(f"x-opt-{name}")) + bytes((code,))  # the key, and the type of its value
    for name, code in (
        ("sequence-number", 0x81),
        ("enqueue-sequence-number", 0x81),
        ("enqueued-time", 0x83),
        ("message-state", 0x71),
    )
)
_LOCKED_UNTIL = encode(Symbol("x-opt-locked-until"))
_DEAD_LETTER_SOURCE = encode(Symbol("x-opt-deadletter-source"))


def _broker_annotations(facts: Facts) -> tuple[int, bytes]:
    """How many, and their encoded pairs."""
    sequence = facts.sequence.to_bytes(8, "big")
    values = (sequence, sequence, facts.enqueued.to_bytes(8, "big"), facts.state.to_bytes(4, "big"))
    encoded = [key + value for key, value in zip(_ALWAYS, values, strict=True)]
    if facts.locked_until is not None:
        encoded.append(_LOCKED_UNTIL + encode(Timestamp(facts.locked_until)))
    if facts.dead_letter_source is not None:
        encoded.append(_DEAD_LETTER_SOURCE + encode(facts.dead_letter_source))
    return len(encoded), b"".join(encoded)


def section(descriptor: int, value: bytes) -> bytes:
    """The descriptor as a smallulong: the client looks for it in the third byte."""
    return bytes((0x00, 0x53, descriptor)) + value


def _header(message: Message, delivery_count: int) -> bytes:
    """All five fields: durable, priority, time to live, first acquirer, delivery count."""
    lived = b"\x40" if message.time_to_live is None else struct.pack(">BI", 0x70, message.time_to_live)
    first = b"\x41" if delivery_count == 0 else b"\x42"
    durable = b"\x41" if message.durable else b"\x42"
    fields = durable + bytes((0x50, message.priority)) + lived + first + struct.pack(">BI", 0x70, delivery_count)
    return section(HEADER, bytes((0xC0, len(fields) + 1, 5)) + fields)


def _map_section(descriptor: int, count: int, pairs: Sequence[bytes]) -> bytes:
    return section(descriptor, compound(0xD1, 2 * count, b"".join(pairs)))


def _pairs(raw: bytes, at: int) -> dict[str, bytes]:
    """A map's entries by key, each still encoded, so that every value keeps the type it was sent with."""
    found = list(items(raw, at))
    return {
        str(decode(raw, start)[0]): raw[start:end] for (start, _), (_, end) in zip(found[::2], found[1::2], strict=True)
    }


def _value(pair: bytes | None) -> Any:
    return None if pair is None else decode(pair, end_of(pair, 0))[0]


def _field(raw: bytes, at: int, number: int) -> Any:
    for position, (start, _) in enumerate(items(raw, at)):
        if position == number:
            return decode(raw, start)[0]
    return None
