"""The types of the data model: how a property's value is read from JSON, written to JSON, and empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal

NAMESPACE = "Microsoft.Dynamics.DataEntities"
EMPTY_MOMENT = datetime(1900, 1, 1, 12, tzinfo=UTC)
_QUANTUM = Decimal("0.000001")  # the database keeps six decimals of any real number

Kind = Literal["String", "Decimal", "Int32", "Int64", "DateTimeOffset", "Enum"]
Value = str | Decimal | int | datetime

ENUMS: Mapping[str, tuple[str, ...]] = {
    "NoYes": ("No", "Yes"),
    "SalesStatus": ("None", "Backorder", "Delivered", "Invoiced", "Canceled"),
    "SalesOrderProcessingStatus": (
        "Active",
        "Confirmed",
        "Picked",
        "PartiallyDelivered",
        "Delivered",
        "Invoiced",
        "PartiallyInvoiced",
        "Canceled",
        "DeliveredPartiallyInvoiced",
    ),
    "SalesDeliveryDateControlType": ("None", "SalesLeadTime", "ATP", "ATPPlusIssueMargin", "CTP", "FullRunCTP"),
    "ItemReservation": ("None", "Automatic", "Explosion"),
    "CustVendorBlocked": ("No", "Invoice", "All", "Payment", "Requisition", "Never"),
}


class Unreadable(ValueError):
    """A JSON value that is not of the property's type."""


@dataclass(frozen=True, slots=True)
class Property:
    """`editable`: `always`, `create` (fixed once created) or `never` (the system's own)."""

    name: str
    kind: Kind = "String"
    enum: str = ""
    editable: Literal["always", "create", "never"] = "always"

    @property
    def type_name(self) -> str:
        return f"{NAMESPACE}.{self.enum}" if self.kind == "Enum" else f"Edm.{self.kind}"

    @property
    def nullable(self) -> bool:
        return self.kind in ("String", "Enum")

    def empty(self) -> Value:
        match self.kind:
            case "String":
                return ""
            case "Decimal":
                return Decimal(0)
            case "Int32" | "Int64":
                return 0
            case "DateTimeOffset":
                return EMPTY_MOMENT
        return ENUMS[self.enum][0]

    def read(self, content: Any) -> Value:
        """The value that JSON `content` means. Raises Unreadable with the reader's text."""
        if content is None:
            return self._read_null()
        match self.kind:
            case "String":
                return self._read_text(content)
            case "Decimal":
                return self._read_decimal(content)
            case "Int32" | "Int64":
                return self._read_integer(content)
            case "DateTimeOffset":
                return self._read_moment(content)
        return self._read_enum(content)

    def _read_null(self) -> Value:
        if self.nullable:
            return self.empty()
        expected = f"{self.type_name}[Nullable=False]"
        raise Unreadable(
            f"A null value was found for the property named '{self.name}', which has the expected type '{expected}'. "
            f"The expected type '{expected}' does not allow null values."
        )

    def _read_text(self, content: Any) -> str:
        if isinstance(content, str):
            return content
        raise Unreadable(f"Cannot read the value for the property '{self.name}' as a quoted JSON string value.")

    def _read_decimal(self, content: Any) -> Decimal:
        if isinstance(content, bool) or not isinstance(content, int | Decimal):
            raise self._wrong_literal()
        try:
            return Decimal(content).quantize(_QUANTUM, ROUND_HALF_UP)
        except InvalidOperation:
            raise self._wrong_literal() from None

    def _read_integer(self, content: Any) -> int:
        if isinstance(content, bool) or not isinstance(content, int):
            raise self._wrong_literal()
        return content

    def _read_moment(self, content: Any) -> datetime:
        moment = moment_of(content) if isinstance(content, str) else None
        if moment is None:
            raise self._wrong_literal()
        return moment

    def _read_enum(self, content: Any) -> str:
        if content in ENUMS[self.enum]:
            return str(content)
        raise Unreadable(
            f"Cannot convert the value of the property '{self.name}' to the expected type '{self.type_name}': "
            "the requested value was not found."
        )

    def _wrong_literal(self) -> Unreadable:
        return Unreadable(
            f"Cannot convert the literal of the property '{self.name}' to the expected type '{self.type_name}'."
        )


def moment_of(text: str) -> datetime | None:
    """A date and time with its offset; None for anything else (a bare date, no offset)."""
    if "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def written(value: Value) -> Any:
    """The JSON of a value; Decimals stay numbers with their digits."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value


def fold(text: str) -> str:
    """Text as the database compares it: without case and without trailing blanks."""
    return text.rstrip().casefold()
