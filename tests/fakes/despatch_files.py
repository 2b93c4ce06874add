"""A place where a warehouse drops files, in memory; several may look at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.ports.own import Clock, DespatchFile


@dataclass
class MemoryDespatchFiles:
    """`failures` are raised by the next calls, before their effect."""

    clock: Clock
    there: dict[str, DespatchFile] = field(default_factory=dict)
    dealt_with: dict[str, list[str]] = field(default_factory=lambda: {"done": [], "rejected": []})
    failures: list[Exception] = field(default_factory=list)
    _writes: int = 0

    def drop(self, name: str, content: str | bytes) -> None:
        """Write it, or write it anew."""
        self._writes += 1
        whole = content.encode() if isinstance(content, str) else content
        self.there[name] = DespatchFile(name, str(self._writes), self.clock.now(), whole)

    async def waiting(self, limit: int) -> Sequence[DespatchFile]:
        self._fail()
        return sorted(self.there.values(), key=lambda one: (one.changed, one.name))[:limit]

    async def done(self, file: DespatchFile) -> None:
        self._move(file, "done")

    async def rejected(self, file: DespatchFile) -> None:
        self._move(file, "rejected")

    def _move(self, file: DespatchFile, end: str) -> None:
        self._fail()
        stands = self.there.get(file.name)
        if stands is not None and stands.version == file.version:
            del self.there[file.name]
            self.dealt_with[end].append(file.name)

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
