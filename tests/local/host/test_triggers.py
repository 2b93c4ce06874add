"""Every kind of trigger through the real worker library, the real Service Bus SDK, and processes of their own."""

from __future__ import annotations

import re
from collections import defaultdict

import aiohttp
import pytest

from tests.local.host.conftest import LOCK_SECONDS, Stack, status
from tests.local.running import until

pytestmark = pytest.mark.stack
EPOCH = "2026-11-20T08:00:00+00:00"


async def test_a_timer_fires_by_accelerated_time_and_never_overlaps_itself(stack: Stack) -> None:
    """At 240 an accelerated minute is a quarter of a second, and the function takes twice as long."""
    await stack.host(TICK_SCHEDULE="0 * * * * *", TICK_SECONDS="0.5", ACCELERATE="240", ACCELERATE_EPOCH=EPOCH)
    await until(lambda: len(stack.journal("tick ends")) >= 3)
    events = [entry["event"] for entry in stack.journal()]
    assert events[:6] == ["tick begins", "tick ends"] * 3


async def test_return_completes_and_raise_abandons_until_the_message_is_dead(stack: Stack) -> None:
    host = await stack.host()
    await stack.send(stack.work, {"id": "good"}, {"id": "bad", "fails": True})
    dead = await stack.dead_letters(stack.work, 1)
    assert [entry["delivery"] for entry in stack.journal("begins") if entry["order"] == "bad"] == [1, 2, 3, 4, 5]
    assert [entry["order"] for entry in stack.journal("ends")] == ["good"]
    assert (dead[0].dead_letter_reason, dead[0].delivery_count) == ("MaxDeliveryCountExceeded", 5)
    assert await stack.peek(stack.work) == []

    counted = (await status(host))["work"]
    assert (counted["succeeded"], counted["failed"], counted["running"]) == (1, 5, 0)
    failure = re.compile(r"^WARNING local\.host: work failed: ValueError at function_app\.py:\d+$", re.MULTILINE)
    assert len(failure.findall(host.output())) == 5
    assert "business" not in host.output()


async def test_a_session_is_served_in_order_and_one_message_at_a_time(stack: Stack) -> None:
    for lane in ("a", "b"):
        await stack.send(stack.lanes, *({"id": f"{lane}{n}", "seconds": 0.1} for n in range(4)), session=lane)
    await stack.host()
    await until(lambda: len(stack.journal("ends")) == 8)
    by_session = defaultdict(list)
    for entry in stack.journal():
        by_session[entry["session"]].append((entry["event"], entry["order"]))
    for lane in ("a", "b"):
        assert by_session[lane] == [(event, f"{lane}{n}") for n in range(4) for event in ("begins", "ends")]


async def test_a_failing_message_holds_its_session_until_it_is_dead(stack: Stack) -> None:
    await stack.send(stack.lanes, {"id": "bad", "fails": True}, {"id": "next"}, session="a")
    await stack.host()
    await until(lambda: stack.journal("ends"))
    assert [entry["order"] for entry in stack.journal("begins")] == ["bad"] * 5 + ["next"]


async def test_http_functions_answer_under_api(stack: Stack) -> None:
    host = await stack.host()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{host.port}") as session:
        async with session.post("/api/orders/7", data="z", headers={"X-Agent": "test"}) as answer:
            assert (answer.status, answer.headers["x-order"]) == (201, "yes")
            assert await answer.json() == {"id": "7", "body": "z", "agent": "test"}
        async with session.get("/api/ping") as answer:
            assert (answer.status, await answer.text()) == (200, "pong")
        async with session.get("/api/orders/7") as answer:
            assert answer.status == 405
        async with session.post("/api/orders/x") as answer:
            assert answer.status == 404
        async with session.post("/api/orders/7?fails=1") as answer:
            assert (answer.status, await answer.text()) == (500, "")
    assert "business" not in host.output()


async def test_the_body_overwrites_the_triggers_metadata(stack: Stack) -> None:
    """The trap that the bridge's one versioned key avoids: with these bodies a message lies, or is poison."""
    await stack.host()
    await stack.send(stack.work, {"id": "liar"}, MessageId="of the body")
    await stack.send(stack.work, {"id": "poison"}, DeliveryCount="many")
    assert len(await stack.dead_letters(stack.work, 1)) == 1
    assert [(entry["order"], entry["message_id"]) for entry in stack.journal("begins")] == [("liar", "of the body")]


async def test_work_longer_than_the_lock_keeps_its_lock(stack: Stack) -> None:
    long = {"id": "long", "seconds": 2 * LOCK_SECONDS}
    await stack.send(stack.work, long)
    await stack.send(stack.lanes, long, session="a")
    host = await stack.host()
    await until(lambda: len(stack.journal("ends")) == 2)
    assert [entry["delivery"] for entry in stack.journal("begins")] == [1, 1]
    counted = await status(host)
    assert (counted["work"]["unsettled"], counted["lane"]["unsettled"]) == (0, 0)


async def test_two_hosts_share_a_queue_and_do_everything_once(stack: Stack) -> None:
    hosts = {(await stack.host()).pid, (await stack.host()).pid}
    await stack.send(stack.work, *({"id": str(n), "seconds": 0.2} for n in range(24)))
    await until(lambda: len(stack.journal("ends")) == 24)
    assert sorted(int(entry["order"]) for entry in stack.journal("begins")) == list(range(24))
    assert {entry["process"] for entry in stack.journal("begins")} == hosts


async def test_the_worker_does_not_take_this_machine_for_azures(stack: Stack) -> None:
    await stack.host()
    await stack.send(stack.work, {"id": "any"})
    assert (await until(lambda: stack.journal("begins")))[0]["container"] is None
