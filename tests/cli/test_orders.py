"""`bridge orders show`, `bridge exceptions`, `bridge requeue` and `bridge shadow report`."""

from __future__ import annotations

import json

import pytest

from sandboxes.finance_supply_chain import controls as finance
from sandboxes.mirakl import controls as mirakl
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.shoppers import Address
from sandboxes.mirakl.wishes import WantedLine, WantedOrder
from shared.errors import Rejected
from shared.exceptions import opened
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.ports.own import Change
from shared.wiring.table_parts import TableParts
from tests.cli.terminal import Terminal


def stuck(terminal: Terminal) -> Order:
    """An order whose item somebody removed from the ERP."""
    erp = finance.controls(terminal.world.erp_rules)
    erp["remove_item"]({"item": "ITEM-009"}, terminal.world.clock.now())
    order = terminal.place(WantedOrder(lines=(WantedLine(sku="SKU-009"),)))
    terminal.pass_time(10)
    return order


def mend(terminal: Terminal) -> None:
    erp = finance.controls(terminal.world.erp_rules)
    erp["add_item"]({"item": "ITEM-009", "units": ["pcs"]}, terminal.world.clock.now())


@pytest.fixture
def created(terminal: Terminal) -> Order:
    order = terminal.place(WantedOrder(instructions=True))
    terminal.pass_time(30)
    return order


def test_an_order_is_shown_with_its_steps_and_its_timeline(terminal: Terminal, created: Order) -> None:
    said = terminal.bridge("orders", "show", created.id)
    assert said.code == 0
    assert f"Order {created.id} of shop north-main" in said.text
    assert "Mirakl: SHIPPING" in said.text
    for told in ("OR21: accepted", "waiting payment", f"NO-{created.id}", "totals are equal"):
        assert told in said.text


def test_an_order_is_found_by_the_erp_s_number(terminal: Terminal, created: Order) -> None:
    said = terminal.bridge("orders", "show", f"NO-{created.id}")
    assert f"Order {created.id} of shop north-main" in said.text


def shipping(terminal: Terminal, *, carrier: str = "CARRIER-1", partial: float = 0.0) -> None:
    """From now on orders leave the warehouse twenty minutes after they were entered, the rest as long after that."""
    warehouse = terminal.world.erp_rules.world
    warehouse.ships_after_seconds, warehouse.rest_after_seconds = 1200, 1200
    warehouse.carrier, warehouse.partial_share = carrier, partial


def test_what_has_left_is_shown_with_what_mirakl_was_told(terminal: Terminal) -> None:
    shipping(terminal, partial=1.0)
    order = terminal.place(WantedOrder(lines=(WantedLine(quantity=3), WantedLine(sku="SKU-002"))))
    terminal.pass_time(40)
    half = terminal.bridge("orders", "show", order.id).text
    assert "waiting for rest" in half
    [first] = [line for line in half.splitlines() if line.startswith("PS")]
    assert first.split() == ["PS000001", "2026-03-02", "08:25:00", "STD", "/", "CARRIER-1", "1", "not", "yet"]
    terminal.pass_time(30)
    whole = terminal.bridge("orders", "show", order.id).text
    assert "Mirakl: SHIPPED" in whole
    told = {line.split()[0]: line.split()[-2:] for line in whole.splitlines() if line.startswith("PS")}
    assert set(told) == {"PS000001", "PS000002"}
    assert len({tuple(moment) for moment in told.values()}) == 1
    numbers = [one.number for shipment in terminal.record(order).shipments for one in shipment.erp.tracking]
    assert len(numbers) == 2
    assert not [number for number in numbers if number in whole]


def test_the_steps_are_shown_in_the_order_of_an_order_s_life(terminal: Terminal, created: Order) -> None:
    said = terminal.bridge("orders", "show", created.id).text
    table = said[said.index("step ") : said.index("time (UTC)")].splitlines()
    assert [line.split()[0] for line in table[1:] if line.strip()] == [
        "acknowledge_order",
        "create_order",
        "compare_totals",
        "report_order_numbers",
        "confirm_shipment",
    ]


def words(address: Address) -> set[str]:
    """What an address says of a person, country and empty parts left out."""
    parts = {name: getattr(address, name) for name in address.__slots__ if "country" not in name}
    return {str(part) for part in parts.values() if part and len(str(part)) > 2}


