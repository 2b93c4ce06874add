"""The body of every message, versioned: keys and an attempt, wrapped in one top-level key.

The Functions host copies top-level JSON properties of a body over the trigger's metadata, so nothing but the
version may stand at the top.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import get_args

from shared.errors import BridgeError
from shared.model.steps import PollName, StepMessage, StepName

VERSION = "v1"
_STEPS = {*get_args(StepName), *get_args(PollName)}


class UnreadableMessage(BridgeError):
    """Not a message of ours, or of a version this code does not know. The text never holds the body."""


def encode(message: StepMessage) -> str:
    fields = {
        "step": message.step,
        "shop": message.shop,
        "order": message.order,
        "attempt": message.attempt,
        "seen": message.seen.isoformat() if message.seen else None,
    }
    return json.dumps({VERSION: fields}, separators=(",", ":"))


def decode(body: str | bytes) -> StepMessage:
    """Raises UnreadableMessage."""
    try:
        envelope = json.loads(body)
    except ValueError as problem:
        raise UnreadableMessage("the body is not JSON") from problem
    if not isinstance(envelope, dict) or len(envelope) != 1:
        raise UnreadableMessage("the body is not one versioned object")
    version, fields = next(iter(envelope.items()))
    if version != VERSION or not isinstance(fields, dict):
        raise UnreadableMessage(f"version {version[:10]!r} is not {VERSION!r}")
    try:
        step, shop, order, attempt = fields["step"], fields["shop"], fields["order"], fields["attempt"]
        seen = datetime.fromisoformat(fields["seen"]) if fields.get("seen") else None
    except (KeyError, TypeError, ValueError) as problem:
        raise UnreadableMessage("a field of the envelope is missing or malformed") from problem
    texts = all(isinstance(field, str) for field in (step, shop, order))
    if not texts or step not in _STEPS or type(attempt) is not int or (seen is not None and seen.tzinfo is None):
        raise UnreadableMessage("a field of the envelope has an unknown value")
    return StepMessage(step=step, shop=shop, order=order, attempt=attempt, seen=seen)
