"""What an ERP cannot do: the day says so and goes on without it."""

from __future__ import annotations

from dataclasses import dataclass

from local.day.stage import Stage


@dataclass(frozen=True, slots=True)
class NoSuchThing:
    """`why` is a sentence."""

    why: str

    async def play(self, stage: Stage) -> None:
        stage.say(f"No such thing in this ERP: {self.why}")
