"""The ERP's order numbers on their way to Mirakl: who is told, what is refused, and when no call is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Rejected, Throttled
from shared.exceptions import opened
from shared.flows import report_order_numbers
from shared.flows.report_order_numbers import AT_ONCE, EVERY, Ports, reported
from shared.model.keys import OrderKey, operation_scope, shop_scope
from shared.model.order import Snapshot
from shared.model.steps import Step
from shared.ports.own import Change, OrderRecord
from shared.store.call_budget import TableCallBudget
from shared.store.pauses import TablePauses
from shared.store.progress import TableProgress
from tests.builders import NOW, marketplace, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables
from tests.flows.test_watch import FakeNumbers

SHOP = shop()
WAITS = Step("report_order_numbers", "waiting", waiting_for="report", due=NOW, reference="NO-A")


def record(name: str, *, shown: Any = None, **fields: Any) -> OrderRecord:
    """`shown` is OR11's `references`."""
    created = Step("create_order", "done", reference=f"NO-{name}")
    snapshot = Snapshot(NOW, {"references": shown}, {})
    return OrderRecord(OrderKey(SHOP.id, name), snapshot, steps={one.name: one for one in (created, WAITS)}, **fields)


@dataclass
class Desk:
    mirakl: FakeNumbers = field(default_factory=FakeNumbers)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.pauses = TablePauses(self.tables, self.clock)
        self.budget = TableCallBudget(self.tables, self.clock)

    async def report(self, *records: OrderRecord, of: Any = SHOP) -> Mapping[OrderKey, Change]:
        progress = TableProgress(self.tables, self.clock)
        ports = Ports(self.mirakl, self.budget, self.pauses, progress, self.clock)
        return await report_order_numbers.run(of, records, ports=ports)


def states(changes: Mapping[OrderKey, Change]) -> dict[str, str]:
    return {key.order: step.state for key, change in changes.items() for step in change.steps}


async def test_a_hundred_numbers_are_one_call_and_the_next_follows_a_minute_later() -> None:
    desk = Desk()
    many = [record(f"A-{number:03}") for number in range(AT_ONCE + 5)]
    first = await desk.report(*many)
    left = [one for one in many if one.key not in first]
    assert (len(left), desk.mirakl.calls) == (5, 1)
    assert await desk.report(*left) == {}
    desk.clock.advance(EVERY)
    assert set(states(await desk.report(*left)).values()) == {"done"}
    assert desk.mirakl.known == {one.key.order: f"NO-{one.key.order}" for one in many}


async def test_a_number_that_is_refused_is_integration_s_and_stops_no_other() -> None:
    desk = Desk(FakeNumbers(refused={"A": "TOO_LONG (order_reference_for_seller)"}))
    changes = await desk.report(record("A"), record("B"))
    assert states(changes) == {"A": "exception", "B": "done"}
    [one] = changes[OrderKey(SHOP.id, "A")].opened
    assert (one.kind, one.owner, one.subject, one.due) == (
        "order_number_refused",
        "integration",
        "NO-A",
        NOW + timedelta(hours=24),
    )
    assert "TOO_LONG" in one.reason


def test_a_number_that_is_taken_at_last_closes_its_exception() -> None:
    told = opened(
        OrderKey(SHOP.id, "A"),
        Rejected("order_number_refused", subject="NO-A", reason="TOO_LONG"),
        step="report_order_numbers",
        now=NOW,
    )
    change = reported(record("A", exceptions=(told,)), refused="", now=NOW)
    assert change.closed == (told,)
    again = reported(record("A", exceptions=(told,)), refused="TOO_LONG", now=NOW)
    assert (again.closed, [one.count for one in again.opened]) == ((), [2])


@pytest.mark.parametrize(
    ("shown", "calls"),
    [
        ({"order_reference_for_seller": "NO-A"}, 0),
        ({"order_reference_for_seller": "SOMETHING ELSE"}, 1),
        ({"order_reference_for_seller": None}, 1),
        (None, 1),
        ("NO-A", 1),
    ],
)
async def test_a_number_that_mirakl_shows_needs_no_call(shown: Any, calls: int) -> None:
    desk = Desk()
    assert states(await desk.report(record("A", shown=shown))) == {"A": "done"}
    assert desk.mirakl.calls == calls


async def test_a_shop_that_fails_changes_nothing_but_what_mirakl_shows() -> None:
    desk = Desk(FakeNumbers(down=True))
    shown = record("B", shown={"order_reference_for_seller": "NO-B"})
    assert states(await desk.report(record("A"), shown)) == {"B": "done"}


@pytest.mark.parametrize("scope", [shop_scope(SHOP.id), operation_scope(SHOP.id, "OR04")])
async def test_a_pause_is_kept_and_a_success_after_it_ends_it(scope: str) -> None:
    desk = Desk()
    pause = await desk.pauses.begin(scope, cause=Throttled.__name__, reason="HTTP 429", retry_after=EVERY)
    assert await desk.report(record("A")) == {}
    assert desk.mirakl.calls == 0
    desk.clock.move_to(pause.probe_at)
    assert states(await desk.report(record("A"))) == {"A": "done"}
    assert await desk.pauses.standing([scope]) is None
    assert not desk.pauses.known(scope)


@pytest.mark.parametrize(("scope", "calls"), [("key", 1), ("shop", 2)])
async def test_shops_under_one_key_share_a_call_limit_where_mirakl_counts_by_key(scope: str, calls: int) -> None:
    market = replace(marketplace(), limit_scope=scope)  # type: ignore[arg-type]
    desk = Desk()
    for name in ("north-de", "north-outlet"):
        await desk.report(record("A"), of=replace(SHOP, id=name, marketplace=market))
    assert desk.mirakl.calls == calls
