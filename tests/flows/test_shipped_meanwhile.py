"""What becomes of an order that is not in SHIPPING any more, or not on record as such, when its creation comes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.model.order import Order
from shared.model.outcome import Done, Later
from shared.model.steps import Step
from shared.ports.own import Change
from tests.builders import NOW, line, order
from tests.flows.test_create_order import ORDER, OUTSTANDING, Desk

IN_DOUBT = replace(OUTSTANDING, state="unknown", sent=NOW - timedelta(minutes=1))
SETTLED = replace(OUTSTANDING, state="unknown", sent=NOW - timedelta(minutes=11))


def showing(*states: str) -> Order:
    name = ORDER.key.order
    return order(
        lines=[line(id=f"{name}-{index}", index=index, state=one) for index, one in enumerate(states, start=1)]
    )


@pytest.mark.parametrize(
    ("states", "step", "state", "kinds"),
    [
        (["SHIPPED"], OUTSTANDING, "not_needed", ["shipped_without_order"]),
        (["RECEIVED", "CANCELED"], OUTSTANDING, "not_needed", ["shipped_without_order"]),
        (["CLOSED"], OUTSTANDING, "not_needed", ["shipped_without_order"]),
        (["SHIPPED"], SETTLED, "not_needed", ["shipped_without_order"]),
        (["CANCELED"], SETTLED, "not_needed", []),
        (["CANCELED", "REFUSED"], OUTSTANDING, "not_needed", []),
        (["WAITING_DEBIT_PAYMENT"], OUTSTANDING, "outstanding", []),
        (["WAITING_DEBIT_PAYMENT"], IN_DOUBT, "unknown", []),
        (["A_NEW_STATE", "CANCELED"], OUTSTANDING, "outstanding", []),
        (["SHIPPED", "A_NEW_STATE"], OUTSTANDING, "outstanding", []),
    ],
)
async def test_an_order_that_is_owed_is_never_taken_for_cancelled(
    states: Sequence[str], step: Step, state: str, kinds: Sequence[str]
) -> None:
    desk = await Desk(shown=showing(*states)).prepared(step)
    assert isinstance(await desk.create(), Done)
    assert (await desk.step()).state == state
    assert await desk.exceptions() == kinds
    assert desk.erp.placed == 0


async def test_shipped_while_in_doubt_is_believed_lost_only_after_the_settle_time() -> None:
    desk = await Desk(shown=showing("SHIPPED")).prepared(IN_DOUBT)
    assert isinstance(await desk.create(), Later)
    assert await desk.exceptions() == []


async def test_shipped_while_in_doubt_and_found_is_created_and_not_held() -> None:
    desk = await Desk().prepared()
    await desk.create()
    [number] = desk.erp.orders
    again = replace(await desk.step(), state="unknown", sent=NOW - timedelta(minutes=1), reference="", lines=())
    await desk.progress.commit(ORDER.key, Change(steps=(again,)))
    desk.shown = showing("SHIPPED")
    assert isinstance(await desk.create(), Done)
    step = await desk.step()
    assert (step.state, step.reference, step.lines) == ("done", number, (f"{ORDER.key.order}-1",))
    assert not desk.erp.orders[number].on_hold
    assert await desk.exceptions() == []
