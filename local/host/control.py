"""Plain stand-ins for the control messages that the worker library takes from, and gives to, its host."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar


class _Message(SimpleNamespace):
    """A message with the fields it was made with."""


class StatusResult(_Message):
    Failure: ClassVar[int] = 0
    Success: ClassVar[int] = 1
    Cancelled: ClassVar[int] = 2


class BindingInfo(_Message):
    out: ClassVar[int] = 1
    inout: ClassVar[int] = 2
    undefined: ClassVar[int] = 0


PROTOS = SimpleNamespace(
    StatusResult=StatusResult,
    BindingInfo=BindingInfo,
    RpcException=_Message,
    WorkerMetadata=_Message,
    WorkerInitResponse=_Message,
    FunctionMetadataResponse=_Message,
    FunctionLoadResponse=_Message,
    RpcFunctionMetadata=_Message,
    RpcRetryOptions=_Message,
)


def request(name: str, **fields: Any) -> SimpleNamespace:
    """A control request of that name, as the library unwraps it."""
    message = SimpleNamespace(request=SimpleNamespace(**{name: SimpleNamespace(**fields)}))
    message.properties = {"host": "127.0.0.1", "protos": PROTOS}
    return message
