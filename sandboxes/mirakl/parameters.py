"""Reads what a caller sent, strictly: a value that cannot be used is answered with 400 and the field's name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sandboxes.mirakl import dates
from sandboxes.mirakl.refusals import wrong
from sandboxes.wire import Request

LIST_LIMIT = 100
T = TypeVar("T")


class Query:
    """The query of one request. A blank value counts as not given (Mirakl documents nothing about it)."""

    def __init__(self, request: Request) -> None:
        self._pairs = request.query
        self._values = {name: request.parameter(name) for name, _ in request.query}

    def text(self, name: str) -> str | None:
        return self._values.get(name) or None

    def read(self, name: str, reader: Callable[[str, Any], T]) -> T | None:
        value = self.text(name)
        return None if value is None else reader(name, value)

    def repeated(self, name: str) -> tuple[str, ...] | None:
        """A parameter that is given once for each value (`order_id=A&order_id=B`)."""
        return tuple(value for given, value in self._pairs if given == name and value) or None

    def items(self, name: str) -> tuple[str, ...] | None:
        """A comma-separated list of at most 100."""
        return self.read(name, lambda field, value: at_most(field, tuple(str(value).split(","))))


class Body:
    """The JSON object that a request carries; `null` counts as not given."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content

    def read(self, name: str, reader: Callable[[str, Any], T]) -> T | None:
        value = self._content.get(name)
        return None if value is None else reader(name, value)


def integer(low: int, high: int | None = None) -> Callable[[str, Any], int]:
    """From text or a JSON number, within the documented bounds."""

    def reader(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).removeprefix("-").isdecimal():
            raise wrong(name, "Please check the field datatype.")
        number = int(value)
        if number < low or (high is not None and number > high):
            raise wrong(name, f"It must be at least {low}" + ("." if high is None else f" and at most {high}."))
        return number

    return reader


def boolean(name: str, value: Any) -> bool:
    if value is True or value == "true":
        return True
    if value is False or value == "false":
        return False
    raise wrong(name, "It must be true or false.")


def moment(name: str, value: Any) -> datetime:
    if isinstance(value, str):
        try:
            return dates.read(value)
        except ValueError:
            pass
    raise wrong(name, "It must be a date-time with an offset: YYYY-MM-DDThh:mm:ss[.SSS]±hh:mm, URL-encoded.")


def choice(allowed: Collection[str]) -> Callable[[str, Any], str]:
    def reader(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise wrong(name, f"It must be one of {', '.join(allowed)}.")
        return value

    return reader


def choices(allowed: Collection[str]) -> Callable[[str, Any], tuple[str, ...]]:
    """A list, or its comma-separated text, of known words."""
    one = choice(allowed)

    def reader(name: str, value: Any) -> tuple[str, ...]:
        given = value.split(",") if isinstance(value, str) else value
        return tuple(one(name, word) for word in texts(name, given))

    return reader


def texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise wrong(name, "It must be a list of texts.")
    return at_most(name, tuple(value))


def at_most(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > LIST_LIMIT:
        raise wrong(name, f"At most {LIST_LIMIT} values are allowed.")
    return values
