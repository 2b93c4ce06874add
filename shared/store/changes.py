"""What a change of an order writes in its partition, fitted to what one transaction may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.model.exception import OpenException
from shared.model.steps import Step
from shared.ports.own import Change
from shared.store.exception_rows import closing, counted, exception_row, opening
from shared.store.history_rows import Told, history_operations
from shared.store.shipment_rows import shipment_operation
from shared.store.snapshots import snapshot_operations
from shared.store.step_rows import step_operation, step_version, told_by
from shared.store.tables import MAXIMUM_OPERATIONS, Operation


@dataclass(frozen=True, slots=True)
class Fitted:
    """`opened` are the exceptions that are really written; `transactions` go one after the other, steps first.

    `told` is what each step has told last, this change included.
    """

    opened: tuple[OpenException, ...]
    transactions: tuple[Sequence[Operation], ...]
    told: Mapping[str, Told]

    def recorded(self, steps: Sequence[Step], versions: Sequence[str | None]) -> Sequence[Step]:
        """The steps as they stand now; `versions` are those that the first transaction gave its rows."""
        return [
            replace(step, version=step_version(str(version), self.told.get(step.name)))
            for step, version in zip(steps, versions, strict=False)
        ]


def fit(change: Change, new_id: Callable[[], str]) -> Fitted:
    written, told = _steps_and_history(change, new_id)
    if change.snapshot is not None:
        written += snapshot_operations(change.snapshot, change.snapshot_version)
    written += tuple(shipment_operation(one) for one in change.shipments)
    distinct = {exception_row(one): counted(one) for one in change.opened}
    opened = _bounded(tuple(distinct.values()), MAXIMUM_OPERATIONS - len(written))
    written += tuple(opening(one) for one in opened)
    written += tuple(closing(one) for one in change.closed)
    return Fitted(opened, tuple(_portions(written)), told)


def _steps_and_history(change: Change, new_id: Callable[[], str]) -> tuple[tuple[Operation, ...], Mapping[str, Told]]:
    told = {str(step.name): last for step in change.steps if (last := told_by(step)) is not None}
    lines, last_told = history_operations(change.history, told, new_id)
    steps = (step_operation(step, last_told.get(step.name)) for step in change.steps)
    return (*steps, *lines), last_told


def _bounded(opened: tuple[OpenException, ...], room: int) -> tuple[OpenException, ...]:
    """An order may lack more mappings than fit: the rest shows when the step runs again, and the last one says so."""
    if len(opened) <= room:
        return opened
    *kept, last = opened[:room]
    more = f"{last.reason} (and {len(opened) - room} more reasons, shown once these are resolved)"
    return (*kept, replace(last, reason=more))


def _portions(operations: Sequence[Operation]) -> list[Sequence[Operation]]:
    starts = range(0, len(operations), MAXIMUM_OPERATIONS)
    return [operations[start : start + MAXIMUM_OPERATIONS] for start in starts]
