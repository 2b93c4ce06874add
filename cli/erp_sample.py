"""Settings of an ERP that nobody has set up: its defaults, and a sample of what each client must choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from shared.erp.registration import Registration
from shared.erp.setting import ErpSetting
from shared.model.sales_order import Capabilities

_TEXTS = ("https://erp.example.com", "sample", "UTC", "A1", "/sample")
_OTHERS: tuple[Any, ...] = (False, 8, 1, 0, [], None)
"""What may stand in a field, tried one after the other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field without a default: its name, what may stand in it where that is a list, and what the sample holds."""

    field: str
    among: tuple[str, ...]
    sample: str


@dataclass(frozen=True, slots=True)
class Sample:
    """`capabilities` None: they cannot be told without the client's settings."""

    capabilities: Capabilities | None
    choices: tuple[Choice, ...]


def sample(kind: str, registration: Registration) -> Sample:
    fields = registration.setting.model_fields
    given = {name: _value(field) for name, field in fields.items() if field.is_required()} | {"kind": kind}
    choices = tuple(_choice(name, fields[name], value) for name, value in given.items() if name != "kind")
    try:
        setting: ErpSetting = registration.setting.model_validate(given)
    except ValidationError:
        return Sample(None, choices)
    return Sample(registration.capabilities(setting), choices)


def _choice(name: str, field: FieldInfo, value: object) -> Choice:
    among = tuple(map(str, get_args(field.annotation))) if get_origin(field.annotation) is Literal else ()
    return Choice(name, among, str(value) if among else "")


def _value(field: FieldInfo) -> Any:
    """The first that the field takes; None where none is."""
    declared: Any = field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[(declared, *field.metadata)] if field.metadata else declared)
    for candidate in _candidates(declared):
        try:
            adapter.validate_python(candidate)
        except ValidationError:
            continue
        return candidate
    return None


def _candidates(declared: Any) -> Iterator[Any]:
    if get_origin(declared) is Literal:
        yield from get_args(declared)
    elif get_origin(declared) is dict:
        yield from ({}, *({"sample": value} for value in _candidates(get_args(declared)[1])))
    elif isinstance(declared, type) and issubclass(declared, BaseModel):
        yield {name: _value(field) for name, field in declared.model_fields.items() if field.is_required()}
    else:
        yield from _TEXTS
        yield from _OTHERS
