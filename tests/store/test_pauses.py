"""Shared pauses: one probe per time, doubling, and how little they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.ports.own import Pause
from shared.store.pauses import TablePauses
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class World:
    """Two processes, one clock, one store."""

    def __init__(self) -> None:
        self.clock, self.tables = VirtualClock(), MemoryTables()
        self.one, self.other = (TablePauses(self.tables, self.clock) for _ in range(2))

    async def fail(self, pauses: TablePauses, *, retry_after: timedelta | None = None) -> Pause:
        return await pauses.begin("erp", cause="Unavailable", reason="HTTP 503", retry_after=retry_after)

    def wait(self, pause: Pause) -> timedelta:
        return pause.probe_at - self.clock.now()


@pytest.fixture
def world() -> World:
    return World()


async def test_without_a_pause_nothing_stands(world: World) -> None:
    assert await world.one.standing(["erp", "shop:a"]) is None
    assert await world.one.end("erp") is False


async def test_a_pause_stands_for_everyone_and_only_for_its_scope(world: World) -> None:
    begun = await world.fail(world.one)
    assert begun.until == begun.probe_at == world.clock.now() + 30 * SECOND
    for pauses in (world.one, world.other):
        assert await pauses.standing(["shop:a", "erp"]) == begun
        assert await pauses.standing(["shop:a"]) is None


async def test_one_unit_of_work_probes_at_a_time(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(30 * SECOND)
    assert await world.one.standing(["erp"]) is None
    for pauses in (world.one, world.other):
        standing = await pauses.standing(["erp"])
        assert standing is not None
        assert world.wait(standing) == 30 * SECOND
    world.clock.advance(30 * SECOND)
    assert await world.other.standing(["erp"]) is None


async def test_two_processes_that_see_the_same_old_pause_send_one_probe(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(28 * SECOND)
    assert await world.one.standing(["erp"])
    assert await world.other.standing(["erp"])
    world.clock.advance(2 * SECOND)
    assert [await pauses.standing(["erp"]) is None for pauses in (world.one, world.other)] == [True, False]


async def test_a_failed_probe_doubles_the_wait_up_to_a_quarter_of_an_hour(world: World) -> None:
    pause, waits = await world.fail(world.one), []
    for _ in range(7):
        waits.append(world.wait(pause))
        world.clock.move_to(pause.probe_at)
        assert await world.one.standing(["erp"]) is None
        pause = await world.fail(world.one)
    assert waits == [30 * SECOND, MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 15 * MINUTE]


async def test_calls_that_were_on_their_way_do_not_lengthen_a_pause(world: World) -> None:
    begun = await world.fail(world.one)
    world.clock.advance(SECOND)
    for pauses in (world.one, world.other, world.one):
        again = await world.fail(pauses)
        assert (again.probe_at, again.doublings) == (begun.probe_at, 0)


async def test_only_the_probe_lengthens_while_others_fail_beside_it(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(30 * SECOND)
    assert await world.one.standing(["erp"]) is None
    assert (await world.fail(world.other)).doublings == 0
    assert (await world.fail(world.one)).doublings == 1
    assert (await world.fail(world.one)).doublings == 1


async def test_a_failure_after_a_pause_ran_out_lengthens_it(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(MINUTE)
    assert world.wait(await world.fail(world.other)) == MINUTE


@pytest.mark.parametrize(("asked", "waits"), [(10, 30), (30, 30), (600, 600)])
async def test_retry_after_is_honoured_where_it_is_longer(world: World, asked: int, waits: int) -> None:
    pause = await world.fail(world.one, retry_after=asked * SECOND)
    assert world.wait(pause) == waits * SECOND
    assert world.wait(await world.fail(world.other, retry_after=700 * SECOND)) == 700 * SECOND


async def test_success_ends_it_once_and_for_everyone(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(30 * SECOND)
    assert await world.one.standing(["erp"]) is None
    assert await world.one.end("erp") is True
    assert await world.one.end("erp") is False
    assert await world.one.standing(["erp"]) is None
    world.clock.advance(5 * SECOND)
    assert await world.other.standing(["erp"]) is None
    assert world.tables.everything("control") == {}


async def test_a_new_outage_starts_with_the_short_wait_again(world: World) -> None:
    for _ in range(2):
        pause = await world.fail(world.one)
        assert (pause.doublings, world.wait(pause)) == (0, 30 * SECOND)
        world.clock.move_to(pause.probe_at)
        assert await world.one.standing(["erp"]) is None
        assert await world.one.end("erp") is True


async def test_a_late_success_does_not_end_a_later_failure(world: World) -> None:
    await world.fail(world.one)
    assert await world.other.standing(["erp"])
    world.clock.advance(30 * SECOND)
    assert await world.one.standing(["erp"]) is None
    longer = await world.fail(world.one)
    assert await world.other.end("erp") is False
    world.clock.advance(5 * SECOND)
    assert await world.other.standing(["erp"]) == longer


async def test_a_pause_that_ended_elsewhere_is_found_ended_when_the_probe_is_taken(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(29 * SECOND)
    assert await world.other.standing(["erp"])
    assert await world.one.end("erp") is True
    world.clock.advance(SECOND)
    assert await world.other.standing(["erp"]) is None


async def test_a_probe_is_not_taken_while_another_scope_stands(world: World) -> None:
    await world.fail(world.one)
    world.clock.advance(20 * SECOND)
    await world.one.begin("shop:a", cause="Throttled", reason="HTTP 429", retry_after=None)
    world.clock.advance(10 * SECOND)
    standing = await world.one.standing(["erp", "shop:a"])
    assert standing is not None
    assert standing.scope == "shop:a"
    assert await world.other.standing(["erp"]) is None


async def test_the_pauses_are_read_at_most_every_five_seconds(world: World) -> None:
    for _ in range(50):
        await world.one.standing(["erp", "shop:a"])
        await world.one.end("erp")
        world.clock.advance(SECOND / 10)
    assert world.tables.requests == {"query control": 1}
    await world.one.standing(["erp"])
    assert world.tables.requests == {"query control": 2}
