"""`bridge exceptions list|close`: what people must do, the most urgent first, and that it is done."""

from __future__ import annotations

import click

from cli.session import Session
from cli.words import moment, say, table
from shared.exceptions import KINDS
from shared.flows import close_exception
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.wiring import Bridge


@click.group()
def exceptions() -> None:
    """Open exceptions: each has an owner, a due time and a remedy."""


@exceptions.command(name="list")
@click.option("--owner", default="", help="operations, ecommerce, finance or integration")
@click.option("--kind", default="", help="One kind only, as the first column shows it.")
@click.pass_obj
def show(session: Session, owner: str, kind: str) -> None:
    """What is open, by due time."""
    stand = session.run(lambda bridge, _: bridge.parts.exceptions.open(owner=owner, kind=kind))
    if not stand:
        say("No open exceptions.")
        return
    by_due = sorted(stand, key=lambda one: one.due)
    table(("kind", "owner", "shop", "order", "due (UTC)", "what", "to do"), [_row(one) for one in by_due])
    say()
    for name in sorted({one.kind for one in stand}):
        count = sum(one.kind == name for one in stand)
        say(f"{count:5}  {KINDS[name].title if name in KINDS else name}")


@exceptions.command()
@click.argument("order", default="")
@click.option("--kind", required=True, help="The kind, as `bridge exceptions list` shows it.")
@click.option("--shop", default="", help="The shop's slug; without ORDER the exception of the shop itself.")
@click.pass_obj
def close(session: Session, order: str, kind: str, shop: str) -> None:
    """Say that the exception KIND of ORDER is dealt with. What stands between ORDER and its next step is re-queued
    instead (bridge requeue); an exception whose cause stands opens again."""
    if not (order or shop):
        raise click.UsageError("name the order, or --shop")
    closed = session.run(lambda bridge, _: _close(bridge, order, kind, shop, session.who))
    if not closed:
        raise click.ClickException(f"no open exception {kind!r} of {order or shop!r}")
    for one in closed:
        say(f"closed: {one.kind} {one.subject} ({one.key.shop} {one.key.order})")


async def _close(bridge: Bridge, order: str, kind: str, shop: str, who: str) -> list[OpenException]:
    ports = close_exception.Ports(bridge.progress, bridge.clock)
    closed: list[OpenException] = []
    for slug in [shop] if shop else bridge.settings.shops:
        key = OrderKey(slug, order)
        for one in await close_exception.run(key, kind, who=who, ports=ports):
            closed.append(one)
            what = f"{key} {one.kind} {one.subject}"
            await bridge.parts.audit.record(area="exceptions", what=what, who=who, before=one.reason, after="closed")
    return closed


def _row(one: OpenException) -> tuple[str, ...]:
    what = f"{one.mapping}: {one.subject}" if one.mapping else f"{one.subject}: {one.reason}"
    return one.kind, one.owner, one.key.shop, one.key.order, moment(one.due), what, one.remedy
