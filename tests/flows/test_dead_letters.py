"""What becomes of dead letters: each is explained to a person, and goes when it is over."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest

from shared.bus.messages import encode
from shared.errors import Rejected
from shared.exceptions import opened
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change
from tests.builders import NOW
from tests.fakes.memory_bus import EXHAUSTED
from tests.flows.test_overdue import COMING, KEY, SHOP, creation
from tests.flows.test_watch import Desk

MESSAGE = StepMessage("create_order", KEY.shop, KEY.order, attempt=1)


async def test_a_dead_letter_that_nothing_explains_becomes_an_exception_and_stays() -> None:
    desk = await Desk().order(creation(due=COMING), due=COMING)
    desk.bury("create-order", encode(MESSAGE))
    await desk.watch()
    await desk.watch()
    assert await desk.kinds() == [("dead_letter", "create_order")]
    [found] = (await desk.record()).exceptions
    assert (found.owner, found.reason, found.count) == ("integration", EXHAUSTED, 1)
    assert (await desk.step()).state == "exception"
    assert len(desk.bus.dead("create-order")) == 1


CLEARED = [
    ("its step is done", creation("done"), True),
    ("its step needs nothing", creation("not_needed"), True),
    ("a newer message is on its way", creation(attempt=2, due=COMING), True),
    ("a person is asked", creation("exception", kind="erp_refused"), False),
    ("somebody is at it", creation("claimed", claim_owner="x", claim_until=COMING), False),
]


@pytest.mark.parametrize(("step", "cleared"), [one[1:] for one in CLEARED], ids=[one[0] for one in CLEARED])
async def test_a_dead_letter_that_is_explained_opens_nothing_and_goes_when_it_is_over(
    step: Step, cleared: bool
) -> None:
    desk = await Desk().order(step, due=COMING)
    desk.bury("create-order", encode(MESSAGE))
    await desk.watch()
    assert await desk.kinds() == []
    assert len(desk.bus.dead("create-order")) == (0 if cleared else 1)


async def test_a_dead_letter_of_an_order_without_a_record_is_told_once() -> None:
    desk = Desk()
    desk.bury("acknowledge-order", encode(replace(MESSAGE, step="acknowledge_order")))
    await desk.watch()
    await desk.watch()
    assert await desk.kinds() == [("dead_letter", "acknowledge_order")]


async def test_a_dead_letter_that_cannot_be_read_is_told_once_to_integration() -> None:
    desk = Desk()
    desk.bury("create-order", "from another tool")
    await desk.watch()
    await desk.watch()
    [found] = (await desk.record(OrderKey(BRIDGE_SHOP, ""))).exceptions
    assert (found.kind, found.owner, found.count) == ("message_unreadable", "integration", 1)
    assert len(desk.bus.dead("create-order")) == 1


async def test_an_unreadable_message_that_was_told_when_it_was_delivered_is_not_told_again() -> None:
    desk = Desk()
    key = OrderKey(BRIDGE_SHOP, "")
    told = Rejected("message_unreadable", subject="create-order", reason="the body is not JSON")
    await desk.progress.commit(key, Change(opened=(opened(key, told, step="create_order", now=NOW),)))
    desk.bury("create-order", "from another tool")
    await desk.watch()
    assert await desk.kinds(key) == [("message_unreadable", "create-order")]


BATCH = StepMessage("confirm_shipment", SHOP.id)
COMPANY = OrderKey(BRIDGE_SHOP, "usmf")


@pytest.mark.parametrize(
    ("queue", "message", "key"),
    [
        ("poll-orders", StepMessage("poll_orders", SHOP.id), OrderKey(SHOP.id, "")),
        ("poll-shipments", StepMessage("poll_shipments", *astuple(COMPANY)), COMPANY),
        ("confirm-shipment", BATCH, OrderKey(SHOP.id, "")),
    ],
    ids=["a poll of orders", "a poll of shipments", "a batch"],
)
async def test_what_comes_again_by_itself_is_told_once_and_goes(
    queue: str, message: StepMessage, key: OrderKey
) -> None:
    desk = Desk()
    for _ in range(2):
        desk.bury(queue, encode(message))
        await desk.watch()
    assert desk.bus.dead(queue) == ()
    assert await desk.kinds(key) == [("dead_letter", message.step)]
