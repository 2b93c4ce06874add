"""Despatch files: where a warehouse drops them, how they are written, and what one row says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.model.setting_values import Json, OutsideAddress

Name = Annotated[str, Field(min_length=1)]
Minutes = Annotated[timedelta, Field(ge=timedelta(0))]


class DespatchColumns(Json):
    """The file's own names of its columns; what is empty the file does not have."""

    order: Name
    consignment: Name
    line: str = ""
    product: str = ""
    quantity: str = ""
    carrier: str = ""
    service: str = ""
    tracking: str = ""
    date: str = ""


class DespatchSetting(Json):
    """`DESPATCH_FILES`: a `folder`, or a blob `container` with the storage account's `url` (managed identity) or
    `connection` string. `settled_after`: a file that changed later than this ago may still be written.
    `unknown_orders`: whether rows of orders that the bridge did not create are told of, or passed over.
    """

    folder: str = ""
    container: str = ""
    url: OutsideAddress | None = None
    connection: str = ""
    columns: DespatchColumns
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8-sig"
    settled_after: Minutes = timedelta(minutes=2)
    unknown_orders: Literal["refuse", "pass"] = "refuse"

    @model_validator(mode="after")
    def _one_place(self) -> DespatchSetting:
        if bool(self.folder) == bool(self.container):
            raise ValueError("give 'folder' or 'container', and not both")
        if self.container and bool(self.url) == bool(self.connection):
            raise ValueError(
                "a container needs the account's 'url' (managed identity) or its 'connection', and not both"
            )
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(
                f"encoding {self.encoding[:20]!r} is not known; write such as utf-8-sig or cp1252"
            ) from None
        return self

    @property
    def place(self) -> str:
        """For people; without a secret."""
        return f"folder {self.folder}" if self.folder else f"container {self.container}"


@dataclass(frozen=True, slots=True)
class DespatchRow:
    """One line of a despatch file, or what a person entered; `place` names it (`out.csv line 3`).

    `order` is the ERP's number, our reference in the ERP or Mirakl's order id. `line` is the order line's id or
    reference; without `line` and `product` the row is about all of the order. `quantity` None: all that is left of it,
    else in the sales unit of the ERP's line. `left` is when it left.
    """

    place: str
    order: str
    consignment: str
    left: datetime
    line: str = ""
    product: str = ""
    quantity: Decimal | None = None
    carrier: str = ""
    service: str = ""
    tracking: str = ""
