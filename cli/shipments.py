"""`bridge shipments enter`: what has left where no ERP and no file tells it, and tracking that is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import click

from cli.session import Session
from cli.words import say
from shared.flows import enter_shipment
from shared.model.despatch import DespatchRow
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.wiring import Bridge, way_back


@click.group()
def shipments() -> None:
    """Shipments that a person knows of."""


@shipments.command()
@click.option("--shop", required=True, help="The shop's slug.")
@click.option("--order", required=True, help="Mirakl's order id, or the ERP's number.")
@click.option("--document", required=True, help="What the shipment is called: consignment or shipping document.")
@click.option("--carrier", required=True, help="The carrier, as the carriers mapping has it.")
@click.option("--service", default="", help="The carrier's service, as the carriers mapping has it.")
@click.option("--tracking", default="", help="The tracking number.")
@click.option("--lines", default="", help="LINE=QUANTITY,…, in the ERP's unit; without it all that is left.")
@click.pass_obj
def enter(
    session: Session, shop: str, order: str, document: str, carrier: str, service: str, tracking: str, lines: str
) -> None:
    """Put a shipment on record, and tell Mirakl of it. For a DOCUMENT that is on record already, its tracking."""
    if shop not in session.settings.shops:
        raise click.UsageError(f"no shop {shop!r}; the shops are {', '.join(session.settings.shops)}")
    quantities = _quantities(lines)

    async def work(bridge: Bridge) -> Step | None:
        row = DespatchRow("the order", order.strip(), document.strip(), bridge.clock.now())
        row = replace(row, carrier=carrier.strip(), service=service.strip(), tracking=tracking.strip())
        return await _enter(bridge, session.settings.shops[shop], _rows(row, quantities), session.who)

    step = session.run(lambda bridge, _: work(bridge))
    said = f"confirm_shipment is {step.state} {step.waiting_for}".strip() if step else "it waits for its order"
    say(f"{document} of order {order} is on record; {said}.")


async def _enter(bridge: Bridge, shop: Shop, rows: Sequence[DespatchRow], who: str) -> Step | None:
    ports = way_back.leaving_ports(bridge)
    key = await enter_shipment.run(rows, shop, who=who, policy=way_back.policy(bridge), ports=ports)
    first = rows[0]
    numbers = "with" if first.tracking else "without"
    after = f"{', '.join(row.place for row in rows)}; {first.carrier} {first.service}".strip() + f", {numbers} tracking"
    what = f"{key} {first.consignment}"
    await bridge.parts.audit.record(area="shipments", what=what, who=who, before="", after=after)
    return (await bridge.progress.load(key)).steps.get("confirm_shipment")


def _rows(row: DespatchRow, quantities: Mapping[str, Decimal | None]) -> Sequence[DespatchRow]:
    named = [replace(row, place=f"line {line}", line=line, quantity=one) for line, one in quantities.items()]
    return named or [row]


def _quantities(text: str) -> Mapping[str, Decimal | None]:
    """`L-1=2,L-2` is two of L-1 and all that is left of L-2."""
    found: dict[str, Decimal | None] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        line, given, quantity = part.partition("=")
        found[line.strip()] = _above_zero(quantity, part) if given else None
    return found


def _above_zero(text: str, part: str) -> Decimal:
    try:
        quantity = Decimal(text.strip())
    except InvalidOperation:
        quantity = Decimal(0)
    if not quantity.is_finite() or quantity <= 0:
        raise click.UsageError(f"--lines {part!r}: write LINE=QUANTITY with a quantity above zero")
    return quantity
