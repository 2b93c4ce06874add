"""Mirakl's date-times: ISO 8601 with an offset, answered in UTC with a trailing Z, milliseconds left out when zero."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FORMAT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})")


def read(text: str) -> datetime:
    """Raises ValueError for anything that is not a full date-time with an offset (an unencoded `+` is a space)."""
    if not _FORMAT.fullmatch(text):
        raise ValueError("not a date-time with an offset")
    return datetime.fromisoformat(text).astimezone(UTC)


def written(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text.replace(".000Z", "Z")


def written_or_null(moment: datetime | None) -> str | None:
    return None if moment is None else written(moment)


def to_millisecond(moment: datetime) -> datetime:
    """Mirakl tells milliseconds; the book keeps no more than it tells."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
