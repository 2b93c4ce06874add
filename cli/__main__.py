"""The commands, one group per thing they are about."""

from __future__ import annotations

from functools import partial

import click

from cli.erp import erp
from cli.exceptions import exceptions
from cli.mappings import mappings
from cli.numbers import numbers
from cli.orders import orders
from cli.requeue import requeue
from cli.session import Session
from cli.shadow import shadow
from cli.shipments import shipments
from shared.errors import BridgeError


class _Bridge(click.Group):
    """Errors that the bridge foresaw are told as one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BridgeError as problem:
            raise click.ClickException(str(problem)) from problem


@click.group(cls=_Bridge)
@click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False),
    help="A settings file (local.settings.json); without it the environment's app settings count.",
)
@click.option("--who", default="", help="Your name for the audit; the login's name where it is left out.")
@click.pass_context
def main(context: click.Context, settings: str | None, who: str) -> None:
    """Operate the bridge between Mirakl and the ERP."""
    opening = partial(Session.open, settings, who)
    # What is said of an ERP that nobody has set up needs no settings.
    context.obj = opening if context.invoked_subcommand == erp.name else opening()


for group in (orders, exceptions, mappings, numbers, requeue, shadow, shipments, erp):
    main.add_command(group)

if __name__ == "__main__":
    main(prog_name="bridge")
