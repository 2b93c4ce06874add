"""`bridge orders show`: one order's steps, exceptions and timeline."""

from __future__ import annotations

from typing import get_args

import click

from cli.session import Session
from cli.words import moment, say, table
from shared.model.keys import OrderKey
from shared.model.shipment import Shipment
from shared.model.steps import Step, StepName
from shared.ports.own import History, OrderRecord
from shared.wiring import Bridge
from shared.wiring.real_parts import RealParts

_LIFE = get_args(StepName)
_SHIPMENT = ("shipment", "left (UTC)", "carried by", "tracking numbers", "Mirakl told (UTC)")


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
    keys += _named_by_number(bridge, order, shop)
    keys += await parts.tables.lookup.resolve("erp_number", order)
    found = []
    for key in dict.fromkeys(keys):
        record = await bridge.progress.load(key)
        if record.steps or record.snapshot or record.exceptions:
            found.append((record, list(await bridge.progress.history(key))))
    return found


def _named_by_number(bridge: Bridge, number: str, shop: str) -> list[OrderKey]:
    """A number that we derived is the marketplace's prefix and the order's id, where that fits."""
    prefix, _, order = number.partition("-")
    shops = bridge.settings.shops.values()
    return [OrderKey(one.id, order) for one in shops if one.marketplace.prefix == prefix and shop in ("", one.id)]


def _show(record: OrderRecord, timeline: list[History]) -> None:
    say(f"Order {record.key.order} of shop {record.key.shop}")
    if record.snapshot:
        state = record.snapshot.facts.get("order_state", "")
        say(f"Mirakl: {state}, last changed {moment(record.snapshot.updated)} UTC")
    else:
        say("Mirakl: no snapshot stored")
    say()
    steps = sorted(record.steps.values(), key=lambda step: _LIFE.index(step.name))
    table(("step", "state", "attempt", "due", "reference", "reason"), [_step(step) for step in steps])
    if record.shipments:
        say()
        table(_SHIPMENT, [_shipment(one) for one in record.shipments])
    for one in record.exceptions:
        say()
        say(f"OPEN EXCEPTION {one.kind} ({one.owner}, due {moment(one.due)} UTC, seen {one.count} times)")
        say(f"  {one.subject}: {one.reason}")
        say(f"  To do: {one.remedy}")
    say()
    table(("time (UTC)", "step", "attempt", "outcome", "reference", "times"), [_line(one) for one in timeline])


def _step(step: Step) -> tuple[str, ...]:
    about = f" for {step.waiting_for}" if step.waiting_for else f": {step.kind}" if step.kind else ""
    return step.name, step.state + about, str(step.attempt), moment(step.due), step.reference, step.reason


def _shipment(one: Shipment) -> tuple[str, ...]:
    """Without its tracking numbers: they lead to a parcel's way."""
    erp = one.erp
    carried = " / ".join(part for part in (erp.delivery_mode, erp.carrier, erp.service) if part)
    return (
        erp.document,
        moment(erp.shipped),
        carried,
        str(len(erp.tracking) or "none"),
        _told(one),
    )


def _told(one: Shipment) -> str:
    if one.told is None:
        return "not yet"
    return moment(one.told) if one.told_lines else f"{moment(one.told)}, as not shipped yet"


def _line(one: History) -> tuple[str, ...]:
    times = "" if one.count == 1 else f"{one.count}, last {moment(one.last)}"
    return moment(one.at), one.step, str(one.attempt), one.text, one.reference, times
