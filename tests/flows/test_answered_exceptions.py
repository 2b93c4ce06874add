"""Exceptions that Mirakl's next answer closes by itself, and those that it leaves to people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.sighting.seen_order import decide
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.order import SightedLine, Sighting, Snapshot
from shared.model.policy import CreationPolicy
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from tests.builders import NOW, shop

SHOP = shop()
KEY = OrderKey(SHOP.id, "A-1")
ACCEPTANCE = Step("acknowledge_order", "waiting", waiting_for="decision shown", sent=NOW, lines=("A-1-1",), version="1")
CREATION = Step("create_order", "waiting", waiting_for="acceptance", due=NOW, version="1")


def stand(kind: str, step: str) -> OpenException:
    return replace(opened(KEY, Rejected(kind, subject="order", reason="it stands"), step=step, now=NOW), version="1")


def shown(state: str, *, readable: bool = True) -> Sighting:
    snapshot = Snapshot(NOW, {"order_state": state, "acceptance_decision_date": "2026-03-02T09:00:00Z"}, {})
    lines = (SightedLine("A-1-1", state),)
    unreadable = "" if readable else "last_updated_date is missing"
    return Sighting("A-1", state, NOW - timedelta(hours=1), lines, NOW, snapshot if readable else None, unreadable)


@pytest.mark.parametrize(
    ("standing", "sighting", "closed"),
    [
        (stand("acceptance_at_risk", "acknowledge_order"), shown("WAITING_DEBIT"), True),
        (stand("acceptance_refused", "acknowledge_order"), shown("SHIPPING"), True),
        (stand("dead_letter", "acknowledge_order"), shown("CANCELED"), True),
        (stand("auto_refused", "acknowledge_order"), shown("REFUSED"), False),
        (stand("waits_too_long", "create_order"), shown("SHIPPING"), True),
        (stand("waits_too_long", "create_order"), shown("CANCELED"), True),
        (stand("waits_too_long", "create_order"), shown("WAITING_DEBIT"), False),
        (stand("order_unreadable", "poll_orders"), shown("WAITING_DEBIT"), True),
        (stand("order_unreadable", "poll_orders"), shown("WAITING_DEBIT", readable=False), False),
        (stand("snapshot_too_large", "poll_orders"), shown("SHIPPING"), True),
        (stand("mapping_missing", "create_order"), shown("SHIPPING"), False),
        (stand("mapping_missing", "create_order"), shown("CANCELED"), True),
        (stand("cancelled_after_creation", "change_order"), shown("CANCELED"), False),
    ],
)
def test_what_a_showing_answers(standing: OpenException, sighting: Sighting, closed: bool) -> None:
    record = OrderRecord(KEY, steps={one.name: one for one in (ACCEPTANCE, CREATION)}, exceptions=(standing,))
    seen = decide(sighting, record, shop=SHOP, policy=CreationPolicy(), now=NOW)
    assert seen.change is not None
    assert seen.change.closed == ((standing,) if closed else ())
