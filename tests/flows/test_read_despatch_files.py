"""Despatch files: each row in effect once, each file moved only after its rows are stored, nothing lost in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Unavailable
from shared.flows.despatching.sorted_rows import STAYED_IN_DOUBT
from shared.flows.read_despatch_files import IN_DOUBT
from shared.model.steps import Step
from shared.ports.own import Change
from tests.builders import NOW, marketplace, row, shop
from tests.flows.despatch_desk import KEY, DespatchDesk, setting, text
from tests.flows.shipment_desk import SHOP, Desk

MINUTE = timedelta(minutes=1)


async def test_a_consignment_is_on_record_with_its_lines_and_goes_to_mirakl() -> None:
    desk = await DespatchDesk().order()
    assert await desk.read("P-A,C-1,L-1,,3,CARRIER-1,NEXT,T-1", "P-A,C-1,L-2,,1,CARRIER-1,NEXT,T-2") == 1
    [shipment] = (await desk.record()).shipments
    assert await desk.left() == {"C-1": {"L-1": "3", "L-2": "1"}}
    assert await desk.numbers() == {"C-1": ["T-1", "T-2"]}
    erp = shipment.erp
    assert (erp.number, erp.reference, erp.carrier, erp.service) == ("P-A", "NO-A", "CARRIER-1", "NEXT")
    assert desk.desk.sent() == [(SHOP.id, "A", 2)]
    assert desk.files.dealt_with == {"done": ["out.csv"], "rejected": []}


@pytest.mark.parametrize("named", ["P-A", "NO-A", "A"])
async def test_an_order_is_found_by_number_reference_or_id(named: str) -> None:
    desk = await DespatchDesk().order()
    await desk.read(f"{named},C-1,,,,CARRIER-1,,T-1")
    assert await desk.left() == {"C-1": {"L-1": "3", "L-2": "1"}}


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        (["A,C-1,,,,X,,T"], {"C-1": {"L-1": "3", "L-2": "1"}}),
        (["A,C-1,L-1,,2,X,,T", "A,C-2,L-1,,1,X,,U"], {"C-1": {"L-1": "2"}, "C-2": {"L-1": "1"}}),
        (["A,C-1,L-1,,1,X,,T", "A,C-2,,,,X,,U"], {"C-1": {"L-1": "1"}, "C-2": {"L-1": "2", "L-2": "1"}}),
        (["A,C-1,L-1,,3,X,,T", "A,C-1,L-1,,3,X,,U"], {"C-1": {"L-1": "3"}}),
        (["A,C-1,,SKU-002,1,X,,T"], {"C-1": {"L-2": "1"}}),
    ],
    ids=["whole order", "two consignments", "a part, then the rest", "one line, two parcels", "by product"],
)
async def test_what_rows_come_to(rows: Sequence[str], left: dict[str, dict[str, str]]) -> None:
    desk = await DespatchDesk().order()
    await desk.read(*rows)
    assert await desk.left() == left
    assert await desk.told("A") == []


async def test_a_product_is_found_by_the_erps_item() -> None:
    desk = await DespatchDesk().order()
    items = [row("items", "north", "SKU-001", "1", item="SHIRT"), row("items", "north", "SKU-002", "1", item="HAT")]

    class Mappings:
        table = staticmethod(desk.desk.ports.mappings.table)

        async def items(self, marketplace: str, skus: Sequence[str]) -> Sequence[object]:
            return [one for one in items if one.key[1] in skus]

    desk.desk.ports = replace(desk.desk.ports, mappings=Mappings())  # type: ignore[arg-type]
    await desk.read("A,C-1,,HAT,1,X,,T")
    assert await desk.left() == {"C-1": {"L-2": "1"}}


async def test_a_sets_components_that_stayed_are_listed_with_nothing() -> None:
    desk = await DespatchDesk().order(drafted={"S-1#1": "1", "S-1#2": "2"})
    await desk.read("A,C-1,S-1#2,,2,X,,T")
    assert await desk.left() == {"C-1": {"S-1#1": "0", "S-1#2": "2"}}


# Once in effect.


async def test_the_same_file_again_changes_nothing() -> None:
    desk = await DespatchDesk().order()
    rows = ("A,C-1,L-1,,3,CARRIER-1,,T-1", "A,C-1,L-2,,1,CARRIER-1,,T-2")
    await desk.read(*rows)
    before, sent = await desk.record(), desk.desk.sent()
    await desk.read(*rows, name="again.csv")
    assert await desk.record() == before
    assert (len(sent), desk.desk.sent()) == (1, [])
    assert desk.files.dealt_with["done"] == ["out.csv", "again.csv"]


async def test_two_instances_at_once_come_to_the_same() -> None:
    desk = await DespatchDesk().order()
    desk.files.drop("out.csv", text("A,C-1,L-1,,3,CARRIER-1,,T-1"))
    desk.desk.clock.advance(5 * MINUTE)
    await asyncio.gather(desk.look(), desk.look())
    assert await desk.left() == {"C-1": {"L-1": "3"}}
    assert desk.files.there == {}


async def test_a_consignment_may_come_in_several_files() -> None:
    desk = await DespatchDesk().order()
    await desk.read("A,C-1,L-1,,3,CARRIER-1,,T-1", name="1.csv")
    await desk.read("A,C-1,L-2,,1,CARRIER-1,,T-2", name="2.csv")
    assert await desk.left() == {"C-1": {"L-1": "3", "L-2": "1"}}
    assert await desk.numbers() == {"C-1": ["T-1", "T-2"]}


async def test_a_number_that_is_corrected_replaces_the_wrong_one() -> None:
    desk = await DespatchDesk().order()
    await desk.read("A,C-1,,,,CARRIER-1,,WRONG", name="1.csv")
    await desk.read("A,C-1,,,,CARRIER-1,,RIGHT", name="2.csv")
    assert await desk.numbers() == {"C-1": ["RIGHT"]}


async def test_tracking_that_follows_later_is_added() -> None:
    desk = await DespatchDesk().order()
    await desk.read("A,C-1,,,,CARRIER-1,,", name="1.csv")
    assert (await desk.step()).waiting_for == "tracking"
    await desk.read("A,C-1,,,,CARRIER-1,,T-1", name="2.csv")
    assert (await desk.step()).state == "outstanding"
    assert await desk.numbers() == {"C-1": ["T-1"]}


async def test_goods_that_the_erp_has_told_of_leave_once_and_get_their_number() -> None:
    """The ERP's own document stays as the ERP shows it."""
    desk = await DespatchDesk(desk=Desk()).order(drafted={"A-1": "2"}, number="NO-A")
    desk.desk.warehouse.post("A")
    await desk.desk.poll()
    await desk.read("NO-A,C-1,,,,CARRIER-9,,T-1")
    assert await desk.left() == {"PS-A": {"A-1": "2"}}
    assert await desk.numbers() == {"PS-A": ["T-1"]}
    assert (await desk.record()).shipments[0].erp.carrier == "CARRIER-1"


