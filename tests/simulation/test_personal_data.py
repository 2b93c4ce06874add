"""Names, addresses and aliases stand in the person row and in the ERP, tracking numbers in the order's shipments.

They stand nowhere else.
"""

from __future__ import annotations

import gzip
import logging
from datetime import timedelta

import pytest

from sandboxes.faults import Fault
from sandboxes.mirakl.wishes import Mix, Placement
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, Choices, World

PERSON, SHIPMENT = "person", "shipment|"
TABLES = ("orders", "openwork", "exceptions", "lookup", "audit", "lists", "control", "mappings")
CHOICES = Choices(
    warehouse={
        "ships_after_seconds": 600,
        "partial_share": 0.3,
        "rest_after_seconds": 600,
        "unknown_carrier_share": 0.2,
        "tracking": {"with": 1.0, "after": 1.0, "changed": 1.0, "late": 0.3},
        "tracking_after_seconds": 300,
        "changed_after_seconds": 600,
    },
    multi_shipment=frozenset({"south"}),
    per_shopper=frozenset({"north"}),
)


@pytest.mark.slow
async def test_personal_data_is_in_no_other_row_log_message_or_url(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = await World(seed=11, choices=CHOICES).prepare()
    for shop in ("north/2001", "south/2001"):
        world.mirakl_rules.place(Placement(shop=shop, count=12, mix=Mix(instructions=1.0, foreign=0.5), seed=3))
    world.mirakl_rules.place(Placement(shop="north/2001", count=3, mix=Mix(long_text=1.0), seed=4))
    world.erp.faults += [Fault("error_after", "batch", times=3), Fault("truncated", "read", times=2)]
    world.mirakl.faults += [Fault("error_after", "OR23", times=2), Fault("reset_after", "ST01", times=2)]
    urls = _watched(world)
    await Host(world, Pulse).run_until(EPOCH + timedelta(hours=2))

    erp = world.books()
    people = [text for order in world.mirakl_rules.book for text in _personal(order)]
    parcels = [one["number"] for shipment in erp["shipments"] for one in shipment["tracking"]]
    told = [record.getMessage() for record in caplog.records] + urls
    elsewhere = told + [text for table in TABLES for text in _rows(world, table, without=(PERSON, SHIPMENT))]
    shipments = _rows(world, "orders", only=SHIPMENT)
    assert (len(people) > 50, len(parcels) > 20, len(erp["customers"]) > 10) == (True, True, True)
    assert (len(elsewhere) > 500, len(shipments) > 20) == (True, True)
    assert not {person for person in people for text in (*elsewhere, *shipments) if person in text}
    assert not {number for number in parcels for text in elsewhere if number in text}
    assert any(number in text for number in parcels for text in shipments)


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


def _rows(world: World, table: str, *, only: str = "", without: tuple[str, ...] = ()) -> list[str]:
    """Keys and every column, packed ones unpacked, of the rows whose keys start like `only` and not like `without`."""
    found = []
    for (partition, row), values in world.tables.everything(table).items():
        if not row.startswith(only) or (without and row.startswith(without)):
            continue
        found += [partition, row]
        found += [str(value) for value in values.values() if not isinstance(value, bytes)]
        packed = b"".join(value for _, value in sorted(values.items()) if isinstance(value, bytes))
        if packed:
            found.append(gzip.decompress(packed).decode("unicode_escape"))
    return found
