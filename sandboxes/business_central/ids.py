"""Ids: every record has a GUID, the same each time for what people have set up."""

from __future__ import annotations

import uuid

_SPACE = uuid.UUID("c0ffee00-0000-4000-8000-0000000000ff")


def guid(*parts: object) -> str:
    return str(uuid.uuid5(_SPACE, "|".join(str(part) for part in parts)))
