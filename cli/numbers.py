"""`bridge numbers show|move`: the ranges of order numbers that the bridge allocates, where the ERP wants it so."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cli.session import Session
from cli.words import say, table
from shared.flows import move_numbers
from shared.model.keys import OrderKey
from shared.ports.own import NumberRange
from shared.wiring import Bridge

_KIND = "number_range_stopped"


@click.group()
def numbers() -> None:
    """Ranges of order numbers: one per shop, used by the bridge alone."""


@numbers.command()
@click.pass_obj
def show(session: Session) -> None:
    """How far each range is used, and why one has stopped."""
    rows = session.run(lambda bridge, _: _rows(bridge))
    if not rows:
        say("The ERP's order numbers are not allocated by the bridge.")
        return
    table(("shop", "next number", "count", "stopped"), rows)


@numbers.command()
@click.option("--shop", required=True, help="The shop's slug.")
@click.option("--next", "count", required=True, type=click.IntRange(min=0), help="The count of the next number.")
@click.pass_obj
def move(session: Session, shop: str, count: int) -> None:
    """Let a range go on at a free number, and send again the orders that it stopped."""
    if shop not in session.settings.shops:
        raise click.UsageError(f"no shop {shop!r}; the shops are {', '.join(session.settings.shops)}")
    sent = session.run(lambda bridge, _: _move(bridge, shop, count, session.who))
    for line in sent:
        say(line)
    say(f"The next number of {shop} has the count {count}; {len(sent)} orders sent again.")


async def _rows(bridge: Bridge) -> Sequence[tuple[str, ...]]:
    ranges = bridge.parts.sales_orders.capabilities.ranges
    shops = [shop for shop in bridge.settings.shops.values() if shop.id in ranges]
    stand = [await move_numbers.stand(shop, ports=_ports(bridge)) for shop in shops]
    return [(one.shop, _next(bridge, one), str(one.next), one.stopped) for one in stand]


def _next(bridge: Bridge, one: NumberRange) -> str:
    try:
        return bridge.parts.sales_orders.capabilities.ranges[one.shop].number(one.next)
    except ValueError:
        return "used up"


async def _move(bridge: Bridge, shop: str, count: int, who: str) -> Sequence[str]:
    known, ports = bridge.settings.shops[shop], _ports(bridge)
    before = await move_numbers.stand(known, ports=ports)
    after = await move_numbers.run(known, count, ports=ports)
    await bridge.parts.audit.record(area="numbers", what=shop, who=who, before=_told(before), after=_told(after))
    stopped = await bridge.parts.exceptions.open(kind=_KIND)
    return [line for key in sorted({one.key for one in stopped}) for line in await _again(bridge, key, shop, who)]


async def _again(bridge: Bridge, key: OrderKey, shop: str, who: str) -> Sequence[str]:
    if key.shop != shop or not key.order:
        return ()
    sent = await bridge.requeue(key, who=who)
    return (f"{key.order}: {', '.join(one.step for one in sent)}",) if sent else ()


def _told(one: NumberRange) -> str:
    return f"next {one.next}; {one.stopped or 'not stopped'}"


def _ports(bridge: Bridge) -> move_numbers.Ports:
    return move_numbers.Ports(bridge.parts.numbers, bridge.parts.sales_orders)
