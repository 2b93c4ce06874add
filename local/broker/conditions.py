"""How a refusal is said in AMQP, so that azure-servicebus raises the error it was made for."""

from __future__ import annotations

from collections.abc import Mapping

from proton import Condition, symbol

from local.broker.primitives import Malformed
from local.broker.terms import LockLost, NotFound, Refused, SessionHeld, SessionLost

ENTITY_NOT_FOUND = "amqp:not-found"
NOT_ALLOWED = "amqp:not-allowed"
NOT_IMPLEMENTED = "amqp:not-implemented"
TOO_LARGE = "amqp:link:message-size-exceeded"
SESSION_LOST = "com.microsoft:session-lock-lost"
SESSION_HELD = "com.microsoft:session-cannot-be-locked"
TIMEOUT = "com.microsoft:timeout"
ARGUMENT = "com.microsoft:argument-error"
MESSAGE_NOT_FOUND = "com.microsoft:message-not-found"

_OF: Mapping[type[Exception], str] = {
    LockLost: "com.microsoft:message-lock-lost",
    SessionLost: SESSION_LOST,
    SessionHeld: SESSION_HELD,
    NotFound: MESSAGE_NOT_FOUND,
    Refused: NOT_ALLOWED,
    Malformed: ARGUMENT,
}


def name_of(refusal: Exception) -> str:
    return _OF[type(refusal)]


def condition(name: str, text: str) -> Condition:
    """Its info map is never empty: the client reads an error's third field without looking whether it is there."""
    return Condition(name, text, {symbol("broker"): "local"})
