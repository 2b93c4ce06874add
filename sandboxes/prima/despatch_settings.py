"""What the warehouse's despatch files look like, and where and how often they are written."""

from __future__ import annotations

from dataclasses import dataclass

from sandboxes.warehouse.settings import WarehouseSettings

COLUMNS: tuple[tuple[str, str], ...] = (
    ("OrderNumber", "number"),
    ("Consignment", "consignment"),
    ("Product", "product"),
    ("MtrxCode1", "matrix1"),
    ("MtrxCode2", "matrix2"),
    ("MtrxCode3", "matrix3"),
    ("MtrxCode4", "matrix4"),
    ("LineReference", "reference"),
    ("Quantity", "quantity"),
    ("Carrier", "carrier"),
    ("Service", "service"),
    ("TrackingNumber", "tracking"),
    ("DespatchDate", "despatched"),
)
"""The header and the field of every column that a despatch file may have."""


@dataclass(slots=True, kw_only=True)
class DespatchSettings(WarehouseSettings):
    """How the warehouse ships is in `WarehouseSettings`; what left shows in OrderStatus and in the files
    `visible_after_seconds` later.

    Files are CSV text: `despatch_columns` are pairs of header and field, several tracking numbers of one consignment
    stand in one cell. With a `despatch_folder` they are written there, one at most every `despatch_every_seconds`.
    """

    despatch_folder: str = ""
    despatch_every_seconds: int = 300
    despatch_columns: tuple[tuple[str, str], ...] = COLUMNS
    despatch_delimiter: str = ","
    tracking_separator: str = " "
