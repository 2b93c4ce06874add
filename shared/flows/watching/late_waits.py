"""What a person must know of a step that waits past its due time, as one table, or that does not get done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Rejected
from shared.flows.waits import FILES, ORDER, RELEASED, REST, SHIPMENT, SHOWN, TRACKING
from shared.model.steps import Step, StepName

ASKED_AGAIN = timedelta(hours=24)
"""How long a wait is left in peace after a person has closed its exception."""
_ANY = ""
_UNDER_WAY = {"outstanding", "unknown", "claimed"}


@dataclass(frozen=True, slots=True)
class Late:
    """`reason` is shown to people as it stands; `{}` is what the step waits for. `after` counts from the due time."""

    kind: str
    reason: str
    after: timedelta = timedelta(0)


_LATE: Mapping[tuple[StepName, str], Late] = {
    ("create_order", _ANY): Late("waits_too_long", "it still waits for {}"),
    ("confirm_shipment", SHIPMENT): Late("not_shipped", "the ERP shows no shipment by the time it was to leave"),
    ("confirm_shipment", FILES): Late(
        "not_shipped", "the ERP says that it has left, and neither a despatch file nor a look at the ERP told more"
    ),
    ("confirm_shipment", TRACKING): Late("tracking_late", "it has left, and the ERP shows no tracking number"),
    ("confirm_shipment", REST): Late("shipment_incomplete", "a part has left, and the ERP shows no more of it"),
    ("confirm_shipment", SHOWN): Late("shipment_refused", "Mirakl was told, and does not show it shipped"),
    ("confirm_shipment", ORDER): Late("shipment_unmatched", "a shipment is on record, and no order that it is of"),
    ("change_order", RELEASED): Late("not_released", "created in the ERP, and nobody has released it there"),
    ("report_order_numbers", _ANY): Late(
        "order_number_refused", "OR04 has not gone through for a day", timedelta(hours=24)
    ),
}


def late(step: Step, now: datetime) -> Rejected | None:
    """None while the step is in time."""
    if step.name == "confirm_shipment" and step.state in _UNDER_WAY and step.deadline is not None:
        untold = "it has left, and Mirakl could not be told since"
        return Rejected("shipment_untold", subject="order", reason=untold) if step.deadline <= now else None
    found = _row(step)
    if found is None or step.due is None or step.due + found.after > now:
        return None
    return Rejected(found.kind, subject="order", reason=found.reason.format(step.waiting_for))


def tells_of(step: Step, kind: str) -> bool:
    """Whether an exception of this kind is what the step's wait opens."""
    found = _row(step)
    return found is not None and found.kind == kind


def _row(step: Step) -> Late | None:
    if step.state != "waiting":
        return None
    return _LATE.get((step.name, step.waiting_for)) or _LATE.get((step.name, _ANY))
