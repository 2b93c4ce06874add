"""What an adapter gets from outside; it makes none of it itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import httpx

from shared.ports.own import Clock, Lists


class Secret(Protocol):
    async def __call__(self, name: str, *, fresh: bool) -> str:
        """The secret of this name; `fresh` goes past every cache, because secrets are renewed."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`lists` keep what changes little for a day. `timeout_seconds` is the wall clock's, of every call."""

    http: httpx.AsyncClient
    secret: Secret
    clock: Clock
    lists: Lists
    timeout_seconds: float = 30.0