async def test_goods_that_the_status_told_of_get_carrier_and_number() -> None:
    desk = await DespatchDesk().order()
    await desk.status_alone()
    await desk.read("A,C-1,L-1,,3,CARRIER-1,,T-1", "A,C-2,L-2,,1,CARRIER-1,,T-2")
    assert await desk.left() == {"P-A": {"L-1": "3", "L-2": "1"}}
    assert await desk.numbers() == {"P-A": ["T-1", "T-2"]}
    assert (await desk.record()).shipments[0].erp.carrier == "CARRIER-1"
    await desk.status()
    assert (await desk.record()).shipments[0].erp.carrier == "CARRIER-1"


# What is left alone, or read again.


async def test_a_file_that_may_still_be_written_is_left_alone() -> None:
    desk = await DespatchDesk().order()
    assert await desk.read("A,C-1,L-1,,3,X,,T", age=MINUTE) == 0
    assert (await desk.record()).shipments == ()
    desk.files.drop("out.csv", text("A,C-1,L-1,,3,X,,T", "A,C-1,L-2,,1,X,,T"))
    desk.desk.clock.advance(MINUTE)
    assert await desk.look() == 0
    desk.desk.clock.advance(MINUTE)
    assert await desk.look() == 1
    assert await desk.left() == {"C-1": {"L-1": "3", "L-2": "1"}}


