"""The despatch files that the ERP's warehouse drops, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.ports.own import DespatchFile
from tests.fakes.clock import VirtualClock

EVERY = timedelta(minutes=5)


@dataclass
class WarehouseFiles:
    """`control` is the sandbox's hand: `despatch_file` tells what left since a row. What nobody asks for is not made."""

    control: Callable[..., Any]
    clock: VirtualClock
    lie: dict[str, DespatchFile] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _last: int = 0
    _made: int = 0
    _at: datetime | None = None

    async def waiting(self, limit: int) -> Sequence[DespatchFile]:
        self._drop()
        return list(self.lie.values())[:limit]

    async def done(self, file: DespatchFile) -> None:
        self.lie.pop(file.name, None)

    async def rejected(self, file: DespatchFile) -> None:
        if self.lie.pop(file.name, None) is not None:
            self.refused.append(file.name)

    def _drop(self) -> None:
        now = self.clock.now()
        if self._at is not None and now - self._at < EVERY:
            return
        found = self.control("despatch_file", after=self._last)
        if not found["rows"]:
            return
        self._at, self._last, self._made = now, found["last"], self._made + 1
        name = f"despatch-{self._made:06}.csv"
        self.lie[name] = DespatchFile(name, "1", now, found["text"].encode("iso-8859-1", "replace"))
