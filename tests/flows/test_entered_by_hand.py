"""What the ERP refuses from the bridge a person may enter by hand; then it counts as created, and is compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.errors import Rejected, Unavailable
from shared.model.outcome import Done, Exceptional
from tests.flows.test_create_order import Desk

REFUSED = Rejected("text_does_not_fit", subject="DeliveryAddressName", reason="it has 70 characters")


async def refused_by_the_erp(*, reference: str = "NO-N000001-A") -> Desk:
    """The order stands in the ERP, entered by hand, and the bridge's own draft is refused."""
    desk = await Desk().prepared()
    await desk.create()
    [number] = desk.erp.orders
    desk.erp.orders[number] = replace(desk.erp.orders[number], reference=reference)
    again = Desk(erp=desk.erp)
    again.erp.failures = [REFUSED]
    return await again.prepared()


async def test_an_order_entered_under_our_number_and_reference_is_recognised() -> None:
    desk = await refused_by_the_erp()
    assert isinstance(await desk.create(), Done)
    step = await desk.step()
    assert (step.state, step.reference) == ("done", "NO-N000001-A")
    assert await desk.exceptions() == []


async def test_its_amounts_are_compared_as_if_it_were_our_own() -> None:
    desk = await refused_by_the_erp()
    [held] = desk.erp.orders.values()
    desk.erp.orders[held.number] = replace(held, lines=held.lines[1:])
    await desk.create()
    assert await desk.exceptions() == ["amounts_differ"]


@pytest.mark.parametrize("reference", ["", "NO-N000002-A"])
async def test_an_order_with_another_reference_is_not_ours(reference: str) -> None:
    desk = await refused_by_the_erp(reference=reference)
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert outcome.reasons == (REFUSED,)


async def test_when_nobody_can_look_the_refusal_stands() -> None:
    desk = await refused_by_the_erp()

    async def down(**_: str) -> None:
        raise Unavailable("HTTP 503", scope="erp")

    desk.erp.find = down  # type: ignore[method-assign]
    assert isinstance(await desk.create(), Exceptional)