def test_nothing_personal_is_shown(terminal: Terminal, created: Order) -> None:
    shopper = created.shopper
    personal = words(shopper.shipping) | words(shopper.billing) | {shopper.email}
    assert len(personal) > 5
    known = json.dumps(terminal.record(created).snapshot.person, default=str)  # type: ignore[union-attr]
    assert any(word in known for word in personal)
    said = terminal.bridge("orders", "show", created.id).text + terminal.bridge("exceptions", "list").text
    assert not [word for word in personal if word in said]


def test_an_order_that_nobody_knows_is_said(terminal: Terminal) -> None:
    said = terminal.bridge("orders", "show", "NONE-1")
    assert (said.code, said.text) == (1, "Error: no shop has an order 'NONE-1' on record\n")


def test_an_order_id_that_two_shops_have_is_told_apart_by_shop(terminal: Terminal) -> None:
    for shop in ("north/2001", "south/2001"):
        terminal.place(WantedOrder(id="SAME-1"), shop=shop)
    terminal.pass_time(3)
    both = terminal.bridge("orders", "show", "SAME-1").text
    assert "of shop north-main" in both
    assert "of shop south-main" in both
    assert "north-main" not in terminal.bridge("orders", "show", "SAME-1", "--shop", "south-main").text


def test_what_is_open_is_listed_with_its_owner_and_what_to_do(terminal: Terminal) -> None:
    assert terminal.bridge("exceptions", "list").text == "No open exceptions.\n"
    order = stuck(terminal)
    said = terminal.bridge("exceptions", "list").text
    [line] = [one for one in said.splitlines() if order.id in one]
    assert line.split()[:4] == ["erp_refused", "operations", "north-main", order.id]
    assert "ITEM-009" in line
    assert "then bridge requeue." in line
    assert "1  The ERP refuses the order" in said


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (["--owner", "operations"], True),
        (["--owner", "finance"], False),
        (["--kind", "erp_refused"], True),
        (["--kind", "outage"], False),
    ],
)
def test_exceptions_are_chosen_by_owner_and_kind(terminal: Terminal, chosen: list[str], shown: bool) -> None:
    order = stuck(terminal)
    assert (order.id in terminal.bridge("exceptions", "list", *chosen).text) is shown


def test_words_from_outside_are_shown_as_they_are(terminal: Terminal) -> None:
    """A SKU may look like the terminal's own marks."""
    order = terminal.place(WantedOrder(lines=(WantedLine(sku="A[/bold]:key:[red]"),)))
    terminal.pass_time(10)
    assert "north|A[/bold]:key:[red]|1" in terminal.bridge("exceptions", "list").text
    assert "north|A[/bold]:key:[red]|1" in terminal.bridge("orders", "show", order.id).text


@pytest.mark.parametrize(
    "how", [["ORDER"], ["--kind", "erp_refused"], ["--owner", "operations"], ["ORDER", "--shop", "north-main"]]
)
def test_what_was_put_right_in_the_erp_goes_on_after_requeue(terminal: Terminal, how: list[str]) -> None:
    order = stuck(terminal)
    assert len(terminal.world.bus.dead("create-order")) == 1
    mend(terminal)
    said = terminal.bridge("requeue", *(order.id if word == "ORDER" else word for word in how))
    assert said.text == f"north-main {order.id}: create_order\n1 orders looked at.\n"
    assert terminal.world.bus.dead("create-order") == ()
    terminal.pass_time(5)
    record = terminal.record(order)
    assert (record.steps["create_order"].state, record.exceptions) == ("done", ())
    [entry] = terminal.audited("requeue")
    assert (entry.what, entry.who, entry.after) == (f"north-main|{order.id}", "an operator", "create_order")


def test_requeue_of_what_is_done_sends_nothing(terminal: Terminal, created: Order) -> None:
    said = terminal.bridge("requeue", created.id)
    assert "nothing to send (done, or waiting for the other side)" in said.text
    assert terminal.world.bus.waiting("create-order") == 0


def test_requeue_wants_to_know_what(terminal: Terminal) -> None:
    said = terminal.bridge("requeue")
    assert said.code == 2
    assert "name orders, or --kind, or --owner" in said.text


# Exceptions that only a person can call done.


def cancelled(terminal: Terminal, order: Order) -> None:
    cancel = mirakl.controls(terminal.world.mirakl_rules)["cancel"]
    cancel({"platform": "north", "order_id": order.id}, terminal.world.clock.now())
    terminal.pass_time(10)


