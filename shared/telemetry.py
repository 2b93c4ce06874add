"""What is told to Application Insights: named events with keys and counts, never people and never bodies."""

from __future__ import annotations

import logging
from datetime import datetime

LOGGER = logging.getLogger("bridge")

Field = str | int | float | bool | datetime | None


def event(name: str, **fields: Field) -> None:
    """One custom event (table `AppEvents`); attribute values arrive there as strings."""
    told = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in fields.items()}
    text = " ".join(f"{key}={value}" for key, value in told.items() if value not in ("", None))
    LOGGER.info("%s %s", name, text, extra={"microsoft.custom_event.name": name, **told})
