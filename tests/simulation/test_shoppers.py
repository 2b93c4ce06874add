"""One shopper, ten orders at once under ten aliases: one customer of the ERP where the client wants that, else none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandboxes.mirakl.wishes import Placement, WantedOrder
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, Choices, World

TEN = Placement(shop="north/2001", orders=(WantedOrder(customer="one shopper"),) * 10, seed=1)


@pytest.mark.parametrize(
    ("per_shopper", "customers"),
    [(frozenset({"north"}), 1), (frozenset({"south"}), 0), (frozenset[str](), 0)],
    ids=["per shopper", "per shopper elsewhere", "per marketplace"],
)
async def test_ten_orders_under_ten_aliases(per_shopper: frozenset[str], customers: int) -> None:
    world = await World(duplicates=1.0, choices=Choices(per_shopper=per_shopper)).prepare()
    placed = world.mirakl_rules.place(TEN)
    host = Host(world, Pulse, instances=2)
    await host.run_until(EPOCH + timedelta(minutes=20))

    erp = world.books()
    assert len({order.shopper.email for order in placed}) == 10
    assert len({order.shopper.customer_id for order in placed}) == 1
    assert (len(erp["customers"]), len(erp["orders"])) == (customers, 10)
    accounts = {order["customer"] for order in erp["orders"]}
    assert accounts == ({one["account"] for one in erp["customers"]} if customers else {"MKP-FR-EUR"})
    assert (world.verdict().findings, host.bugs) == ([], [])
