"""What the host did, for whoever asks: invocations by function and outcome, and how many run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from local.host.worker import Function

Outcome = Literal["succeeded", "failed", "unsettled"]
"""`unsettled`: the invocation ended, but its message's lock was lost by then; it will come again."""


@dataclass
class Tally:
    state: Literal["starting", "running", "draining"] = "starting"
    running: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, Outcome]] = field(default_factory=Counter)

    def ended(self, function: str, outcome: Outcome) -> None:
        self.outcomes[function, outcome] += 1

    def report(self, functions: Iterable[Function]) -> dict[str, Any]:
        """The JSON of `/admin/host/status`."""
        return {
            "state": self.state,
            "running": self.running.total(),
            "functions": [
                {
                    "name": function.name,
                    "trigger": function.trigger,
                    "running": self.running[function.name],
                    "succeeded": self.outcomes[function.name, "succeeded"],
                    "failed": self.outcomes[function.name, "failed"],
                    "unsettled": self.outcomes[function.name, "unsettled"],
                }
                for function in functions
            ],
        }
