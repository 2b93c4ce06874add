from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from shared.model.order import SightedLine
from shared.rules.order_states import (
    PHASES,
    is_cancelled,
    is_final,
    kept_lines,
    open_lines,
    phase,
    shippable_lines,
    waiting_lines,
    was_auto_refused,
    withdrawn_lines,
)
from tests.builders import NOW, line, order

Select = Callable[[tuple[SightedLine, ...]], tuple[SightedLine, ...]]


def seen(*states: str) -> tuple[SightedLine, ...]:
    return tuple(SightedLine(str(number), state) for number, state in enumerate(states, start=1))


EVERY_STATE = seen(*PHASES, "ON_THE_MOON")


@pytest.mark.parametrize(
    ("select", "states"),
    [
        (waiting_lines, {"WAITING_ACCEPTANCE"}),
        (shippable_lines, {"SHIPPING"}),
        (withdrawn_lines, {"REFUSED", "CANCELED"}),
        (kept_lines, {line.state for line in EVERY_STATE} - {"REFUSED", "CANCELED"}),
        (open_lines, {line.state for line in EVERY_STATE} - {"REFUSED", "CANCELED", "CLOSED", "REFUNDED"}),
    ],
)
def test_selections_over_every_state(select: Select, states: set[str]) -> None:
    assert {line.state for line in select(EVERY_STATE)} == states


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        ("STAGING", "staging"),
        ("WAITING_DEBIT_PAYMENT", "waiting_payment"),
        ("TO_COLLECT", "shipped"),
        ("INCIDENT_OPEN", "shipped"),
        ("CLOSED", "closed"),
        ("ON_THE_MOON", "unknown"),
        ("", "unknown"),
        ("shipping", "unknown"),
    ],
)
def test_phases(state: str, meaning: str) -> None:
    assert phase(state) == meaning


@pytest.mark.parametrize(
    ("states", "cancelled", "final"),
    [
        (("CANCELED",), True, True),
        (("CANCELED", "REFUSED"), True, True),
        (("CANCELED", "CLOSED"), False, True),
        (("CANCELED", "SHIPPING"), False, False),
        (("RECEIVED",), False, False),
        (("CLOSED", "REFUNDED"), False, True),
        (("CANCELED", "ON_THE_MOON"), False, False),
        ((), False, False),
    ],
)
def test_what_is_over(states: tuple[str, ...], cancelled: bool, final: bool) -> None:
    assert (is_cancelled(seen(*states)), is_final(seen(*states))) == (cancelled, final)


@pytest.mark.parametrize(
    ("states", "decided", "auto_refused"),
    [
        (("REFUSED",), None, True),
        (("REFUSED", "REFUSED"), None, True),
        (("REFUSED",), NOW, False),
        (("SHIPPING",), None, False),
        (("CANCELED",), None, False),
        (("REFUSED", "SHIPPING"), None, False),
    ],
)
def test_auto_refused_only_by_the_time_out(
    states: tuple[str, ...], decided: datetime | None, auto_refused: bool
) -> None:
    refused = order(decided=decided, lines=[line(id=str(number), state=state) for number, state in enumerate(states)])
    assert was_auto_refused(refused) is auto_refused
