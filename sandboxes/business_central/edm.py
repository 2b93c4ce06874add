"""The types of the API: how a property's value is read from JSON, written to JSON, and blank."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from sandboxes.business_central.errors import Refusal, bad_request, too_long

BLANK_ID = "00000000-0000-0000-0000-000000000000"
BLANK_DATE = date(1, 1, 1)  # written 0001-01-01
BLANK_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_QUANTUM = Decimal("0.00001")  # quantities and unit prices keep five decimals
_MOST = Decimal(10**11)
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Kind = Literal["Guid", "Code", "Text", "Decimal", "Integer", "Boolean", "Date", "DateTime", "Enum"]
Value = str | Decimal | int | bool | date | datetime
_TYPES: Mapping[Kind, str] = {
    "Guid": "Edm.Guid",
    "Code": "Edm.String",
    "Text": "Edm.String",
    "Decimal": "Edm.Decimal",
    "Integer": "Edm.Int32",
    "Boolean": "Edm.Boolean",
    "Date": "Edm.Date",
    "DateTime": "Edm.DateTimeOffset",
    "Enum": "Edm.String",
}


@dataclass(frozen=True, slots=True)
class Property:
    """`length` is that of a Code or Text; a Code is kept in capitals and without outer blanks."""

    name: str
    kind: Kind
    length: int = 0
    writable: bool = False

    @property
    def type_name(self) -> str:
        return _TYPES[self.kind]

    def blank(self) -> Value:
        match self.kind:
            case "Guid":
                return BLANK_ID
            case "Decimal":
                return Decimal(0)
            case "Integer":
                return 0
            case "Boolean":
                return False
            case "Date":
                return BLANK_DATE
            case "DateTime":
                return BLANK_MOMENT
            case "Enum":
                return " "
        return ""

    def read(self, content: Any) -> Value:
        """The value that JSON `content` means; null is blank. Raises Refusal (400)."""
        if content is None:
            return self.blank()
        match self.kind:
            case "Code" | "Text":
                return self._read_text(content)
            case "Enum" if isinstance(content, str):
                return decoded(content)
            case "Decimal" | "Integer":
                return self._read_number(content)
            case "Boolean" if isinstance(content, bool):
                return content
            case "Guid" | "Date" | "DateTime" if isinstance(content, str):
                return self._parsed(content)
        raise self._wrong(content)

    def _read_text(self, content: Any) -> str:
        if not isinstance(content, str):
            raise self._wrong(content)
        text = content.strip(" ").upper() if self.kind == "Code" else content
        if self.length and len(text) > self.length:
            raise too_long(len(text), self.length, text)
        return text

    def _read_number(self, content: Any) -> Decimal | int:
        if isinstance(content, bool) or not isinstance(content, int | Decimal):
            raise self._wrong(content)
        if self.kind == "Integer":
            if not isinstance(content, int):
                raise self._wrong(content)
            return content
        if not -_MOST < content < _MOST:
            raise self._wrong(content)
        return Decimal(content).quantize(_QUANTUM, ROUND_HALF_UP).normalize() + Decimal(0)

    def _parsed(self, content: str) -> Value:
        value = guid_of(content) if self.kind == "Guid" else moment_of(content, whole=self.kind == "DateTime")
        if value is None:
            raise self._wrong(content)
        return value

    def _wrong(self, content: Any) -> Refusal:
        return bad_request(f"Cannot convert the literal '{content}' to the expected type '{self.type_name}'.")


def guid_of(text: str) -> str | None:
    try:
        return str(uuid.UUID(text)) if len(text) == len(BLANK_ID) else None
    except ValueError:
        return None


def moment_of(text: str, *, whole: bool) -> date | datetime | None:
    """A date, or with `whole` a moment with its offset."""
    try:
        if not whole:
            return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def written(value: Value) -> Any:
    """The JSON form; moments are kept to the millisecond."""
    match value:
        case datetime():
            if value == BLANK_MOMENT:
                return "0001-01-01T00:00:00Z"
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
    return value


def encoded(name: str) -> str:
    """An enum's value as an XML name: `In Review` is `In_x0020_Review`."""
    return re.sub(r"[^A-Za-z0-9]", lambda found: f"_x{ord(found[0]):04X}_", name)


def decoded(name: str) -> str:
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), name)


def fold(text: str) -> str:
    """Text as the keys of the database compare it."""
    return text.strip(" ").upper()
