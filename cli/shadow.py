"""`bridge shadow report`: what the bridge would have done in the shops that run in shadow."""

from __future__ import annotations

import click

from cli.session import Session
from cli.words import moment, say, table


@click.group()
def shadow() -> None:
    """Shops in shadow: everything is decided, nothing is written outside."""


@shadow.command()
@click.option("--most", default=500, help="How many lines to show at most.")
@click.pass_obj
def report(session: Session, most: int) -> None:
    """The calls that were kept back, oldest first."""
    shops = [shop.id for shop in session.settings.shops.values() if shop.mode == "shadow"]
    say(f"Shops in shadow: {', '.join(shops) or 'none'}")
    entries = session.run(lambda _, parts: parts.tables.audit.entries("shadow", limit=most))
    table(("time (UTC)", "shop", "would have"), [(moment(one.at), one.after, one.what) for one in entries])
    say(f"{len(entries)} calls.")
