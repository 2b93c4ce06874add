"""Reference lists that are kept for as long as the test lasts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class MemoryLists:
    kept: dict[str, str] = field(default_factory=dict)

    async def load(self, name: str) -> str | None:
        return self.kept.get(name)

    async def last(self, name: str) -> str | None:
        return self.kept.get(name)

    async def save(self, name: str, content: str) -> None:
        self.kept[name] = content
