"""The orders of one round of a shop's batch, and one call for many of them whose answers come entry by entry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from shared.errors import Rejected, UnknownOutcome, WrongState
from shared.flows.telling.carrying import Desk
from shared.flows.telling.shipment_cases import Case
from shared.model.keys import shop_scope
from shared.model.shipment import ShipmentAnswer

E = TypeVar("E")
Answers = dict[str, ShipmentAnswer | UnknownOutcome]


@dataclass
class Batch:
    """The orders of one round, by order id. `answered`: Mirakl answered something."""

    cases: dict[str, Case] = field(default_factory=dict)
    answered: bool = False

    def put(self, case: Case) -> None:
        self.cases[case.key.order] = case

    def going(self) -> Sequence[Case]:
        return [case for case in self.cases.values() if not case.stopped]

    def stop(self, order: str, why: Rejected | UnknownOutcome) -> None:
        case = self.cases[order]
        if isinstance(why, UnknownOutcome):
            self.put(replace(case, doubt=why))
        else:
            self.put(replace(case, refused=(*case.refused, why)))


async def ask(
    entries: Sequence[E],
    key: Callable[[E], str],
    call: Callable[[Sequence[E]], Awaitable[Sequence[ShipmentAnswer]]],
    desk: Desk,
    *,
    into: Answers,
) -> None:
    """A call that is refused as a whole is cut in halves, so that one bad entry stops no other."""
    if not entries:
        return
    try:
        given = {one.key: one for one in await call(entries)}
    except UnknownOutcome as problem:
        into.update({key(one): problem for one in entries})
    except (Rejected, WrongState) as refusal:
        if len(entries) == 1:
            why = refusal.reason if isinstance(refusal, Rejected) else str(refusal)
            into[key(entries[0])] = ShipmentAnswer(key(entries[0]), refused=why)
            return
        middle = len(entries) // 2
        for half in (entries[:middle], entries[middle:]):
            await ask(half, key, call, desk, into=into)
    else:
        silent = UnknownOutcome("no answer for this entry", scope=shop_scope(desk.shop.id))
        into.update({key(one): given.get(key(one), silent) for one in entries})
