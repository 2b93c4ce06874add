"""A line of a sales order while it is being filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sandboxes.business_central.document_entities import SALES_ORDER_LINES
from sandboxes.business_central.edm import Value
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.world import Company, Item, find

TABLE = "Sales Line"
_FIXED = ("id", "documentId", "sequence", "lineType", "_company", "_cancelled")


@dataclass(slots=True)
class Entry:
    """One line while it is being filled in; `header` are the values of its order."""

    installation: Installation
    company: Company
    header: Mapping[str, Value]
    values: dict[str, Value]

    @property
    def rule(self) -> Decimal:
        """What amounts of the order's currency are rounded to."""
        return find(self.installation.world.currencies, str(self.header["currencyCode"])) or Decimal("0.01")

    @property
    def item(self) -> Item | None:
        return find(self.company.items, str(self.values["lineObjectNumber"])) if self.is_a("Item") else None

    def is_a(self, line_type: str) -> bool:
        return self.values["lineType"] == line_type


def blank(header: Mapping[str, Value], line_id: str, sequence: int) -> dict[str, Value]:
    return {
        **SALES_ORDER_LINES.blank(),
        "id": line_id,
        "documentId": header["id"],
        "sequence": sequence,
        "lineType": "Comment",
        "_company": header["_company"],
        "_cancelled": False,
    }


def clear(entry: Entry, *, keeping: tuple[str, ...]) -> None:
    """The line becomes a new one of its type, but for what it keeps."""
    kept = {name: entry.values[name] for name in (*_FIXED, *keeping)}
    entry.values |= {**SALES_ORDER_LINES.blank(), **kept}
