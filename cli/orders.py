"""`bridge orders show`: one order's steps, exceptions and timeline."""

from __future__ import annotations

import click

from cli.session import Session
from cli.words import moment, say, table
from shared.model.keys import OrderKey
from shared.model.steps import Step
from shared.ports.own import History, OrderRecord
from shared.wiring import Bridge
from shared.wiring.real_parts import RealParts


@click.group()
def orders() -> None:
    """Orders as the bridge has them on record."""


@orders.command()
@click.argument("order")
@click.option("--shop", default="", help="The shop's slug, where two shops have an order of this id.")
@click.pass_obj
def show(session: Session, order: str, shop: str) -> None:
    """Everything about ORDER (Mirakl's order id, or the ERP's number): what happened, when, what is still open."""
    found = session.run(lambda bridge, parts: _find(bridge, parts, order, shop))
    if not found:
        raise click.ClickException(f"no shop has an order {order!r} on record")
    for record, timeline in found:
        _show(record, timeline)


async def _find(bridge: Bridge, parts: RealParts, order: str, shop: str) -> list[tuple[OrderRecord, list[History]]]:
    keys = [OrderKey(one, order) for one in bridge.settings.shops if shop in ("", one)]
    keys += await parts.tables.lookup.resolve("erp_number", order)
    found = []
    for key in keys:
        record = await bridge.progress.load(key)
        if record.steps or record.snapshot or record.exceptions:
            found.append((record, list(await bridge.progress.history(key))))
    return found


def _show(record: OrderRecord, timeline: list[History]) -> None:
    say(f"Order {record.key.order} of shop {record.key.shop}")
    if record.snapshot:
        state = record.snapshot.facts.get("order_state", "")
        say(f"Mirakl: {state}, last changed {moment(record.snapshot.updated)} UTC")
    else:
        say("Mirakl: no snapshot stored")
    say()
    table(("step", "state", "attempt", "due", "reference", "reason"), [_step(step) for step in record.steps.values()])
    for one in record.exceptions:
        say()
        say(f"OPEN EXCEPTION {one.kind} ({one.owner}, due {moment(one.due)} UTC, seen {one.count} times)")
        say(f"  {one.subject}: {one.reason}")
        say(f"  To do: {one.remedy}")
    say()
    table(("time (UTC)", "step", "attempt", "outcome", "reference", "times"), [_line(one) for one in timeline])


def _step(step: Step) -> tuple[str, ...]:
    state = f"{step.state} for {step.waiting_for}" if step.waiting_for else step.state
    return step.name, state, str(step.attempt), moment(step.due), step.reference, step.reason


def _line(one: History) -> tuple[str, ...]:
    times = "" if one.count == 1 else f"{one.count}, last {moment(one.last)}"
    return moment(one.at), one.step, str(one.attempt), one.text, one.reference, times
