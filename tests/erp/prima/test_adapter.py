"""The adapter with a whole installation: its status words, its faults, its companies, its quiet hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandboxes.faults import Fault
from shared.erp.prima.configuration import DespatchByStatus
from shared.erp.prima.quiet_hours import QuietHours
from shared.errors import NotOffered, Rejected, Resting, Unavailable, UnknownOutcome
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from tests.contract.erp.worlds import again
from tests.erp.prima.drafts import customer
from tests.erp.prima.sandbox_world import PrimaWorld

GOODS = "N000001-A-1"


def fail(world: PrimaWorld, kind: str, operation: str, *, subject: str = "*", times: int = 1) -> None:
    world.faulty.faults.append(Fault(kind, operation, subject, times=times))


async def shown(world: PrimaWorld, *numbers: str) -> list[ErpOrder]:
    return list(await world.ports.changes.shown(company=world.company, numbers=numbers))


def asked(world: PrimaWorld) -> list[str]:
    return [entry.operation for entry in world.faulty.journal]


@pytest.mark.parametrize("settings", [{}, {"status_echoes_number": False}, {"dev_mode": True}])
async def test_an_order_from_its_creation_to_its_despatch(settings: dict[str, Any]) -> None:
    despatch = DespatchByStatus("CARRIER-1", "GROUND", "STD")
    world = PrimaWorld(settings, despatch=despatch)
    number = (await world.erp.place(world.draft())).number
    states = [(await shown(world, number))[0]]
    world.ship(number, lines={GOODS: 1})
    states += await shown(world, number)
    world.ship(number)
    states += await shown(world, number)
    assert [one.status for one in states] == ["Received", "Part Despatched", "Despatched"]
    assert [one.shipped for one in states] == [False, True, True]
    assert [one.left is None for one in states] == [True, True, False]
    assert not any(one.cancelled or one.on_hold or one.lines or one.lines_shown for one in states)
    left = states[-1].left
    assert left is not None
    assert (left.id, left.document, left.number, left.shipped) == (number, number, number, world.clock.now())
    assert (left.carrier, left.service, left.delivery_mode, left.lines, left.tracking) == (
        "CARRIER-1",
        "GROUND",
        "STD",
        (),
        (),
    )


async def test_where_files_tell_what_has_left_the_status_only_says_that_something_has() -> None:
    world = PrimaWorld(despatch=None)
    number = (await world.erp.place(world.draft())).number
    world.ship(number)
    (order,) = await shown(world, number)
    assert (order.shipped, order.left) == (True, None)


async def test_words_that_nobody_knows_are_carried_and_mean_nothing() -> None:
    world = PrimaWorld()
    number = (await world.erp.place(world.draft())).number
    fail(world, "unknown_word", "status")
    (order,) = await shown(world, number)
    assert (order.status, order.status_known) == ("Awaiting Approval", False)
    assert not any((order.cancelled, order.shipped, order.on_hold, order.left))


async def test_an_answer_that_says_nothing_hides_no_other_order_and_passes_for_no_deletion() -> None:
    world = PrimaWorld()
    numbers = [(await world.erp.place(world.draft(f"N00000{one}-A"))).number for one in range(3)]
    world.delete_order(numbers[0])
    for kind in ("broken_status", "another_order", "cut_inside", "fault_10893_before"):
        fail(world, kind, "status", subject=numbers[1])
        first, second = await shown(world, *numbers)
        assert (first.number, first.status, first.status_known) == (numbers[1], "", False)
        assert (second.number, second.status, second.status_known) == (numbers[2], "Received", True)


async def test_a_look_at_one_order_that_says_nothing_is_no_answer() -> None:
    world = PrimaWorld()
    number = (await world.erp.place(world.draft())).number
    fail(world, "broken_status", "status", subject=number)
    with pytest.raises(Unavailable, match=r"ERP\.unknown_order"):
        await world.erp.find(company=world.company, number=number, reference="")
    found = await world.erp.find(company=world.company, number=number, reference="")
    assert found is not None


@pytest.mark.parametrize(
    ("unknown_order", "told", "expected"),
    [
        ("(E:16) No sales order {number}", "", None),
        ("No such thing", "", Unavailable),
        ("No such thing", "No such thing", None),
    ],
    ids=["it names the number", "it names none", "it names none, and the setting knows it"],
)
async def test_unknown_is_what_an_impossible_number_is_answered(
    unknown_order: str, told: str, expected: type[Exception] | None
) -> None:
    world = PrimaWorld({"unknown_order": unknown_order}, unknown_order=told)
    draft = world.draft()
    if expected is None:
        assert await world.erp.find(company=draft.company, number=draft.number, reference="") is None
        return
    with pytest.raises(expected):
        await world.erp.find(company=draft.company, number=draft.number, reference="")


async def test_without_a_number_nothing_is_found_and_nothing_asked() -> None:
    world = PrimaWorld()
    assert await world.erp.find(company=world.company, number="", reference="NO-N000001-A") is None
    assert asked(world) == []


@pytest.mark.parametrize(
    "kind",
    [
        "cut_inside",
        "another_order",
        "fault_10893_before",
        "fault_10893_after",
        "fault_10921_before",
        "fault_10921_after",
    ],
)
async def test_what_only_prima_does_wrong_leaves_a_doubt_that_a_look_settles(kind: str) -> None:
    world = PrimaWorld()
    fail(world, kind, "order")
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    order = await world.erp.place(again(world.draft()))
    assert [one["number"] for one in world.books()] == [order.number]


async def test_a_price_book_whose_flag_was_turned_stops_all_with_what_to_do_and_goes_on_when_it_is_turned_back() -> (
    None
):
    world = PrimaWorld(same_rejections=3)
    world.control("price_book", vat_inclusive=False)
    kinds = []
    for count in range(5):
        try:
            await world.erp.place(world.draft(f"N00000{count}-A"))
        except (Rejected, Unavailable) as problem:
            kinds.append(type(problem).__name__)
    assert kinds == ["Rejected", "Rejected", "Unavailable", "Unavailable", "Unavailable"]
    world.control("price_book", vat_inclusive=True)
    for count in range(5):
        await world.erp.place(again(world.draft(f"N00000{count}-A")))
    assert len(world.books()) == 5


def first_order(world: PrimaWorld, order: str) -> SalesOrderDraft:
    return world.draft(order, customer="", shopper=customer())


async def test_a_shopper_without_account_gets_one_and_no_consent_is_given_for_anybody() -> None:
    world = PrimaWorld()
    placed = await world.erp.place(first_order(world, "N000001-A"))
    (made,) = world.customers()
    assert (placed.customer, made["has_alias"]) == (made["account"], False)
    assert {*world.books()[0]["consents"].values()} == {"No"}
    label = world.label(placed.number)
    assert (label["CustomerForename"], label["CustomerSurname"]) == ("Shopper", "Seventeen")


async def test_companies_have_orders_and_numbers_of_their_own() -> None:
    world = PrimaWorld()
    for company in ("1", "2"):
        await world.erp.place(world.draft(company=company))
    assert [(one["company"], one["number"]) for one in world.books()] == [("1", "201000001"), ("2", "201000001")]


async def test_a_company_that_does_not_exist_is_told_before_it_stops_the_others() -> None:
    world = PrimaWorld(same_rejections=2)
    for count, expected in enumerate((Rejected, Unavailable)):
        with pytest.raises(expected):
            await world.erp.place(world.draft(f"N00000{count}-A", company="9"))
    await world.erp.place(world.draft("N000007-A"))
    with pytest.raises(Rejected, match="company 9"):
        await world.erp.place(world.draft("N000008-A", company="9"))


async def test_in_quiet_hours_nothing_is_called() -> None:
    world = PrimaWorld()
    number = (await world.erp.place(world.draft())).number
    hour = world.clock.now().time()
    quiet = QuietHours(hour, hour.replace(hour=hour.hour + 2), ZoneInfo("UTC"))
    world = PrimaWorld(quiet_hours=(quiet,))
    for call in (
        world.erp.place(world.draft()),
        world.erp.place(again(world.draft())),
        world.erp.find(company="1", number=number, reference=""),
        world.ports.changes.shown(company="1", numbers=[number, "201000002"]),
    ):
        with pytest.raises(Resting) as resting:
            await call
        assert resting.value.retry_after == timedelta(hours=2)
    assert asked(world) == []
    world.clock.advance(timedelta(hours=2))
    await world.erp.place(world.draft())


async def test_what_is_not_offered_is_said_and_never_asked_for() -> None:
    world, can = PrimaWorld(), PrimaWorld().erp.capabilities
    assert not any((can.shows_totals, can.holds, can.cancels_lines, can.lists_references, can.lists_invoices))
    ports, now = world.ports, world.clock.now()
    for call in (
        ports.sales_orders.totals(company="1", numbers=["1"]),
        ports.sales_orders.references(company="1", changed_since=now, prefixes=["NO"]),
        ports.sales_orders.hold(company="1", number="1"),
        ports.sales_orders.release(company="1", number="1"),
        ports.changes.cancel_lines(company="1", number="1", references=["1"]),
        ports.shipments.tracking(company="1", numbers=["1"]),
        ports.customers.ensure(customer()),
        ports.invoices.of(company="1", numbers=["1"]),
    ):
        with pytest.raises(NotOffered):
            await call
    assert asked(world) == []
