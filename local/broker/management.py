"""The requests that clients send to `<entity>/$management` and `$cbs`, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from local.broker import conditions
from local.broker.entities import Queue
from local.broker.lanes import Hold
from local.broker.namespace import Namespace
from local.broker.primitives import Array, Int, Malformed, Symbol, Timestamp, compound, decode, encode
from local.broker.sections import APPLICATION, PROPERTIES, VALUE, parse, render, section, sections
from local.broker.terms import Refused, SessionLost

_LONGS, _TIMESTAMPS = 0x81, 0x83
_STATUS = {conditions.MESSAGE_NOT_FOUND: 404, conditions.NOT_ALLOWED: 400, conditions.ARGUMENT: 400}
_GONE = 410  # whatever else a queue refuses is about a lock that is lost


@dataclass(frozen=True, slots=True)
class Request:
    """`holds` names who asks: the session that the asking receiver's link holds, if it holds the one named."""

    queue: Queue
    namespace: Namespace
    body: Mapping[str, Any]
    holds: Callable[[str], Hold | None]

    def __getitem__(self, field: str) -> Any:
        if field not in self.body:
            raise Malformed(f"the request has no {field}")
        return self.body[field]

    def tokens(self) -> Sequence[UUID]:
        tokens: Sequence[UUID] = self["lock-tokens"]
        if not all(isinstance(token, UUID) for token in tokens):
            raise Malformed("a lock token is a UUID")
        return tokens

    def hold(self) -> Hold:
        """Raises SessionLost unless the asking receiver holds the session named."""
        held = self.holds(str(self["session-id"]))
        if held is None:
            raise SessionLost("the receiver does not hold the session")
        return held


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Mapping[str, Any] | None = None
    text: str = "OK"
    condition: str | None = None


def answer(operation: str, request: Request) -> Reply:
    """Carry out an operation; a refusal is an answer, too."""
    carry_out = _OPERATIONS.get(operation.removeprefix("com.microsoft:"))
    if carry_out is None:
        return Reply(501, text=f"this broker does not do {operation}", condition=conditions.NOT_IMPLEMENTED)
    try:
        return carry_out(request)
    except (Refused, Malformed) as refusal:
        condition = conditions.name_of(refusal)
        return Reply(_STATUS.get(condition, _GONE), text=str(refusal), condition=condition)


def read_request(raw: bytes) -> tuple[bytes, Mapping[str, Any], Any]:
    """The encoded message id, the application properties, and the body. Raises Malformed."""
    message_id, properties, body = b"\x40", {}, None
    for descriptor, _, value_at, _ in sections(raw):
        value = decode(raw, value_at)[0]
        if descriptor == PROPERTIES and value:
            message_id = encode(value[0])
        elif descriptor == APPLICATION:
            properties = value
        elif descriptor == VALUE:
            body = value
    return message_id, properties, body


def write_reply(message_id: bytes, reply: Reply) -> bytes:
    """The status goes under both of its names: `$cbs` clients look for the hyphens, the others for the capitals."""
    properties: dict[str, Any] = {
        "statusCode": Int(reply.status),
        "statusDescription": reply.text,
        "status-code": Int(reply.status),
        "status-description": reply.text,
    }
    if reply.condition:
        properties["errorCondition"] = Symbol(reply.condition)
    fields = compound(0xD0, 6, b"\x40" * 5 + message_id)  # the sixth: the correlation id
    body = None if reply.body is None else dict(reply.body)
    return section(PROPERTIES, fields) + section(APPLICATION, encode(properties)) + section(VALUE, encode(body))


def _peek(request: Request) -> Reply:
    queue, namespace = request.queue, request.namespace
    namespace.operations["peeks"] += 1
    found = queue.peek(request["from-sequence-number"], request["message-count"], request.body.get("session-id"))
    if not found:
        return Reply(204, text="no message")
    return Reply(
        200, {"messages": [{"message": render(entry.content, namespace.facts(queue, entry))} for entry in found]}
    )


def _schedule(request: Request) -> Reply:
    messages = [parse(one["message"]) for one in request["messages"]]
    numbers = request.namespace.send(request.queue, messages)
    return Reply(200, {"sequence-numbers": Array(_LONGS, numbers)})


def _cancel(request: Request) -> Reply:
    request.namespace.operations["cancellations"] += 1
    for sequence in request["sequence-numbers"]:
        request.queue.cancel(sequence)
    return Reply(200, {})


def _renew(request: Request) -> Reply:
    request.namespace.operations["renewals"] += 1
    untils = [Timestamp(request.namespace.clock.to_wire(request.queue.renew(token))) for token in request.tokens()]
    return Reply(200, {"expirations": Array(_TIMESTAMPS, untils)})


def _renew_session(request: Request) -> Reply:
    request.namespace.operations["renewals"] += 1
    until = request.queue.renew_session(request.hold())
    return Reply(200, {"expiration": Timestamp(request.namespace.clock.to_wire(until))})


def _session_state(request: Request) -> Reply:
    return Reply(200, {"session-state": request.hold().lane.state})


def _set_session_state(request: Request) -> Reply:
    request.hold().lane.state = request.body.get("session-state")
    return Reply(200, {})


def _settle(request: Request) -> Reply:
    """Settling where the receiver's own link cannot: it is gone, or did not confirm."""
    queue, status = request.queue, request["disposition-status"]
    for token in request.tokens():
        request.namespace.operations["settlements"] += 1
        match status:
            case "completed":
                queue.complete(token)
            case "abandoned":
                queue.abandon(token)
            case "suspended":
                reason, description = request.body.get("deadletter-reason"), request.body.get("deadletter-description")
                queue.dead_letter(token, reason, description)
            case _:
                raise Refused(f"this broker does not settle a message as {status}")
    return Reply(200, {})


_OPERATIONS: Mapping[str, Callable[[Request], Reply]] = {
    "peek-message": _peek,
    "schedule-message": _schedule,
    "cancel-scheduled-message": _cancel,
    "renew-lock": _renew,
    "renew-session-lock": _renew_session,
    "get-session-state": _session_state,
    "set-session-state": _set_session_state,
    "update-disposition": _settle,
}
