"""What a case needs an ERP to offer: where its capabilities say no, the case is skipped with that reason."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.model.sales_order import Capabilities
from tests.contract.erp.world import World

Case = Callable[..., Awaitable[None]]
Need = Callable[[Case], Case]


def needs(offered: Callable[[Capabilities], bool], reason: str) -> Need:
    """Decorates a test that takes `world`."""

    def decorated(case: Case) -> Case:
        @functools.wraps(case)
        async def asked(*, world: World, **others: Any) -> None:
            if not offered(world.erp.capabilities):
                pytest.skip(reason)
            await case(world=world, **others)

        return asked

    return decorated


key = needs(lambda can: can.uniqueness == "enforced", "no key of the ERP's prevents a second order: one writer waits")
looking_up = needs(lambda can: can.uniqueness == "looked_up", "the ERP's own key prevents a second order")
own_reference = needs(lambda can: can.numbers != "allocated", "an order is found by the number allocated to it only")
lines = needs(lambda can: can.shows_lines, "the ERP shows an order's status and no lines")
totals = needs(lambda can: can.shows_totals, "the ERP shows no totals")
holding = needs(lambda can: can.holds, "an order cannot be stopped once it is created")
removing = needs(lambda can: can.cancels_lines, "no line can be taken out once the order is created")
releasing = needs(lambda can: can.releases, "an order needs nobody to release it")
shipments = needs(lambda can: can.shipments == "listed", "no shipping documents are listed: the status tells")
status = needs(lambda can: can.shipments == "status", "shipping documents are listed")
tracking = needs(lambda can: can.tracks, "the ERP knows no tracking numbers")
customers = needs(lambda can: can.shoppers == "ensured", "a shopper is not created by a call of its own")
accounts = needs(lambda can: can.shoppers == "returned", "an order does not create its shopper")
listing = needs(lambda can: can.lists_references, "the ERP does not list our references")
invoices = needs(lambda can: can.lists_invoices, "the ERP does not list invoices")
no_listing = needs(lambda can: not can.lists_references, "the ERP lists our references")
no_invoices = needs(lambda can: not can.lists_invoices, "the ERP lists invoices")
