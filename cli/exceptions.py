"""`bridge exceptions list`: what people must do, the most urgent first."""

from __future__ import annotations

import click

from cli.session import Session
from cli.words import moment, say, table
from shared.exceptions import KINDS
from shared.model.exception import OpenException


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


def _row(one: OpenException) -> tuple[str, ...]:
    what = f"{one.mapping}: {one.subject}" if one.mapping else f"{one.subject}: {one.reason}"
    return one.kind, one.owner, one.key.shop, one.key.order, moment(one.due), what, one.remedy
