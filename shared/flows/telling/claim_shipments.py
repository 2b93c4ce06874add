"""Claims of the orders of a shop's ST01, which is not idempotent, and bounded work on many orders at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from shared.errors import Conflict, Rejected, Transient
from shared.flows.at_once import at_once
from shared.flows.telling.carrying import Desk
from shared.flows.telling.confirming import STEP
from shared.flows.telling.shipment_cases import Case
from shared.model.steps import MAXIMUM_CLAIMS
from shared.ports.own import Change
from shared.telemetry import event

T = TypeVar("T")


async def each(items: Iterable[T], work: Callable[[T], Awaitable[None]], *, what: str) -> list[Transient]:
    """A few at a time; what our store does not give for one stops no other, and is answered."""
    lost: list[Transient] = []

    async def one(item: T) -> None:
        try:
            await work(item)
        except Transient as problem:
            event(what, reason=type(problem).__name__)
            lost.append(problem)

    await at_once(items, one)
    return lost


async def claim(cases: dict[str, Case], wanted: Iterable[Case], desk: Desk) -> None:
    """Those that are not ours afterwards are `foreign`, or refused."""

    async def one(case: Case) -> None:
        cases[case.key.order] = replace(case, foreign=True)
        cases[case.key.order] = await _claimed(case, desk)

    await each(wanted, one, what="shipment_not_claimed")


async def _claimed(case: Case, desk: Desk) -> Case:
    step = case.step
    if step.claims >= MAXIMUM_CLAIMS:
        text = f"claimed {step.claims} times without a clean outcome"
        return replace(case, refused=(Rejected("unexpected", subject=STEP, reason=text),))
    token, until = desk.claiming.token, desk.now() + desk.claiming.length
    ours = replace(step, state="claimed", claims=step.claims + 1, claim_owner=token, claim_until=until, sent=None)
    try:
        [ours] = await desk.ports.progress.commit(case.key, Change(steps=(ours,)))
    except Conflict:
        # The table client repeats by itself after a lost answer: what stands there may be our own claim.
        there = (await desk.ports.progress.load(case.key)).steps.get(STEP)
        if there is None or there.claim_owner != token:
            return replace(case, foreign=True)
        ours = there
    return replace(case, step=ours)