async def test_a_file_moves_only_after_its_rows_are_stored_and_hides_no_other() -> None:
    desk = await (await DespatchDesk().order()).order("B")
    desk.files.drop("a.csv", text("A,C-1,,,,X,,T"))
    desk.desk.broken_for("A")
    await desk.read("B,C-2,,,,X,,T", name="b.csv")
    assert (list(desk.files.there), desk.files.dealt_with["done"]) == (["a.csv"], ["b.csv"])
    desk.desk.mended()
    await desk.look()
    assert await desk.left() == {"C-1": {"L-1": "3", "L-2": "1"}}
    assert desk.files.there == {}


async def test_somebody_at_the_order_makes_the_file_wait() -> None:
    desk = await DespatchDesk().order()
    claimed = replace(await desk.step(), state="claimed", claim_until=desk.desk.clock.now() + 30 * MINUTE)
    await desk.change(steps=(claimed,))
    assert await desk.read("A,C-1,,,,X,,T") == 0
    desk.desk.clock.advance(30 * MINUTE)
    assert await desk.look() == 1
    assert list(await desk.left()) == ["C-1"]


async def test_a_death_before_the_move_is_a_file_read_twice() -> None:
    desk = await DespatchDesk().order()
    desk.files.drop("out.csv", text("A,C-1,,,,X,,T", "A,C-1,L-9,,1,X,,T"))
    desk.desk.clock.advance(5 * MINUTE)

    class Dies(Exception):
        pass

    moved = desk.files.done

    async def dies(_: object) -> None:
        raise Dies

    desk.files.done = dies  # type: ignore[assignment]
    with pytest.raises(Dies):
        await desk.look()
    desk.files.done = moved  # type: ignore[method-assign]
    before = await desk.record()
    assert await desk.look() == 1
    assert await desk.record() == before
    assert len(await desk.told("A")) == 1


async def test_a_place_that_cannot_be_reached_is_the_callers_to_know() -> None:
    desk = await DespatchDesk().order()
    desk.files.failures.append(Unavailable("no answer", scope="despatch_files"))
    with pytest.raises(Unavailable):
        await desk.look()


# Orders of which nobody knows yet whether they stand in the ERP.

SENT = Step("create_order", "unknown", sent=NOW, number="P-A", lines=("L-1", "L-2"))
CLAIMED = replace(SENT, state="claimed", sent=None, claim_until=NOW)


async def in_doubt(step: Step) -> DespatchDesk:
    desk = await DespatchDesk().order()
    await desk.change(steps=(replace(step, version=(await desk.record()).steps["create_order"].version),))
    return desk


async def created(desk: DespatchDesk) -> None:
    known = (await desk.record()).steps["create_order"]
    await desk.change(steps=(replace(known, state="done", reference="P-A"),))


@pytest.mark.parametrize("step", [SENT, CLAIMED, replace(SENT, state="exception")], ids=lambda one: one.state)
@pytest.mark.parametrize("named", ["P-A", "NO-A", "A"])
async def test_a_row_of_an_order_in_doubt_waits_for_it(step: Step, named: str) -> None:
    desk = await (await in_doubt(step)).order("B")
    assert await desk.read(f"{named},C-1,,,,X,,T", "B,C-2,,,,X,,U") == 0
    assert (await desk.left(), list(await desk.left("B"))) == ({}, ["C-2"])
    assert [*await desk.told("A"), *await desk.told()] == []
    await created(desk)
    assert await desk.look() == 1
    assert list(await desk.left()) == ["C-1"]
    assert desk.files.dealt_with == {"done": ["out.csv"], "rejected": []}


@pytest.mark.parametrize(
    "step",
    [
        replace(SENT, state="outstanding", sent=None),
        replace(SENT, state="not_needed"),
        replace(SENT, state="waiting", sent=None),
    ],
    ids=lambda one: one.state,
)
async def test_a_row_of_an_order_that_was_not_sent_is_nobodys(step: Step) -> None:
    desk = await in_doubt(step)
    assert await desk.read("A,C-1,,,,X,,T") == 1
    assert len(await desk.told()) == 1


