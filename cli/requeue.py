"""`bridge requeue`: a fresh message from our records, then the dead letter goes."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cli.session import Session
from cli.words import say
from shared.bus.queues import QUEUES
from shared.flows.requeue import clear_dead_letters
from shared.model.keys import OrderKey
from shared.wiring import Bridge


@click.command()
@click.argument("orders", nargs=-1)
@click.option("--shop", default="", help="The shop's slug, where two shops have an order of this id.")
@click.option("--kind", default="", help="Every order with an open exception of this kind.")
@click.option("--owner", default="", help="Every order with an open exception of this owner.")
@click.pass_obj
def requeue(session: Session, orders: tuple[str, ...], shop: str, kind: str, owner: str) -> None:
    """Send work again: ORDERS by id, or all of a cause (--kind) or owner. Safe to do twice."""
    if not (orders or kind or owner):
        raise click.UsageError("name orders, or --kind, or --owner")
    sent = session.run(lambda bridge, _: _requeue(bridge, orders, shop, kind, owner, session.who))
    for line in sent:
        say(line)
    say(f"{len(sent)} orders looked at.")


async def _requeue(bridge: Bridge, orders: Sequence[str], shop: str, kind: str, owner: str, who: str) -> Sequence[str]:
    keys = {OrderKey(one, order) for order in orders for one in bridge.settings.shops if shop in ("", one)}
    if kind or owner:
        stand = await bridge.parts.exceptions.open(kind=kind, owner=owner)
        keys |= {one.key for one in stand if one.key.order and shop in ("", one.key.shop)}
    told = []
    for key in sorted(keys):
        record = await bridge.progress.load(key)
        if not record.steps:
            continue
        steps = [message.step for message in await bridge.requeue(key, who=who)]
        what = ", ".join(steps) if steps else "nothing to send (done, or waiting for the other side)"
        told.append(f"{key.shop} {key.order}: {what}")
        await bridge.parts.audit.record(area="requeue", what=str(key), who=who, before="", after=what)
    for queue in QUEUES:
        await clear_dead_letters(queue, bridge.parts.dead_letters, progress=bridge.progress)
    return told
