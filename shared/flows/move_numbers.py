"""A person moves a shop's range of order numbers: it begins at a free number, and what was stopped goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.errors import BridgeError
from shared.model.sales_order import NumberFormat
from shared.model.shop import Shop
from shared.ports.erp import SalesOrders
from shared.ports.own import NumberRange, NumberRanges


class NotMoved(BridgeError):
    """The range stays as it is; the text names what to give instead."""


@dataclass(frozen=True, slots=True)
class Ports:
    numbers: NumberRanges
    sales_orders: SalesOrders


async def stand(shop: Shop, *, ports: Ports) -> NumberRange:
    """As far as the range is used; raises NotMoved where the shop has none."""
    return await ports.numbers.load(shop.id) or NumberRange(shop.id, _form(shop, ports).first)


async def run(shop: Shop, count: int, *, ports: Ports) -> NumberRange:
    """The next order gets the number of this `count`. Raises NotMoved, Conflict and Transient."""
    one = await stand(shop, ports=ports)
    if count < one.next:
        raise NotMoved(f"numbers below {one.next} are given to orders already: name {one.next} or more")
    number = _number(_form(shop, ports), count)
    if await ports.sales_orders.find(company=shop.company, number=number, reference="") is not None:
        raise NotMoved(f"the ERP has an order {number}: name a count after the greatest that it has")
    return await ports.numbers.save(replace(one, next=count, stopped=""))


def _number(form: NumberFormat, count: int) -> str:
    try:
        return form.number(count)
    except ValueError as used_up:
        raise NotMoved(f"{used_up}; give it more digits in the settings, or another prefix") from None


def _form(shop: Shop, ports: Ports) -> NumberFormat:
    form = ports.sales_orders.capabilities.ranges.get(shop.id)
    if form is None:
        raise NotMoved(f"the order numbers of {shop.id} are not allocated by the bridge")
    return form