@pytest.mark.parametrize("unknown", ["refuse", "pass"])
async def test_a_doubt_that_stays_for_a_day_is_told_at_its_order(unknown: str) -> None:
    desk = await in_doubt(SENT)
    desk.setting = setting(unknown_orders=unknown)
    assert await desk.read("A,C-1,,,,X,,T") == 0
    desk.desk.clock.advance(IN_DOUBT - 3 * MINUTE)
    assert await desk.look() == 0
    desk.desk.clock.advance(MINUTE)
    assert await desk.look() == 1
    [(subject, reason)] = await desk.told("A")
    assert (subject, reason) == ("out.csv line 2", f"out.csv line 2 {STAYED_IN_DOUBT}")
    assert await desk.told() == []


async def test_a_number_that_the_order_has_no_more_is_nobodys() -> None:
    desk = await in_doubt(replace(SENT, number="P-B"))
    assert await desk.read("P-A,C-1,,,,X,,T") == 1
    assert len(await desk.told()) == 1


# What cannot be used.


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("A,C-9,L-9,,1,X,,T", "names line 'L-9', which the order does not have"),
        ("A,C-9,,HAT,1,X,,T", "names product 'HAT'"),
        ("A,C-9,L-1,,4,X,,T", "was ordered 3 times"),
        ("A,C-9,L-1,,many,X,,T", "quantity that is no number"),
        ("A,,L-1,,1,X,,T", "has no consignment"),
    ],
)
async def test_a_bad_row_is_told_at_its_order_and_the_good_ones_count(bad: str, said: str) -> None:
    desk = await DespatchDesk().order()
    assert await desk.read(bad, "A,C-1,L-1,,3,X,,T") == 1
    [(subject, reason)] = await desk.told("A")
    assert subject == "out.csv line 2"
    assert said in reason
    assert await desk.left() == {"C-1": {"L-1": "3"}}
    assert desk.files.dealt_with["done"] == ["out.csv"]
    assert "T" not in reason.split()


async def test_rows_of_nobody_are_one_exception_a_file_at_the_bridge() -> None:
    desk = await DespatchDesk().order()
    await desk.read("X-1,C-8,,,,X,,T", "A,C-1,,,,X,,T", "X-2,C-9,,,,X,,T", ",C-9,,,,X,,T")
    [(subject, reason)] = await desk.told()
    assert subject == "out.csv"
    assert reason == "out.csv: line 2 is of no order on record; line 4 is of no order on record; line 5 has no order"
    assert list(await desk.left()) == ["C-1"]
    assert desk.files.dealt_with["done"] == ["out.csv"]


async def test_a_warehouse_of_other_channels_too_may_be_passed_over() -> None:
    desk = await DespatchDesk(setting=setting(unknown_orders="pass")).order()
    await desk.read("X-1,C-8,,,,X,,T", ",C-9,,,,X,,T")
    [(_, reason)] = await desk.told()
    assert reason == "out.csv: line 3 has no order"


async def test_an_id_that_two_shops_have_is_nobodys() -> None:
    twin = shop(id="south-de", shop_id=2002, marketplace=marketplace(id="south", prefix="SO"))
    desk = await DespatchDesk(desk=Desk(shops=(SHOP, twin))).order()
    steps = (Step("create_order", "done", reference="P-Z", lines=("L-1",)),)
    await desk.desk.progress.commit(replace(KEY, shop="south-de"), Change(steps=steps))
    await desk.read("A,C-1,,,,X,,T")
    [(_, reason)] = await desk.told()
    assert "several orders" in reason


@pytest.mark.parametrize("content", [b"", b"one,two\n1,2\n", b"order,consignment\xff\n"])
async def test_what_cannot_be_read_at_all_is_rejected_and_told(content: bytes) -> None:
    desk = await DespatchDesk().order()
    desk.files.drop("out.csv", content)
    desk.desk.clock.advance(5 * MINUTE)
    assert await desk.look() == 1
    [(subject, reason)] = await desk.told()
    assert subject == "out.csv"
    assert reason.startswith("out.csv cannot be read: ")
    assert desk.files.dealt_with == {"done": [], "rejected": ["out.csv"]}
