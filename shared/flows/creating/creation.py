"""What may become of an order whose creation is open, decided from the record and from what Mirakl shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Transient
from shared.flows.sighting.seen_order import ids, is_past_shipping
from shared.flows.turns import Stale
from shared.model.order import Order
from shared.model.outcome import Blocked, Later
from shared.model.steps import Step
from shared.ports.erp import Customers, SalesOrderChanges, SalesOrders
from shared.ports.marketplace import OrderReader, Platform
from shared.ports.own import Clock, Mappings, NumberRanges, Progress, ShopperAccounts
from shared.rules import order_states as states
from shared.rules import retry

SHORTEST = retry.FIRST * (1 - retry.SPREAD)
"""The shortest back-off: whatever messages there are, an order is not sent again before it."""
WOULD_HAVE = "would have"
"""The status of an order that the gate kept from being written."""


@dataclass(frozen=True, slots=True)
class Create:
    """Place it; placing again is safe where the ERP enforces our number, elsewhere once an earlier send is settled."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing is left to create while an earlier placing is in doubt: ask the ERP.

    "Not found" is believed only from `settled` on. `kept` are the lines that somebody pays for (none: it was
    cancelled), `lost` those that were cancelled.
    """

    settled: datetime
    kept: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Created, and cancelled in Mirakl since, wholly or partly: change_order's work."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """`missed`: it was owed, and is past creating; a person must know."""

    reason: str
    missed: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """What is on record is neither in SHIPPING nor over: a newer answer of Mirakl's could not be stored."""


Decision = Create | Settle | Cancel | NotNeeded | NotYet | Stale
MISSED = NotNeeded("shipped in Mirakl before it was created", missed=True)


@dataclass(frozen=True, slots=True)
class Ports:
    """`probed` tells by shop from which count on this process has seen its range of order numbers to be free."""

    sales_orders: SalesOrders
    changes: SalesOrderChanges
    customers: Customers
    reader: OrderReader
    platform: Platform
    progress: Progress
    mappings: Mappings
    numbers: NumberRanges
    probed: dict[str, int]
    accounts: ShopperAccounts
    clock: Clock


@dataclass(frozen=True, slots=True)
class Claiming:
    """`token` is new per invocation; `length` outlasts the HTTP time-out and what follows it."""

    token: str
    length: timedelta
    jitter: Callable[[], float]


def decide(order: Order, step: Step, *, settle: timedelta) -> Decision:
    """What to do about an order whose creation is open, from what Mirakl shows now and what may have been sent."""
    shippable = states.shippable_lines(order.lines)
    withdrawn = ids(states.withdrawn_lines(order.lines))
    lost = tuple(line for line in withdrawn if line in step.lines)
    if step.reference:
        return Cancel(lost) if lost else Stale("already created")
    if shippable:
        return Create()
    kept = ids(states.kept_lines(order.lines))
    if kept and not is_past_shipping(order.lines):
        return NotYet()
    sent = last_send(step)
    if sent is not None:
        return Settle(sent + settle, kept, withdrawn)
    return MISSED if kept else NotNeeded("cancelled in Mirakl before creation")


def last_send(step: Step) -> datetime | None:
    """When a placing may last have left us whose outcome nobody knows; a claim that died may have sent to its end."""
    return step.claim_until if step.state == "claimed" else step.sent


def after_claim(until: datetime, now: datetime, claiming: Claiming) -> Later:
    wait = max(until - now, timedelta(0)) + timedelta(seconds=1 + 5 * claiming.jitter())
    return Later(wait, "another invocation is at it")


def blocked(problem: Transient, step: Step | None) -> Blocked:
    return Blocked(problem.scope, str(problem), step, type(problem).__name__, problem.retry_after)


def released(step: Step) -> Step:
    """Nothing happened outside: the claim goes as if it had not been made."""
    return replace(step, state="outstanding", claims=0, claim_owner="", claim_until=None)


def doubtful(step: Step) -> Step:
    """What is in doubt stays so, whoever's claim is over."""
    return replace(released(step), state="unknown", sent=last_send(step))
