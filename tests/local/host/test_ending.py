"""How a host ends: SIGTERM drains, SIGKILL leaves its locks to expire."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.processes import Children
from tests.local.host.conftest import Stack, connection_string, start_broker, status
from tests.local.running import until

pytestmark = pytest.mark.stack


async def test_sigterm_lets_what_runs_finish_and_begins_nothing_more(stack: Stack) -> None:
    await stack.send(stack.work, {"id": "running", "seconds": 3}, {"id": "waiting"})
    await stack.send(stack.lanes, {"id": "lane running", "seconds": 3}, {"id": "lane waiting"}, session="a")
    host = await stack.host(AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls="1")
    await until(lambda: len(stack.journal("begins")) == 2)
    host.terminate()
    assert await host.wait() == 0
    assert {entry["order"] for entry in stack.journal("ends")} == {"running", "lane running"}
    assert len(stack.journal("begins")) == 2
    assert [message.delivery_count for message in await stack.peek(stack.work)] == [0]
    assert host.output().splitlines()[-1] == "host drained: 0 invocations cut off"


async def test_what_a_drained_host_left_is_done_by_the_next_one(stack: Stack) -> None:
    await (await stack.host()).end()
    await stack.send(stack.work, {"id": "left"})
    await stack.send(stack.lanes, {"id": "lane left"}, session="a")
    await stack.host()
    await until(lambda: len(stack.journal("ends")) == 2)
    assert [entry["delivery"] for entry in stack.journal("begins")] == [1, 1]


async def test_draining_has_an_end(stack: Stack) -> None:
    host = await stack.host("--drain-seconds", "0.3")
    await stack.send(stack.work, {"id": "endless", "seconds": 600})
    await until(lambda: stack.journal("begins"))
    host.terminate()
    assert await host.wait() == 0
    assert host.output().splitlines()[-1] == "host drained: 1 invocations cut off"
    assert stack.journal("ends") == []


async def test_sigkill_leaves_the_lock_until_it_expires(stack: Stack) -> None:
    killed = await stack.host()
    await stack.send(stack.work, {"id": "interrupted", "seconds": 600})
    await until(lambda: stack.journal("begins"))
    killed.kill()
    second = await stack.host()
    ended = (await until(lambda: stack.journal("ends")))[0]
    assert (ended["process"], ended["delivery"]) == (second.pid, 2)
    await stack.send(stack.work, {"id": "after"})
    await until(lambda: len(stack.journal("ends")) == 2)
    assert (await status(second))["work"]["failed"] == 0


async def test_sigkill_frees_the_session_for_the_next_host_and_counts_no_delivery(stack: Stack) -> None:
    await stack.send(stack.lanes, {"id": "interrupted", "seconds": 2}, {"id": "next"}, session="a")
    killed = await stack.host()
    await until(lambda: stack.journal("begins"))
    killed.kill()
    second = await stack.host()
    await until(lambda: len(stack.journal("ends")) == 2)
    begun = [(entry["order"], entry["process"], entry["delivery"]) for entry in stack.journal("begins")]
    assert begun == [("interrupted", killed.pid, 1), ("interrupted", second.pid, 1), ("next", second.pid, 1)]


async def test_a_host_goes_on_when_its_broker_comes_back(tmp_path: Path) -> None:
    """The broker's messages die with it; what matters is that the host listens again, sessions included."""
    async with Children(tmp_path) as children:
        first = children.adopt(await start_broker(tmp_path))
        stack = Stack(connection_string(first.port), tmp_path, children)
        await stack.send(stack.work, {"id": "lost", "seconds": 2})
        await stack.send(stack.lanes, {"id": "lane lost", "seconds": 2}, session="a")
        host = await stack.host()
        await until(lambda: len(stack.journal("begins")) == 2)
        first.kill()
        await until(lambda: len(stack.journal("ends")) == 2)
        children.adopt(await start_broker(tmp_path, first.port))
        await stack.send(stack.work, {"id": "new"})
        await stack.send(stack.lanes, {"id": "lane new"}, session="a")
        await until(lambda: len(stack.journal("ends")) == 4, patience=60)
        counted = await status(host)
        assert (counted["work"]["unsettled"], counted["lane"]["unsettled"]) == (1, 1)
        children.kill()
