"""What became of each step of an order: our own record, from which every decision is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

StepName = Literal[
    "acknowledge_order", "create_order", "compare_totals", "report_order_numbers", "confirm_shipment", "change_order"
]
PollName = Literal["poll_orders", "poll_shipments"]
POLLS: frozenset[str] = frozenset(get_args(PollName))
"""Their timers bring the next one: nothing is sent again for them."""
State = Literal["outstanding", "claimed", "unknown", "waiting", "exception", "done", "not_needed"]

CLOSED: frozenset[State] = frozenset({"done", "not_needed"})
MAXIMUM_CLAIMS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one order.

    `attempt` is the number of the message that is current. `claims` counts claims since the last clean outcome.
    `due` is when `watch` looks again; `deadline` is when a person must know. `sent` is when the last outside
    write left us whose outcome is not known for good, and `seen` the OR11 answer it was decided on (a
    creation that is done: when it was; a confirmation: when the ERP's status told first that all has left).
    `lines` are the order lines it is about (waiting for acceptance; held by the ERP's order). `expected` are amounts
    to compare with.
    `number` is the order number that was allocated for it before the first sending.
    `version` is the row's ETag, None for a row that must not exist yet.
    """

    name: StepName
    state: State
    attempt: int = 1
    claims: int = 0
    due: datetime | None = None
    deadline: datetime | None = None
    claim_owner: str = ""
    claim_until: datetime | None = None
    waiting_for: str = ""
    reference: str = ""
    reason: str = ""
    kind: str = ""
    sent: datetime | None = None
    seen: datetime | None = None
    lines: tuple[str, ...] = ()
    expected: str = ""
    number: str = ""
    version: str | None = None

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    def claimed_at(self, now: datetime) -> bool:
        """A live claim, whoever holds it."""
        return self.state == "claimed" and self.claim_until is not None and self.claim_until > now


@dataclass(frozen=True, slots=True)
class StepMessage:
    """What travels on a queue: keys, never people. `seen` is the OR11 answer that caused it.

    A poll of an ERP's company has the shop `BRIDGE_SHOP` and the company for its order. An empty order means all of
    the shop's orders that wait for this step.
    """

    step: StepName | PollName
    shop: str
    order: str = ""
    attempt: int = 1
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message reached us: `count` is 1 on a first delivery."""

    count: int = 1
    enqueued: datetime | None = None
