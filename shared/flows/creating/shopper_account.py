"""The account of a shopper whom the ERP makes a customer with the first order: kept, and never made twice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from shared.errors import Conflict, Transient
from shared.flows.creating.creation import SHORTEST, Claiming, Ports, last_send
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.outcome import Later
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import ShopperAccount

_LOOKS = 3


async def known(order: Order, *, shop: Shop, ports: Ports) -> ShopperAccount | None:
    """None where no shopper becomes a customer in this way."""
    marketplace, can = shop.marketplace, ports.sales_orders.capabilities
    if marketplace.customers != "per_shopper" or can.shoppers != "returned" or not order.shopper.id:
        return None
    return await ports.accounts.load(marketplace.id, order.shopper.id)


async def reserve(
    key: OrderKey, step: Step, account: ShopperAccount, *, shop: Shop, ports: Ports, claiming: Claiming
) -> ShopperAccount | Later:
    """For this order alone, until its claim ends; written each time, so that nobody takes it who looked before.

    Raises Conflict: another order of the shopper came first.
    """
    now = ports.clock.now()
    if account.holder not in {None, key} and await _is_held(account, now, shop, ports):
        wait = max((account.until or now) - now, SHORTEST) + timedelta(seconds=1 + 5 * claiming.jitter())
        return Later(wait, "another order of the shopper makes the customer", step)
    return await ports.accounts.save(replace(account, holder=key, until=now + claiming.length))


async def _is_held(account: ShopperAccount, now: datetime, shop: Shop, ports: Ports) -> bool:
    """Beyond its time it stays with an order that may have been sent: that one's account may come yet."""
    if account.holder is None or (account.until is not None and now < account.until):
        return account.holder is not None
    step = (await ports.progress.load(account.holder)).steps.get("create_order")
    if step is None or step.closed or last_send(step) is None:
        return False
    return account.holder.shop != shop.id or not await _is_nowhere(step, now, shop, ports)


async def _is_nowhere(step: Step, now: datetime, shop: Shop, ports: Ports) -> bool:
    """Refused, it waits for a person, who may take days; what an earlier sending came to shows a settled look."""
    sent, settle = last_send(step), ports.sales_orders.capabilities.settle
    if step.state != "exception" or not step.number or sent is None or now < sent + settle:
        return False
    try:
        return await ports.sales_orders.find(company=shop.company, number=step.number, reference="") is None
    except Transient:
        return False


async def settle_account(account: ShopperAccount, customer: str, *, ports: Ports) -> None:
    """The order exists: what it brought is kept before the order is on record. Without an account it is free again."""
    if not customer and account.holder is None:
        return
    for _ in range(_LOOKS):
        with suppress(Conflict):
            await ports.accounts.save(replace(account, account=customer, holder=None, until=None))
            return
        account = await ports.accounts.load(account.marketplace, account.customer_id)
        if account.account:
            return
    raise Conflict("the shopper's account moved at every look")


async def free(account: ShopperAccount, *, ports: Ports) -> None:
    """Nothing was made. Where this fails its time frees it, and what is known of the order stays as clear as it is."""
    with suppress(Conflict, Transient):
        await ports.accounts.save(replace(account, holder=None, until=None))
