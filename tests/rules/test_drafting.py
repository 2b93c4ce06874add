"""What a sales order says, rule by rule; the arithmetic is in `test_drafting_amounts.py`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.model.mappings import MappingRow
from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import DraftLine, ItemCode, SalesOrderDraft
from shared.model.shop import Shop
from shared.rules.drafting import draft
from shared.rules.mapping_lookup import OrderMappings
from tests.builders import NOW, address, item_row, line, mappings, marketplace, order, row, shop, tax

D = Decimal


def drafted(
    given: Order | None = None,
    *,
    at: Shop | None = None,
    rows: OrderMappings | None = None,
    policy: CreationPolicy | None = None,
    client_numbers: bool = True,
) -> SalesOrderDraft:
    return draft(
        given or order(),
        shop=at or shop(),
        rows=rows or mappings(),
        policy=policy or CreationPolicy(),
        client_numbers=client_numbers,
    )


def with_rows(*rows: MappingRow) -> OrderMappings:
    return mappings(add=rows)


def test_a_whole_sales_order() -> None:
    """Two pieces for 100.00 and shipping for 5.00, both plus 20 %, on a platform whose prices include tax."""
    one = drafted(order(pickup_point="PICKUP-7", delivery_instructions="second door"))
    item = DraftLine(
        number=1,
        reference="N000001-A-1",
        item=ItemCode("ITEM-001"),
        quantity=D(2),
        unit="PCS",
        unit_price=D("60.00"),
        amount=D("120.00"),
        tax_group="DOM",
        item_tax_group="STD",
        site="1",
        warehouse="11",
    )
    shipping = replace(
        item,
        number=2,
        reference="shipping-1",
        item=ItemCode("SHIPPING"),
        quantity=D(1),
        unit_price=D("6.00"),
        amount=D("6.00"),
        purpose="shipping",
    )
    assert one == SalesOrderDraft(
        key=order().key,
        number="NO-N000001-A",
        reference="NO-N000001-A",
        commercial_reference="N000001",
        company="usmf",
        customer="C-NORTH",
        currency="EUR",
        prices_include_tax=True,
        origin="MIRAKL",
        dimensions="-001-",
        delivery_mode="STANDARD",
        delivery_service="",
        country="DEU",
        address=address(),
        pickup_point="PICKUP-7",
        note="second door",
        requested_shipping_date=date(2026, 3, 4),
        tax_group="DOM",
        on_hold=False,
        lines=(item, shipping),
        total=D("126.00"),
        tax=D("21.00"),
        ordered=order().created,
    )


def test_on_a_platform_whose_prices_exclude_tax_the_amounts_are_net() -> None:
    one = drafted(order(platform_tax_mode="TAX_EXCLUDED"))
    assert (one.prices_include_tax, one.total, one.tax) == (False, D("105.00"), D("21.00"))
    assert [(line.unit_price, line.amount) for line in one.lines] == [(D(50), D(100)), (D(5), D(5))]


@pytest.mark.parametrize(
    ("given", "policy", "expected"),
    [
        ({"shipping_deadline": datetime(2026, 3, 4, 22, 59, tzinfo=UTC)}, "deadline", date(2026, 3, 4)),
        ({"shipping_deadline": datetime(2026, 3, 4, 23, 0, tzinfo=UTC)}, "deadline", date(2026, 3, 5)),
        ({"shipping_deadline": datetime(2026, 7, 4, 22, 0, tzinfo=UTC)}, "deadline", date(2026, 7, 5)),
        ({"shipping_deadline": None}, "deadline", None),
        ({"shipping_deadline": NOW}, "none", None),
    ],
)
def test_the_requested_shipping_date_is_the_day_in_the_warehouse(
    given: dict[str, Any], policy: Any, expected: date | None
) -> None:
    """Berlin is one hour ahead of UTC in March and two in July."""
    assert drafted(order(**given), policy=CreationPolicy(shipping_date=policy)).requested_shipping_date == expected


@pytest.mark.parametrize(
    ("liability", "country", "customer", "tax"),
    [("seller", "DEU", "C-SELLER", D("21.00")), ("operator", "GBR", "C-OPERATOR", None)],
)
def test_the_customer_goes_by_who_owes_the_tax_in_the_country(
    liability: str, country: str, customer: str, tax: Decimal | None
) -> None:
    rows = with_rows(
        row("accounts", "north", "EUR", "*", "seller", customer="C-SELLER"),
        row("accounts", "north", "EUR", "*", "operator", customer="C-OPERATOR"),
    )
    north = shop(marketplace=marketplace(tax_liability={"GBR": "operator"}))
    one = drafted(order(address=address(country=country)), at=north, rows=rows)
    assert (one.customer, one.tax, one.total) == (customer, tax, D("126.00"))
    assert {line.item_tax_group for line in one.lines} == {"STD"}


def test_the_erp_s_own_words_for_country_and_currency() -> None:
    rows = with_rows(row("countries", "north", "DEU", country="DE"), row("currencies", "north", "EUR", currency="EURO"))
    one = drafted(rows=rows)
    assert (one.country, one.currency, one.address.country) == ("DE", "EURO", "DEU")


@pytest.mark.parametrize(("code", "mode"), [("STD", "STANDARD"), ("EXP", "EXPRESS"), ("PUDO", "PICKUP")])
def test_the_delivery_mode_goes_by_the_shipping_type(code: str, mode: str) -> None:
    assert drafted(order(shipping_type_code=code)).delivery_mode == mode


def test_where_the_erp_numbers_orders_there_is_no_number() -> None:
    one = drafted(client_numbers=False)
    assert (one.number, one.reference) == ("", "NO-N000001-A")


def test_held_where_the_policy_says_so() -> None:
    assert drafted(policy=CreationPolicy(hold_until_compared=True)).on_hold


def test_only_lines_in_shipping_are_ordered_in_mirakl_s_order() -> None:
    states = ["WAITING_DEBIT_PAYMENT", "SHIPPING", "CANCELED", "REFUSED", "SHIPPED", "ON_THE_MOON", "SHIPPING"]
    some = [
        line(id=f"L{index}", index=index, state=state, shipping_price="0", shipping_taxes=())
        for index, state in reversed([*enumerate(states)])
    ]
    assert [(one.number, one.reference) for one in drafted(order(lines=some)).lines] == [(1, "L1"), (2, "L6")]


def test_an_order_of_which_nothing_is_in_shipping_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="SHIPPING"):
        drafted(order(lines=[line(state="WAITING_ACCEPTANCE")]))


def test_an_item_s_dimensions_unit_and_factor() -> None:
    described = {"configuration": "CONF", "size": "XL", "colour": "RED", "style": "S", "version": "V2"}
    rows = with_rows(item_row("SKU-001", order_unit="BOX", order_numerator="6", **described))
    (item, _) = drafted(order(lines=[line(quantity=12)]), rows=rows).lines
    assert item.item == ItemCode("ITEM-001", "CONF", "XL", "RED", "S", "V2")
    assert (item.quantity, item.unit, item.unit_price, item.amount) == (D(2), "BOX", D(60), D(120))


def test_a_set_is_several_items_that_share_its_price_each_with_its_own_factor() -> None:
    rows = with_rows(
        item_row("SET", component="1", item="CUP", share="1", order_denominator="2"),
        item_row("SET", component="2", item="POT", share="2"),
    )
    given = order(lines=[line(sku="SET", quantity=1, price="100.00", taxes=(), shipping_price="0", shipping_taxes=())])
    cup, pot, rounding = drafted(given, rows=rows).lines
    assert [(one.reference, one.item.item, one.quantity) for one in (cup, pot)] == [
        ("N000001-A-1#1", "CUP", D(2)),
        ("N000001-A-1#2", "POT", D(1)),
    ]
    assert [one.amount for one in (cup, pot, rounding)] == [D("33.32"), D("66.67"), D("0.01")]
    assert (rounding.item.item, rounding.purpose, rounding.item_tax_group) == ("ROUNDING", "rounding", "EXEMPT")


def test_shipping_is_one_line_for_each_of_its_tax_signatures() -> None:
    some = [
        line(id="1", index=1),
        line(id="2", index=2, shipping_price="3.00", shipping_taxes=[tax("0.30", rate="10")]),
        line(id="3", index=3, shipping_price="2.00", shipping_taxes=[tax("0.40")]),
        line(id="4", index=4, shipping_price="0.00", shipping_taxes=()),
    ]
    shipping = [one for one in drafted(order(lines=some)).lines if one.purpose == "shipping"]
    assert [(one.reference, one.amount, one.item_tax_group) for one in shipping] == [
        ("shipping-1", D("3.30"), "RED"),
        ("shipping-2", D("8.40"), "STD"),
    ]


def test_fees_are_one_line_for_each_code_and_carry_no_tax() -> None:
    rows = with_rows(
        row("charges", "north", "fee", "ECO", item="ECO-FEE", unit="EA"),
        row("charges", "north", "fee", "GIFT", item="WRAPPING", unit="EA", item_tax_group="WRAP"),
    )
    some = [
        line(id="1", index=1, fees={"GIFT": "1.00", "ECO": "0.10", "NIL": "0.00"}),
        line(id="2", index=2, fees={"ECO": "0.20"}),
    ]
    fees = [one for one in drafted(order(lines=some), rows=rows).lines if one.purpose == "fee"]
    assert [(one.reference, one.item.item, one.unit, one.amount, one.item_tax_group) for one in fees] == [
        ("fee-1", "ECO-FEE", "EA", D("0.30"), "EXEMPT"),
        ("fee-2", "WRAPPING", "EA", D("1.00"), "WRAP"),
    ]


def test_the_shipping_charge_may_differ_by_shipping_type() -> None:
    rows = with_rows(row("charges", "north", "shipping", "EXP", item="EXPRESS-FEE", unit="PCS"))
    assert [drafted(order(shipping_type_code=code), rows=rows).lines[1].item.item for code in ("STD", "EXP")] == [
        "SHIPPING",
        "EXPRESS-FEE",
    ]


def test_what_does_not_divide_is_one_rounding_line_for_each_tax_signature() -> None:
    some = [
        line(id="1", index=1, quantity=3, price="10.00", taxes=[tax("0.00")]),
        line(id="2", index=2, quantity=7, price="10.00", taxes=[tax("0.00")]),
        line(id="3", index=3, quantity=3, price="10.00", taxes=[tax("1.00", rate="10")]),
        line(id="4", index=4, quantity=2, price="10.00", taxes=()),
    ]
    rounding = [one for one in drafted(order(lines=some)).lines if one.purpose == "rounding"]
    assert [(one.reference, one.quantity, one.amount, one.item_tax_group) for one in rounding] == [
        ("rounding-1", D(1), D("0.02"), "RED"),
        ("rounding-2", D(1), D("0.07"), "STD"),
    ]


def test_more_decimals_in_the_unit_price_save_the_rounding_line() -> None:
    thirds = order(lines=[line(quantity=3, price="10.00", taxes=[tax("0.00")])])
    item, _ = drafted(thirds, policy=CreationPolicy(unit_price_decimals=4)).lines
    assert (item.unit_price, item.amount) == (D("3.3333"), D("10.00"))


@pytest.mark.parametrize(
    ("taxes", "tax_group", "item_tax_group"),
    [
        ([tax("20.00")], "DOM", "STD"),
        ([tax("10.00", rate="10")], "DOM", "RED"),
        ([tax("5.00", rate="10"), tax("10.00", rate="20")], "DOM", "MIX"),
        ([], "DOM", "EXEMPT"),
    ],
)
def test_tax_groups_go_by_the_line_s_signature(taxes: Any, tax_group: str, item_tax_group: str) -> None:
    rows = with_rows(item_row("SKU-001", item_tax_group="OWN"))
    item = drafted(order(lines=[line(taxes=taxes)]), rows=rows).lines[0]
    assert (item.tax_group, item.item_tax_group) == (tax_group, item_tax_group)


def test_the_country_s_own_tax_row_wins() -> None:
    rows = with_rows(row("taxes", "north", "FRA", "VAT@20", tax_group="EU", item_tax_group="STD-FR"))
    one = drafted(order(address=address(country="FRA")), rows=rows)
    assert (one.tax_group, one.lines[0].item_tax_group) == ("EU", "STD-FR")


def test_where_the_erp_decides_the_tax_items_keep_their_own_group_and_no_tax_row_is_needed() -> None:
    rows = mappings(
        add=[
            item_row("SKU-001", item_tax_group="OWN"),
            row("charges", "north", "shipping", "*", item="SHIPPING", unit="PCS", item_tax_group="FREIGHT"),
        ],
        without=[("taxes", "north", "*", key) for key in ("VAT@20", "VAT@10", "VAT@10+VAT@20", "-")],
    )
    one = drafted(at=shop(marketplace=marketplace(tax_source="erp")), rows=rows)
    assert [(line.tax_group, line.item_tax_group) for line in one.lines] == [("", "OWN"), ("", "FREIGHT")]
    assert (one.tax_group, one.tax, one.total) == ("", None, D("126.00"))


def test_the_header_has_no_tax_group_where_lines_differ() -> None:
    rows = with_rows(row("taxes", "north", "*", "VAT@10", tax_group="OTHER", item_tax_group="RED"))
    some = [line(id="1", index=1), line(id="2", index=2, taxes=[tax("10.00", rate="10")])]
    assert drafted(order(lines=some), rows=rows).tax_group == ""


def test_an_order_level_tax_counts_as_the_lines_own() -> None:
    untaxed = line(price="100.00", shipping_price="5.00", taxes=(), shipping_taxes=())
    one = drafted(order(lines=[untaxed], order_taxes=[tax("21.00")]))
    assert (one.total, one.tax) == (D("126.00"), D("21.00"))
    assert {each.item_tax_group for each in one.lines} == {"STD"}


def test_an_order_without_any_tax_states_none() -> None:
    assert drafted(order(lines=[line(taxes=(), shipping_taxes=())])).tax is None


def test_amounts_finer_than_a_cent_are_ordered_to_the_cent_and_sum_to_what_is_paid() -> None:
    some = [
        line(id=str(index), index=index, quantity=1, price="0.333", shipping_price="0", taxes=(), shipping_taxes=())
        for index in (1, 2)
    ]
    last = line(id="3", index=3, quantity=1, price="0.334", shipping_price="0", taxes=(), shipping_taxes=())
    one = drafted(order(lines=[*some, last]))
    assert [each.amount for each in one.lines] == [D("0.33"), D("0.33"), D("0.34")]


def test_a_free_item_is_ordered_all_the_same() -> None:
    gift = line(price="0.00", shipping_price="0.00", taxes=(), shipping_taxes=())
    assert [(each.amount, each.purpose) for each in drafted(order(lines=[gift])).lines] == [(D(0), "item")]
