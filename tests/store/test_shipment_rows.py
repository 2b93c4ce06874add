"""A shipment comes back from its order's partition as it was put there, and is written against its version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Conflict
from shared.model.keys import OrderKey
from shared.model.shipment import ErpShipment, Shipment, ShippedLine, Tracking
from shared.model.steps import Step
from shared.ports.own import Change
from shared.store.progress import TableProgress
from shared.store.shipment_rows import shipment_operation, shipments_of
from shared.store.tables import Insert, Row
from tests.fakes.clock import START, VirtualClock
from tests.fakes.memory_tables import MemoryTables

KEY = OrderKey("shop-a", "1")
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
QUANTITIES = st.decimals(allow_nan=False, allow_infinity=False)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds
SHOWN = st.builds(
    ErpShipment,
    id=TEXT,
    document=TEXT,
    number=TEXT,
    reference=TEXT,
    shipped=TIMES,
    delivery_mode=TEXT,
    carrier=TEXT,
    service=TEXT,
    lines=st.lists(st.builds(ShippedLine, TEXT, QUANTITIES, QUANTITIES), max_size=4).map(tuple),
    tracking=st.lists(st.builds(Tracking, TEXT, TEXT), max_size=3).map(tuple),
)
SHIPMENTS = st.builds(
    Shipment,
    erp=SHOWN,
    told=st.none() | TIMES,
    told_lines=st.lists(st.tuples(TEXT, QUANTITIES), max_size=3).map(tuple),
    told_tracking=TEXT,
    marketplace_id=TEXT,
)


def slip(document: str = "PS-1", *, minutes: int = 0) -> Shipment:
    lines = (ShippedLine("L", Decimal("2.50"), Decimal(1)),)
    at = START + timedelta(minutes=minutes)
    return Shipment(ErpShipment("9", document, "NO-1", "NO-1", at, "EXP", "", "", lines))


@given(SHIPMENTS)
def test_a_shipment_comes_back_as_it_was_and_its_quantities_to_the_last_digit(shipment: Shipment) -> None:
    operation = shipment_operation(shipment)
    assert isinstance(operation, Insert)
    [back] = shipments_of([Row(operation.row, operation.values, "7")])
    assert back == replace(shipment, version="7")
    before = [str(one.shipped) for one in shipment.erp.lines] + [str(units) for _, units in shipment.told_lines]
    after = [str(one.shipped) for one in back.erp.lines] + [str(units) for _, units in back.told_lines]
    assert after == before


async def test_an_order_s_shipments_are_loaded_with_it_oldest_first() -> None:
    progress = TableProgress(MemoryTables(), VirtualClock())
    shipments = (slip("PS-3", minutes=2), slip("PS-2", minutes=1), slip("PS-1/2", minutes=1))
    await progress.commit(KEY, Change(steps=(Step("confirm_shipment", "outstanding"),), shipments=shipments))
    record = await progress.load(KEY)
    assert [one.erp.document for one in record.shipments] == ["PS-1/2", "PS-2", "PS-3"]
    assert list(record.steps) == ["confirm_shipment"]


async def test_a_shipment_is_written_once_and_then_only_against_its_version() -> None:
    progress = TableProgress(MemoryTables(), VirtualClock())
    await progress.commit(KEY, Change(shipments=(slip(),)))
    [stored] = (await progress.load(KEY)).shipments
    await progress.commit(KEY, Change(shipments=(replace(stored, told=START, told_tracking="T"),)))
    for outdated in (slip(), stored):
        with pytest.raises(Conflict):
            await progress.commit(KEY, Change(shipments=(outdated,)))
    [told] = (await progress.load(KEY)).shipments
    assert (told.told, told.told_tracking) == (START, "T")


async def test_a_change_that_meets_another_shipment_leaves_no_half() -> None:
    progress = TableProgress(MemoryTables(), VirtualClock())
    await progress.commit(KEY, Change(shipments=(slip(),)))
    with pytest.raises(Conflict):
        await progress.commit(KEY, Change(steps=(Step("confirm_shipment", "outstanding"),), shipments=(slip(),)))
    assert (await progress.load(KEY)).steps == {}
