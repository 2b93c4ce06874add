"""Whether an answer of Mirakl shows anything of an order that is not on record. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.model.order import Snapshot
from shared.ports.own import OrderRecord

_MOVED_BY_OR04 = frozenset({"last_updated_date", "references"})


def is_fresh(shown: Snapshot | None, record: OrderRecord) -> bool:
    """Whether the snapshot is to be stored; an older one never is."""
    stored = record.snapshot
    if shown is None:
        return False
    if stored is None:
        return True
    if shown.updated > stored.updated:
        return not _is_our_number_alone(shown, stored, record)
    # Mirakl's dates may be whole seconds: two changes within one have the same date, and the later answer counts.
    return shown.updated == stored.updated and shown.facts != stored.facts


def number_shown(snapshot: Snapshot) -> str:
    """OR04's `order_reference_for_seller`; empty where Mirakl shows none."""
    references = snapshot.facts.get("references")
    shown = references.get("order_reference_for_seller") if isinstance(references, Mapping) else None
    return shown if isinstance(shown, str) else ""


def _is_our_number_alone(shown: Snapshot, stored: Snapshot, record: OrderRecord) -> bool:
    """OR04 moves the order's date: what follows shows the number that we know Mirakl has, and nothing else is new."""
    reported = record.steps.get("report_order_numbers")
    if reported is None or reported.state != "done" or number_shown(shown) != reported.reference:
        return False
    return _others(shown) == _others(stored) and shown.person == stored.person


def _others(snapshot: Snapshot) -> Mapping[str, Any]:
    return {name: fact for name, fact in snapshot.facts.items() if name not in _MOVED_BY_OR04}