def test_an_exception_that_was_dealt_with_is_closed_and_audited(terminal: Terminal, created: Order) -> None:
    cancelled(terminal, created)
    said = terminal.bridge("exceptions", "close", created.id, "--kind", "cancelled_after_creation")
    assert said.text == f"closed: cancelled_after_creation NO-{created.id} (north-main {created.id})\n"
    assert terminal.bridge("exceptions", "list").text == "No open exceptions.\n"
    terminal.pass_time(30)
    assert terminal.record(created).exceptions == ()
    [entry] = terminal.audited("exceptions")
    assert (entry.who, entry.after) == ("an operator", "closed")
    assert "cancelled_after_creation closed (an operator)" in terminal.bridge("orders", "show", created.id).text


def test_what_a_step_stopped_at_is_not_closed_but_sent_again(terminal: Terminal) -> None:
    order = stuck(terminal)
    said = terminal.bridge("exceptions", "close", order.id, "--kind", "erp_refused")
    assert (said.code, said.text) == (
        1,
        f"Error: create_order of {order.id} stopped at it; deal with it, then bridge requeue\n",
    )
    assert [one.kind for one in terminal.record(order).exceptions] == ["erp_refused"]


def test_totals_that_nobody_waits_for_any_more_are_given_up(terminal: Terminal) -> None:
    terminal.world.erp_rules.world.totals_every_seconds = 0
    terminal.change("ERP", lambda erp: erp.update(totals_within="PT10M"))
    order = terminal.place()
    terminal.pass_time(40)
    assert [one.kind for one in terminal.record(order).exceptions] == ["totals_late"]
    terminal.bridge("exceptions", "close", order.id, "--kind", "totals_late")
    terminal.pass_time(30)
    record = terminal.record(order)
    assert (record.steps["compare_totals"].state, record.exceptions) == ("not_needed", ())


def test_exceptions_of_a_shop_and_of_the_bridge_are_closed_by_name(terminal: Terminal) -> None:
    for shop in ("north-main", BRIDGE_SHOP):
        key, told = (
            OrderKey(shop, ""),
            Rejected("dead_letter", subject="poll_orders", reason="MaxDeliveryCountExceeded"),
        )

        async def open_one(kept: TableParts, key: OrderKey = key, told: Rejected = told) -> None:
            one = opened(key, told, step="poll_orders", now=terminal.world.clock.now())
            await kept.progress.commit(key, Change(opened=(one,)))

        terminal.ask(open_one)
        assert terminal.bridge("exceptions", "close", "--shop", shop, "--kind", "dead_letter").code == 0
    assert terminal.bridge("exceptions", "list").text == "No open exceptions.\n"


@pytest.mark.parametrize(
    ("how", "said"), [(["NONE-1"], "no open exception 'outage' of 'NONE-1'"), ([], "name the order, or --shop")]
)
def test_there_must_be_something_to_close(terminal: Terminal, how: list[str], said: str) -> None:
    answer = terminal.bridge("exceptions", "close", *how, "--kind", "outage")
    assert answer.code > 0
    assert said in answer.text


# Shadow, and settings that are wrong.


def test_the_shadow_report_tells_what_would_have_happened(terminal: Terminal) -> None:
    terminal.change("MARKETPLACES", lambda markets: markets[0]["shops"][0].update(mode="shadow"))
    order = terminal.place()
    terminal.pass_time(10)
    said = terminal.bridge("shadow", "report").text
    assert said.startswith("Shops in shadow: north-main\n")
    assert f"would have accepted {order.id} (1 lines)" in said
    assert said.endswith(" calls.\n")


def test_settings_that_cannot_be_used_are_told_as_the_app_tells_them(terminal: Terminal) -> None:
    values = json.loads(terminal.settings.read_text())["Values"]
    terminal.settings.write_text(json.dumps({"Values": {**values, "ERP": "{"}}))
    said = terminal.bridge("exceptions", "list")
    assert said.code == 1
    assert "ERP: write valid JSON" in said.text


def test_a_file_that_holds_no_settings_is_said(terminal: Terminal) -> None:
    terminal.settings.write_text("[]")
    said = terminal.bridge("exceptions", "list")
    assert said.code == 1
    assert "is not a settings file" in said.text
