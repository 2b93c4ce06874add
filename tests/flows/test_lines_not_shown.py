"""An ERP that shows an order's status alone: nothing is concluded about a line, and what may stand there is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import UnknownOutcome
from shared.model.keys import ERP_SCOPE
from shared.model.order import Order
from shared.model.outcome import Done, Later
from shared.model.policy import CreationPolicy
from shared.model.sales_order import Capabilities
from shared.model.steps import Step
from shared.ports.own import Change
from tests.builders import line, order
from tests.fakes.sales_orders import ENFORCED, FakeSalesOrders
from tests.fakes.status_sales_orders import STATUS_ONLY, StatusSalesOrders
from tests.flows.test_create_order import MESSAGE, ORDER, Desk

A, B = (f"{ORDER.key.order}-{number}" for number in (1, 2))
LOST = UnknownOutcome("no answer", scope=ERP_SCOPE)


def shown(**states: str) -> Order:
    """`shown(A="SHIPPING", B="CANCELED")`."""
    lines = [line(id=A, state=states["A"]), line(id=B, index=2, sku="SKU-002", state=states["B"])]
    return order(lines=lines)


async def desk_of(first: Order, **erp: Any) -> Desk:
    return await Desk(shown=first, erp=StatusSalesOrders(**erp)).prepared()


async def again(desk: Desk, outcome: object, then: Order) -> None:
    """The message comes again a minute later, and Mirakl shows it so by then."""
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    await desk.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
    desk.clock.advance(timedelta(minutes=1))
    desk.shown = then
    await desk.create(replace(MESSAGE, attempt=2))


async def steps(desk: Desk) -> dict[str, Step]:
    return {str(name): step for name, step in (await desk.progress.load(ORDER.key)).steps.items()}


async def test_an_order_is_created_without_differences_and_nothing_is_compared() -> None:
    desk = await desk_of(shown(A="SHIPPING", B="SHIPPING"))
    assert isinstance(await desk.create(), Done)
    found = await steps(desk)
    assert set(found) == {"create_order", "report_order_numbers", "confirm_shipment"}
    assert found["create_order"].lines == (A, B)
    assert await desk.exceptions() == []


async def test_a_line_that_was_cancelled_before_the_first_sending_is_no_cancellation_in_the_erp() -> None:
    desk = await desk_of(shown(A="SHIPPING", B="CANCELED"))
    await desk.create()
    found = await steps(desk)
    assert (found["create_order"].lines, "change_order" in found) == ((A,), False)
    assert await desk.exceptions() == []


@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_line_that_was_cancelled_between_first_sending_and_retry_is_told(after_effect: bool) -> None:
    """The ERP does not show which sending it took: a person looks."""
    desk = await desk_of(shown(A="SHIPPING", B="SHIPPING"), failures=[LOST], after_effect=after_effect)
    await again(desk, await desk.create(), shown(A="SHIPPING", B="CANCELED"))
    found = await steps(desk)
    assert found["create_order"].lines == (A, B)
    assert (found["change_order"].lines, found["change_order"].waiting_for) == ((B,), "cancellation in the ERP")
    [told] = (await desk.progress.load(ORDER.key)).exceptions
    assert (told.kind, told.owner) == ("cancelled_after_creation", "operations")
    assert told.reason.endswith("the ERP cannot stop it")


async def test_a_line_that_became_due_between_first_sending_and_retry_is_not_taken_for_created() -> None:
    """`poll_orders` tells operations of lines that the ERP's order does not hold."""
    desk = await desk_of(shown(A="SHIPPING", B="WAITING_DEBIT_PAYMENT"), failures=[LOST], after_effect=True)
    await again(desk, await desk.create(), shown(A="SHIPPING", B="SHIPPING"))
    assert (await steps(desk))["create_order"].lines == (A,)


@pytest.mark.parametrize(
    ("state", "lost"), [("CANCELED", (A, B)), ("SHIPPED", (B,))], ids=["as a whole", "but for what was shipped"]
)
async def test_a_doubt_about_a_cancelled_order_names_what_was_sent(state: str, lost: Sequence[str]) -> None:
    desk = await desk_of(shown(A="SHIPPING", B="SHIPPING"), failures=[LOST], after_effect=True)
    await again(desk, await desk.create(), shown(A=state, B="CANCELED"))
    found = await steps(desk)
    assert (found["create_order"].state, found["change_order"].lines) == ("done", tuple(lost))
    assert await desk.exceptions() == ["cancelled_after_creation"]


@pytest.mark.parametrize(
    ("can", "held"),
    [
        (ENFORCED, True),
        (replace(ENFORCED, holds=False), False),
        (replace(ENFORCED, shows_totals=False), False),
        (replace(STATUS_ONLY, numbers="derived"), False),
    ],
)
async def test_only_what_can_be_compared_and_let_go_is_put_on_hold(can: Capabilities, held: bool) -> None:
    policy = CreationPolicy(hold_until_compared=True)
    desk = await Desk(erp=FakeSalesOrders(capabilities=can), policy=policy).prepared()
    await desk.create()
    assert [one.on_hold for one in desk.erp.orders.values()] == [held]
