"""The bytes of messages: what proton and the SDK write is read, what is rendered they read again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from azure.servicebus._pyamqp._decode import decode_payload
from azure.servicebus._pyamqp._encode import encode_payload
from azure.servicebus._pyamqp.message import Header, Properties
from azure.servicebus._pyamqp.message import Message as SdkMessage
from hypothesis import given
from hypothesis import strategies as st

from local.broker.primitives import Array, Described, Int, Malformed, Symbol, Timestamp, Uint, decode, encode, end_of
from local.broker.sections import DATA, Facts, parse, render, section, unpack

LONGS = st.integers(-(2**63), 2**63 - 1)
SCALARS = (
    st.none() | st.booleans() | LONGS | st.text() | st.binary(max_size=600) | st.uuids() | LONGS.map(Timestamp)
    | st.integers(0, 2**32 - 1).map(Uint) | st.integers(-(2**31), 2**31 - 1).map(Int)
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5)
)


@given(VALUES)
def test_every_value_survives(value: Any) -> None:
    raw = encode(value)
    assert decode(raw) == (value, len(raw))
    assert end_of(raw, 0) == len(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"\x43", 0),
        (b"\x44", 0),
        (b"\x45", []),
        (b"\x50\xff", 255),
        (b"\x55\xff", -1),
        (b"\x56\x01", True),
        (b"\x52\x05", 5),
        (b"\xa3\x02ab", Symbol("ab")),
        (b"\xc1\x05\x02\xa1\x01k\x41", {"k": True}),
        (b"\xe0\x04\x02\x55\x01\x02", [1, 2]),
        (b"\x00\xa3\x01d\xa1\x01v", Described("d", "v")),
        (b"\x82\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5),
    ],
)
def test_the_short_forms_that_clients_use(raw: bytes, value: Any) -> None:
    assert decode(raw) == (value, len(raw))


@given(st.lists(LONGS, max_size=300))
def test_arrays_survive_as_lists(values: list[int]) -> None:
    assert decode(encode(Array(0x81, values)))[0] == values


@given(VALUES, st.data())
def test_what_is_cut_off_is_malformed(value: Any, data: st.DataObject) -> None:
    raw = encode(value)
    with pytest.raises(Malformed):
        decode(raw[: data.draw(st.integers(0, len(raw) - 1))])


@pytest.mark.parametrize("raw", [b"", b"\x10", b"\xa1\x05ab", b"\x00\x53", b"\xa1\x01\xff"])
def test_what_is_not_amqp_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        decode(raw)


def sent(**fields: Any) -> bytes:
    """As the SDK encodes a message."""
    output = bytearray()
    encode_payload(output, SdkMessage(**fields))
    return bytes(output)


def got(raw: bytes) -> Any:
    """As the SDK decodes one."""
    return decode_payload(memoryview(raw))


def test_a_message_gets_the_brokers_facts_and_keeps_its_own() -> None:
    message = parse(
        sent(
            header=Header(durable=True, ttl=5000, priority=7),
            message_annotations={"x-opt-scheduled-enqueue-time": 17, "x-opt-sequence-number": 99, "own": 1.5},
            properties=Properties(message_id="m", group_id="s"),
            application_properties={"k": UUID(int=7), "DeadLetterReason": "old"},
            data=[b"body"],
        )
    )
    assert (message.session, message.time_to_live, message.scheduled) == ("s", 5000, 17)
    facts = Facts(5, 1000, 2, locked_until=2000, dead_letter_source="q", reason="new", description="why")
    received = got(render(message, facts))
    assert received.message_annotations == {
        b"x-opt-scheduled-enqueue-time": 17,
        b"own": 1.5,
        b"x-opt-sequence-number": 5,
        b"x-opt-enqueue-sequence-number": 5,
        b"x-opt-enqueued-time": 1000,
        b"x-opt-message-state": 0,
        b"x-opt-locked-until": 2000,
        b"x-opt-deadletter-source": b"q",
    }
    assert received.application_properties == {
        b"k": UUID(int=7),
        b"DeadLetterReason": b"new",
        b"DeadLetterErrorDescription": b"why",
    }
    assert (received.header.durable, received.header.priority, received.header.ttl) == (True, 7, 5000)
    assert (received.header.delivery_count, received.header.first_acquirer) == (2, False)
    assert (received.properties.message_id, received.properties.group_id) == (b"m", b"s")
    assert b"".join(received.data) == b"body"


def test_a_bare_message_is_enough() -> None:
    received = got(render(parse(sent(data=[b"x"])), Facts(1, 1000, 0)))
    assert (received.header.priority, received.header.ttl, received.header.first_acquirer) == (4, None, True)
    assert received.application_properties is None


def test_a_batch_is_known_by_its_content() -> None:
    one, two = sent(data=[b"1"]), sent(properties=Properties(message_id="m"), data=[b"2" * 300])
    envelope = sent(properties=Properties(message_id="first"))
    assert unpack(envelope + section(DATA, encode(one)) + section(DATA, encode(two))) == [one, two]


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x00\x53\x10rest", b"plain"])
def test_a_plain_body_is_no_batch(body: bytes) -> None:
    raw = sent(data=[body])
    assert unpack(raw) == [raw]
