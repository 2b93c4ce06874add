"""What the installation counts about its callers, for whoever judges them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """`ignored` holds inputs that were taken without effect: the caller believes in something that is not there."""

    calls: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    rolled_back: int = 0
    queued: int = 0

    def ignore(self, what: str) -> None:
        self.ignored[what] += 1
