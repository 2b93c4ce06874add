"""A range of order numbers goes on where a person says, at a number that is free, and never back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from shared.flows import move_numbers
from shared.flows.move_numbers import NotMoved
from shared.ports.own import NumberRange
from shared.store.number_ranges import TableNumberRanges
from tests.builders import shop
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.status_sales_orders import StatusSalesOrders

SHOP = shop()


@dataclass
class Desk:
    """The numbers up to N0004 are given to orders, and somebody has used N0007."""

    tables: MemoryTables = field(default_factory=MemoryTables)
    erp: StatusSalesOrders = field(default_factory=StatusSalesOrders)

    async def prepared(self) -> Desk:
        self.erp.entered_by_another("N0007")
        await TableNumberRanges(self.tables).save(NumberRange(SHOP.id, 5, stopped="the ERP has N0007"))
        return self

    @property
    def ports(self) -> move_numbers.Ports:
        return move_numbers.Ports(TableNumberRanges(self.tables), self.erp)

    async def stand(self) -> tuple[int, str]:
        one = await move_numbers.stand(SHOP, ports=self.ports)
        return one.next, one.stopped


@pytest.mark.parametrize("count", [5, 8, 9998])
async def test_it_goes_on_at_a_free_number(count: int) -> None:
    desk = await Desk().prepared()
    await move_numbers.run(SHOP, count, ports=desk.ports)
    assert await desk.stand() == (count, "")


@pytest.mark.parametrize(
    ("count", "said"),
    [(4, "name 5 or more"), (7, "the ERP has an order N0007"), (9999, "used up")],
    ids=["given already", "used by others", "beyond its end"],
)
async def test_it_stays_where_the_number_is_not_free(count: int, said: str) -> None:
    desk = await Desk().prepared()
    with pytest.raises(NotMoved, match=said):
        await move_numbers.run(SHOP, count, ports=desk.ports)
    assert await desk.stand() == (5, "the ERP has N0007")


async def test_a_range_that_was_never_used_begins_at_its_first_number() -> None:
    assert await Desk().stand() == (1, "")


async def test_a_shop_without_a_range_has_nothing_to_move() -> None:
    desk = await Desk().prepared()
    with pytest.raises(NotMoved, match="not allocated by the bridge"):
        await move_numbers.run(shop(id="north-fr"), 5, ports=desk.ports)
