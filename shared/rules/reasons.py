"""Asking several rules and reporting every refusal at once, so that a person mends an order in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

from shared.errors import BridgeError, Rejected

P = ParamSpec("P")
T = TypeVar("T")


class Refused(BridgeError):
    """An order cannot become a sales order; `reasons` are all of them, each (kind, subject) once, as they were met."""

    def __init__(self, reasons: Iterable[Rejected]) -> None:
        distinct: dict[tuple[str, str], Rejected] = {}
        for reason in reasons:
            distinct.setdefault((reason.kind, reason.subject), reason)
        self.reasons = tuple(distinct.values())
        super().__init__("; ".join(str(reason) for reason in self.reasons))


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a rule said: a value, or the reasons why there is none."""

    found: tuple[T, ...]
    reasons: tuple[Rejected, ...] = ()

    @property
    def value(self) -> T:
        """Raises Refused."""
        if self.reasons:
            raise Refused(self.reasons)
        return self.found[0]


def ask(rule: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
    """Apply a rule that may raise Rejected or Refused."""
    try:
        return Answer((rule(*args, **kwargs),))
    except Rejected as reason:
        return Answer((), (reason,))
    except Refused as refused:
        return Answer((), refused.reasons)


def require(*answers: Answer[Any]) -> None:
    """Raises Refused with the reasons of every answer that has no value."""
    reasons = [reason for answer in answers for reason in answer.reasons]
    if reasons:
        raise Refused(reasons)


def all_of(answers: Iterable[Answer[T]]) -> tuple[T, ...]:
    """Every value. Raises Refused with every reason."""
    asked = tuple(answers)
    require(*asked)
    return tuple(answer.value for answer in asked)
