"""An exception: something a named group of people must do, with a due time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.model.keys import OrderKey

Owner = Literal["operations", "ecommerce", "finance", "integration"]


@dataclass(frozen=True, slots=True)
class OpenException:
    """An open exception of an order (or, with an empty order id, of a shop or the bridge).

    Identity is (key, kind, subject): meeting it again counts, it is not opened twice. `mapping` names the mapping
    table whose change may resolve it ("" for none); `subject` then is that table's key columns joined by `|`, or, where
    only the ERP's code is known, what it is and that code ("location 99"), in two words or more.
    """

    key: OrderKey
    kind: str
    subject: str
    owner: Owner
    opened: datetime
    due: datetime
    escalates: datetime
    reason: str
    remedy: str
    step: str = ""
    mapping: str = ""
    count: int = 1
    last_seen: datetime | None = None
    version: str | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """Among the exceptions of one order."""
        return self.kind, self.subject
