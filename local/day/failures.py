"""What goes wrong outside: answers lost, storms, nonsense, outages, a key that is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from local.day.stage import Stage, counted
from local.demo.demo_erp import DemoErp
from sandboxes.mirakl.worlds import NORTH_OUTLET_KEY

SideName = Literal["mirakl", "erp"]
TITLES = {"mirakl": "Mirakl", "erp": "ERP"}
COMMITTED = ("error_after", "reset_after", "hang_after", "truncated", "html_after")
FOR_LONG = 10**6


@dataclass(frozen=True, slots=True)
class Fail:
    """Add these faults to one side; each is a `sandboxes.faults.Fault` as JSON."""

    side: SideName
    faults: tuple[Mapping[str, Any], ...]
    sentence: str

    async def play(self, stage: Stage) -> None:
        side = stage.mirakl if self.side == "mirakl" else stage.erp
        await side.fail(*self.faults)
        stage.say(self.sentence)


@dataclass(frozen=True, slots=True)
class TellLost:
    """What became of the creations whose answers were lost, counted in the ERP's journal and books."""

    async def play(self, stage: Stage) -> None:
        lost = lost_orders(await stage.erp.read_journal(), stage.demo)
        books = await stage.erp.books()
        made = Counter(name for order in books["orders"] for name in {order["number"], order["reference"]})
        again = sum(made[name] > 1 for name in set(lost))
        found = sum(name in made for name in set(lost))
        about = f"{counted(len(lost), 'answer')} about {counted(len(set(lost)), 'order')}"
        stage.say(f"{about} lost after the commit: looked up and found {found}, created again {again}")


def lost_orders(journal: Sequence[Mapping[str, Any]], erp: DemoErp) -> list[str]:
    """By number or reference, as the ERP's journal names them."""
    kinds = {*COMMITTED, *erp.lost}
    return [one["subject"] for one in journal if one["operation"] == erp.place and one["fault"] in kinds]


@dataclass(frozen=True, slots=True)
class Outage:
    """One side answers nothing useful for so many minutes."""

    side: SideName
    minutes: int

    async def play(self, stage: Stage) -> None:
        side, title = (stage.mirakl if self.side == "mirakl" else stage.erp), TITLES[self.side]
        span = timedelta(minutes=self.minutes)
        always = {"operation": "*", "times": FOR_LONG, "for_seconds": span.total_seconds()}
        await side.fail({"kind": "reset_before", **always, "probability": 0.3}, {"kind": "error_before", **always})
        stage.say(f"{title} off for {self._spoken}")
        await stage.pass_time(span)
        stage.say(f"{title} off for {self._spoken}: {await self._waiting(stage)}; it is back now")

    @property
    def _spoken(self) -> str:
        return "an hour" if self.minutes == 60 else f"{self.minutes} minutes"

    async def _waiting(self, stage: Stage) -> str:
        exceptions = len(await stage.tables.open_exceptions("outage"))
        told = counted(exceptions, "exception")
        orders = await stage.overview()
        if self.side == "mirakl":
            waiting = sum(one["state"] == "WAITING_ACCEPTANCE" for one in orders)
            return f"{counted(waiting, 'order')} waiting for acceptance, {told}"
        created = len((await stage.erp.books())["orders"])
        due = sum(any(was["state"] == "SHIPPING" for was in one["history"]) for one in orders)
        return f"{counted(max(0, due - created), 'order')} waiting, {told}"


@dataclass(frozen=True, slots=True)
class WrongKey:
    """Mirakl replaces a shop's key for a while and nobody tells the bridge."""

    minutes: int

    async def play(self, stage: Stage) -> None:
        await stage.mirakl.do("replace_key", key=NORTH_OUTLET_KEY, by="another-key")
        stage.say("Mirakl refuses the key of north-outlet")
        await stage.pass_time(timedelta(minutes=self.minutes))
        told = await stage.tables.open_exceptions("unauthorized")
        await stage.mirakl.do("replace_key", key="another-key", by=NORTH_OUTLET_KEY)
        shops = ", ".join(sorted({str(one["shop"]) for one in told})) or "no shop"
        exceptions = counted(len(told), "exception")
        stage.say(f"Key refused for {self.minutes} minutes: {exceptions} ({shops}); the key is right again")


@dataclass(frozen=True, slots=True)
class EndFailures:
    """Whatever is still to fail does not."""

    async def play(self, stage: Stage) -> None:
        await stage.mirakl.do("clear_faults")
        await stage.erp.do("clear_faults")
