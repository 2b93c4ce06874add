"""A shop's range of order numbers, which the bridge alone uses: a number is given to one order, and never again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from shared.errors import Conflict, Rejected
from shared.flows.creating.creation import Ports
from shared.model.sales_order import NumberFormat
from shared.model.shop import Shop
from shared.ports.own import NumberRange

_LOOKS = 20
"""So many instances may take a number of one shop before this one does."""


async def allocate(shop: Shop, *, ports: Ports) -> str:
    """The next number, which is taken from now on: whoever dies with it leaves a gap.

    Raises Rejected (`number_range_stopped`), Conflict, and Transient.
    """
    for _ in range(_LOOKS):
        one, number = await _next(shop, ports)
        # Saved against the version that was read: a number that others took meanwhile is in the ERP for good reason.
        why = await _trouble(one, number, shop, ports)
        with suppress(Conflict):
            after = replace(one, stopped=why) if why else replace(one, next=one.next + 1)
            await ports.numbers.save(after)
            if why:
                raise stopped(shop, why)
            ports.probed[shop.id] = after.next
            return number
    raise Conflict(f"others took numbers of {shop.id} at every look")


async def stop(shop: Shop, why: str, *, ports: Ports) -> Rejected:
    """Nothing is allocated any more until a person moves the range; the reason for whoever met the trouble."""
    for _ in range(_LOOKS):
        one = await ports.numbers.load(shop.id) or _begun(shop, ports)
        if one.stopped:
            break
        with suppress(Conflict):
            await ports.numbers.save(replace(one, stopped=why))
            break
    return stopped(shop, why)


def stopped(shop: Shop, why: str) -> Rejected:
    return Rejected("number_range_stopped", subject=shop.id, reason=why, remedy=_remedy(shop))


async def _next(shop: Shop, ports: Ports) -> tuple[NumberRange, str]:
    """The range as it stands, and its next number; none where the range is used up."""
    one = await ports.numbers.load(shop.id) or _begun(shop, ports)
    if one.stopped:
        raise stopped(shop, one.stopped)
    with suppress(ValueError):
        return one, _form(shop, ports).number(one.next)
    return one, ""


async def _trouble(one: NumberRange, number: str, shop: Shop, ports: Ports) -> str:
    """A process that starts, and tables that begin anew or are of yesterday, are not trusted: the ERP is asked once."""
    if not number:
        return "the range is used up; give it more digits in the settings, or another prefix"
    if one.version is not None and shop.id in ports.probed and one.next >= ports.probed[shop.id]:
        return ""
    if await ports.sales_orders.find(company=shop.company, number=number, reference="") is None:
        return ""
    return f"the ERP has an order {number}, a number that the bridge has given to no order"


def _begun(shop: Shop, ports: Ports) -> NumberRange:
    return NumberRange(shop.id, _form(shop, ports).first)


def _form(shop: Shop, ports: Ports) -> NumberFormat:
    return ports.sales_orders.capabilities.ranges[shop.id]


def _remedy(shop: Shop) -> str:
    return (
        "Find out who else uses the numbers (docs/runbooks/number_range_stopped.md); then "
        f"bridge numbers move --shop {shop.id} --next COUNT, and the orders go on."
    )
