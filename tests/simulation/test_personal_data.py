"""Names, addresses and aliases stand in the person row and in the ERP's order, and nowhere else."""

from __future__ import annotations

import gzip
import logging
from datetime import timedelta

import pytest

from sandboxes.faults import Fault
from sandboxes.mirakl.wishes import Mix, Placement
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, World

PERSON = "person"


async def test_personal_data_is_in_no_other_row_log_message_or_url(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = await World(seed=11).prepare()
    for shop in ("north/2001", "south/2001"):
        world.mirakl_rules.place(Placement(shop=shop, count=12, mix=Mix(instructions=1.0, foreign=0.5), seed=3))
    world.mirakl_rules.place(Placement(shop="north/2001", count=3, mix=Mix(long_text=1.0), seed=4))
    world.erp.faults += [Fault("error_after", "batch", times=3), Fault("truncated", "read", times=2)]
    urls = _watched(world)
    await Host(world, Pulse).run_until(EPOCH + timedelta(hours=1))

    people = [text for order in world.mirakl_rules.book for text in _personal(order)]
    told = [record.getMessage() for record in caplog.records] + urls
    told += [
        str(value) for table in ("orders", "openwork", "exceptions", "lookup", "audit") for value in _rows(world, table)
    ]
    assert len(people) > 50
    assert len(told) > 500
    leaks = {person for person in people for text in told if person in text}
    assert not leaks


def _watched(world: World) -> list[str]:
    urls: list[str] = []
    for side in (world.mirakl, world.erp):
        rules, handle = side.sandbox, side.sandbox.handle

        def noted(request, now, handle=handle):  # type: ignore[no-untyped-def]
            urls.append(request.path + str(request.query))
            return handle(request, now)

        rules.handle = noted  # type: ignore[method-assign]
    return urls


def _personal(order: object) -> list[str]:
    shopper = order.shopper  # type: ignore[attr-defined]
    address = shopper.shipping
    names = [address.street_1, address.street_2, address.additional_info, address.company, shopper.email]
    names += [f"{address.firstname} {address.lastname}", address.phone]
    return [name for name in names if name and len(name) > 4]


def _rows(world: World, table: str) -> list[str]:
    """Every column of every row but the person's, packed ones unpacked."""
    found = []
    for (_, row), values in world.tables.everything(table).items():
        if row == PERSON:
            continue
        found += [str(value) for value in values.values() if not isinstance(value, bytes)]
        packed = b"".join(value for _, value in sorted(values.items()) if isinstance(value, bytes))
        if packed:
            found.append(gzip.decompress(packed).decode("unicode_escape"))
    return found
