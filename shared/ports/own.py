"""What the bridge keeps for itself: progress, cursors, mappings, pauses, and the queues between its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.mappings import MappingRow, TableName
from shared.model.order import Snapshot
from shared.model.shipment import Position, Shipment
from shared.model.steps import Step, StepMessage, StepName


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC, in the bridge's (locally accelerated) time."""
        ...


Mark = Literal["", "acceptance_doubt", "tracking", "shipment_batch", "erp"]
"""Why an open order is looked for beside `due`: its acceptance is in doubt; its shipment has no tracking yet; it waits
for the shop's next ST01; or nothing is to be done but to see what becomes of it in the ERP."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    """The row by which an open order is found: the step it is on and when `watch` looks again.

    `reference` is the ERP's number, and `lines` how many of Mirakl's lines its order was created for and still owes.
    `since` is when the order was created in the ERP, None where that is not on record.
    """

    key: OrderKey
    step: str
    due: datetime
    mark: Mark = ""
    reference: str = ""
    lines: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """One line of the order's timeline. The same `text` of the same step again counts, it does not add a line."""

    at: datetime
    step: str
    attempt: int
    text: str
    reference: str = ""
    count: int = 1
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """Everything we hold of one order but its history. `snapshot_version` is None while there is no snapshot."""

    key: OrderKey
    snapshot: Snapshot | None = None
    snapshot_version: str | None = None
    steps: Mapping[StepName, Step] = field(default_factory=dict)
    exceptions: tuple[OpenException, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit changes of an order, all together or not at all.

    Steps, shipments and the snapshot are written against the versions they carry (None: the row must not exist yet).
    Pointers from elsewhere (`open_work`, `lookup`, opened exceptions' index) are written before, removals
    (`remove_open_work`, closed exceptions' index) after it. `opened` with a version already set counts up.
    """

    steps: tuple[Step, ...] = ()
    snapshot: Snapshot | None = None
    snapshot_version: str | None = None
    shipments: tuple[Shipment, ...] = ()
    history: tuple[History, ...] = ()
    opened: tuple[OpenException, ...] = ()
    closed: tuple[OpenException, ...] = ()
    lookup: tuple[tuple[str, str], ...] = ()
    open_work: OpenWork | None = None
    remove_open_work: bool = False


class Progress(Protocol):
    async def load(self, key: OrderKey) -> OrderRecord:
        """One query of the order's partition; an order never met is an empty record."""
        ...

    async def commit(self, key: OrderKey, change: Change) -> Sequence[Step]:
        """One entity-group transaction; the changed steps with their new versions.

        Raises Conflict when a version is not the row's any more.
        """
        ...

    async def history(self, key: OrderKey) -> Sequence[History]:
        """The order's timeline, oldest first."""
        ...


class WorkList(Protocol):
    """Bounded reads of what is open."""

    async def due(self, shop: str, before: datetime, limit: int) -> Sequence[OpenWork]: ...

    async def marked(self, shop: str, mark: Mark, limit: int, *, after: str = "") -> Sequence[OpenWork]:
        """Open orders with this mark, in the order of their ids, those behind the order id `after`."""
        ...

    async def among(self, shop: str, orders: Sequence[str]) -> Sequence[OpenWork]:
        """The rows of these order ids, in one request. A hint: where the ids lie far apart, some may be left out."""
        ...

    async def put(self, works: Sequence[OpenWork]) -> None:
        """A hundred of one shop are one request."""
        ...

    async def remove(self, keys: Sequence[OrderKey]) -> None:
        """A hundred of one shop are one request; rows that are gone already are fine."""
        ...


class Exceptions(Protocol):
    """The index of open exceptions; the truth is in each order's record, and `Progress.commit` writes both."""

    async def open(self, *, owner: str = "", kind: str = "", limit: int = 1000) -> Sequence[OpenException]: ...

    async def forget(self, exception: OpenException) -> None:
        """Remove an index row whose truth is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a shop's poll stands. While a pass is under way (`pass_since` set) the next call resumes at `offset`.

    `at` None: never polled. `greatest` is the greatest update date seen in the pass. `calls` counts OR11 calls.
    `asked` is when OR11 was last called, `export` the OR13 tracking id while the pass goes through an export.
    """

    shop: str
    at: datetime | None = None
    pass_since: datetime | None = None
    pass_started: datetime | None = None
    offset: int = 0
    greatest: datetime | None = None
    calls: int = 0
    asked: datetime | None = None
    waiting_asked: datetime | None = None
    completed: datetime | None = None
    export: str = ""
    export_until: datetime | None = None
    export_files: tuple[str, ...] = ()
    version: str | None = None


class Cursors(Protocol):
    async def load(self, shop: str) -> Cursor: ...

    async def save(self, cursor: Cursor) -> Cursor:
        """Write against the version read; returns it with its new version. Raises Conflict."""
        ...


@dataclass(frozen=True, slots=True)
class ShipmentCursor:
    """Where the poll of a company's shipments stands: everything up to `position` is stored.

    Reading begins an overlap before it, because an ERP commits late; `recent` are the ids in that overlap that are
    stored already.
    """

    company: str
    position: Position | None = None
    recent: tuple[tuple[datetime, str], ...] = ()
    version: str | None = None


class ShipmentCursors(Protocol):
    async def load(self, company: str) -> ShipmentCursor: ...

    async def save(self, cursor: ShipmentCursor) -> ShipmentCursor:
        """Write against the version read. Raises Conflict."""
        ...


class Lookup(Protocol):
    """From what an order is called elsewhere to the order: hints, re-checked by whoever asks."""

    async def resolve(self, kind: str, value: str) -> Sequence[OrderKey]:
        """Every order that was filed under this value (`kind` is `erp_number`)."""
        ...


@dataclass(frozen=True, slots=True)
class NumberRange:
    """How far a shop's range of allocated order numbers is used: `next` is the count that no order has yet.

    `stopped` says why nothing is allocated any more, until a person moves the range.
    """

    shop: str
    next: int
    stopped: str = ""
    version: str | None = None


class NumberRanges(Protocol):
    async def load(self, shop: str) -> NumberRange | None:
        """None where nothing was ever allocated (or our tables are lost)."""
        ...

    async def save(self, one: NumberRange) -> NumberRange:
        """Write against the version read; returns it with its new version. Raises Conflict."""
        ...


@dataclass(frozen=True, slots=True)
class ShopperAccount:
    """The ERP's account of a shopper, where the ERP makes it with the shopper's first order.

    Empty `account`: none yet; until `until` the order `holder` alone may bring it.
    """

    marketplace: str
    customer_id: str
    account: str = ""
    holder: OrderKey | None = None
    until: datetime | None = None
    version: str | None = None


class ShopperAccounts(Protocol):
    async def load(self, marketplace: str, customer_id: str) -> ShopperAccount:
        """Without account and version where nothing is known of the shopper."""
        ...

    async def save(self, one: ShopperAccount) -> ShopperAccount:
        """Write against the version read (None: it must not exist yet). Raises Conflict."""
        ...


@dataclass(frozen=True, slots=True)
class DespatchFile:
    """A file that a warehouse dropped: `version` changes when it grows, `changed` is when that was (UTC)."""

    name: str
    version: str
    changed: datetime
    content: bytes


class DespatchFiles(Protocol):
    """Where a warehouse drops its despatch files: a blob container or a folder. Raises Transient."""

    async def waiting(self, limit: int) -> Sequence[DespatchFile]:
        """Files that nobody has dealt with yet, oldest first."""
        ...

    async def done(self, file: DespatchFile) -> None:
        """Move it to `done/`; a file that changed meanwhile stays and comes again; gone already is fine."""
        ...

    async def rejected(self, file: DespatchFile) -> None:
        """Move it to `rejected/`, under the same terms."""
        ...


class CallBudget(Protocol):
    async def take(self, scope: str, operation: str, interval: timedelta) -> timedelta:
        """Zero when the call may be made now (and the next only after `interval`), else how long to wait."""
        ...


@dataclass(frozen=True, slots=True)
class Pause:
    scope: str
    until: datetime
    probe_at: datetime
    reason: str
    cause: str
    doublings: int = 0
    version: str | None = None


class Pauses(Protocol):
    """Shared pauses, cached at most five seconds per process."""

    async def standing(self, scopes: Sequence[str]) -> Pause | None:
        """The pause that forbids a call now; None where there is none or where this caller is the probe."""
        ...

    async def begin(self, scope: str, *, cause: str, reason: str, retry_after: timedelta | None) -> Pause:
        """Start a pause, or lengthen it (doubling up to 15 minutes) when a probe failed."""
        ...

    def known(self, scope: str) -> bool:
        """Whether this process has seen a pause of the scope; costs nothing."""
        ...

    async def end(self, scope: str) -> bool:
        """Clear it; True when there was one to clear. Costs nothing where none is known."""
        ...


class Mappings(Protocol):
    async def items(self, marketplace: str, skus: Sequence[str]) -> Sequence[MappingRow]:
        """Every component row of these SKUs, in one query."""
        ...

    async def table(self, table: TableName, marketplace: str) -> Sequence[MappingRow]:
        """All rows of a small table for one marketplace (rows for marketplace `*` included), at most 5 s old."""
        ...

    async def customer(self, marketplace: str, customer_id: str) -> MappingRow | None:
        """The shopper's row of `customers`, a table that may be large."""
        ...


class Lists(Protocol):
    """Reference lists of the other systems, kept for a day."""

    async def load(self, name: str) -> str | None:
        """The list's JSON if it was stored on the present day (UTC)."""
        ...

    async def last(self, name: str) -> str | None:
        """The list's JSON of whatever day it was stored on."""
        ...

    async def save(self, name: str, content: str) -> None: ...


class Audit(Protocol):
    async def record(self, *, area: str, what: str, who: str, before: str, after: str) -> None:
        """Who changed what, when. `area` is `mappings`, `requeue`, `exceptions`, `numbers`,
        `shipments` or `shadow`."""
        ...


class Outbox(Protocol):
    async def send(self, messages: Sequence[StepMessage]) -> None:
        """Send to each step's queue, batched. Raises Transient; what was sent before that stays sent."""
        ...

    async def later(self, message: StepMessage, delay: timedelta) -> None:
        """Send a copy that appears after `delay` of the bridge's time."""
        ...


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message in a queue's dead-letter queue; `message` is None where its body cannot be read."""

    queue: str
    message: StepMessage | None
    reason: str
    sequence: int
    enqueued: datetime


class DeadLetters(Protocol):
    async def peek(self, queue: str, limit: int) -> Sequence[DeadLetter]: ...

    async def remove(self, queue: str, sequences: Sequence[int]) -> int:
        """Complete these dead letters; returns how many were found."""
        ...
