"""Whatever goes wrong on an order's way into Prima, it stands there once, under one number that no other order has."""

from __future__ import annotations

import random

import pytest

from tests.erp.prima.creating_desk import CreatingDesk
from tests.fakes.memory_tables import MemoryTables

NAMES = tuple(f"N{number:06d}-A" for number in range(1, 7))
FAULTS = (
    ("order", "reset_before"),
    ("order", "reset_after"),
    ("order", "hang_after"),
    ("order", "late_commit"),
    ("order", "html_after"),
    ("order", "truncated"),
    ("order", "another_order"),
    ("order", "fault_10893_after"),
    ("order", "cut_inside"),
    ("order", "throttle"),
    ("status", "broken_status"),
    ("status", "another_order"),
    ("status", "html"),
    ("status", "hang_before"),
)


async def judged(desk: CreatingDesk) -> None:
    sent = desk.sent()
    assert sorted(sent) == [f"NO-{name}" for name in NAMES]
    assert all(len(numbers) == 1 for numbers in sent.values()), sent
    numbers = [numbers[0] for numbers in sent.values()]
    assert len(set(numbers)) == len(NAMES)
    for name in NAMES:
        step = await desk.step(name)
        assert step is not None
        assert [step.reference] == sent[f"NO-{name}"]


@pytest.mark.parametrize("seed", range(40))
async def test_faults_restarts_and_tables_of_yesterday(seed: int) -> None:
    chance, desk = random.Random(seed), CreatingDesk()
    backup: MemoryTables | None = None
    for name in NAMES:
        await desk.comes(name)
        for operation, kind in chance.sample(FAULTS, k=chance.randrange(3)):
            desk.fail(kind, operation)
        await desk.create(name)
        if chance.random() < 0.3:
            desk.restart()
        if chance.random() < 0.3 and backup is None:
            backup = desk.backup()
    if backup is not None:
        desk.let_queue_run()
        desk.restore(backup)
    await desk.finished(*NAMES)
    await judged(desk)
