"""`bridge erp capabilities`: what the ERP offers and promises, and what stands in for what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from cli.erp_sample import Choice, sample
from cli.session import Session
from cli.words import say, table
from shared.erp.registry import ERPS, registration
from shared.model.sales_order import Capabilities
from shared.settings import Settings

_COLUMNS = ("what", "offered", "how, and what that promises", "what stands in for it")
_ENTER = "bridge shipments enter"


@click.group()
def erp() -> None:
    """The ERPs that the bridge knows."""


@erp.command()
@click.option("--erp", "kind", type=click.Choice(sorted(ERPS)), help="Another one than the settings name.")
@click.pass_obj
def capabilities(opening: Callable[[], Session], kind: str | None) -> None:
    """What the ERP of the settings offers and promises; with --erp another one, by its defaults."""
    if kind is None:
        settings = opening().settings
        found = registration(settings.erp.kind).capabilities(settings.erp)
        _show(found, _rungs(found, settings))
        return
    other = sample(kind, registration(kind))
    if other.capabilities is None:
        say(f"{registration(kind).title}: what it offers cannot be told before it is set up.")
    else:
        _show(other.capabilities, _rungs(other.capabilities, None))
    _explain(other.choices)


def _show(found: Capabilities, rungs: Sequence[tuple[str, ...]]) -> None:
    say(found.name)
    say()
    table(_COLUMNS, [(one.what, _yes(one.offered), one.how, one.instead) for one in found.offers])
    say()
    say("How the bridge learns what has left:")
    table(("way", "in use", "how"), rungs)


def _rungs(found: Capabilities, settings: Settings | None) -> Sequence[tuple[str, ...]]:
    """From the best to the last; `settings` None: nobody has set it up."""
    listed = found.shipments == "listed"
    asked = "not needed" if listed else "asked of open orders, of the young ones more often"
    files = settings.despatch_files if settings else None
    where = files.place if files else "setting DESPATCH_FILES is not given"
    return (
        ("shipping documents", _yes(listed), "listed by the ERP" if listed else "the ERP lists none"),
        ("order status", _yes(not listed), asked),
        ("despatch files", _yes(files is not None), where),
        ("by hand", "yes", f"{_ENTER}: shipments, and tracking numbers that are missing"),
    )


def _explain(choices: Sequence[Choice]) -> None:
    if not choices:
        return
    say()
    say("Without a default, so that the client must choose (docs/settings.md says what each means):")
    table(
        ("field of ERP", "one of", "shown here for"), [(one.field, ", ".join(one.among), one.sample) for one in choices]
    )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
