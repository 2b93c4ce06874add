"""An order out of its snapshot: what may be absent is empty, what matters is named when it cannot be read."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Rejected
from shared.mirakl.reader import read_order
from shared.mirakl.snapshot import split
from shared.model.keys import OrderKey
from shared.model.order import Address, Fee, Order, OrderLine, Organization, Shopper, Snapshot, Tax
from tests.mirakl.payloads import PERSON, raw_address, raw_line, raw_order, tax, without

KEY = OrderKey("north-de", "N000001-A")
UPDATED = datetime(2026, 3, 2, 10, 0, 0, 250_000, tzinfo=UTC)
Raw = dict[str, Any]


def read(raw: Raw) -> Order:
    return read_order(KEY, Snapshot(UPDATED, *split(raw)))


def with_line(**changes: Any) -> Raw:
    return raw_order(order_lines=[raw_line(), raw_line(index=2, **changes)])


def with_address(**changes: Any) -> Raw:
    raw = raw_order()
    raw["customer"]["shipping_address"] = raw_address(**changes)
    return raw


def with_customer(**changes: Any) -> Raw:
    raw = raw_order()
    raw["customer"] |= changes
    return raw


def with_organization(**fields: Any) -> Raw:
    return with_customer(organization=fields)


def line(number: int) -> OrderLine:
    return OrderLine(
        id=f"N000001-A-{number}",
        index=number,
        state="SHIPPING",
        sku=f"SKU-00{number}",
        quantity=Decimal(2),
        price=Decimal("100.00"),
        shipping_price=Decimal("5.00"),
        taxes=(Tax("VAT", Decimal("20.0000"), Decimal("20.00")),),
        shipping_taxes=(Tax("VAT", Decimal("20.0000"), Decimal("1.00")),),
        fees=(Fee("eco", Decimal("0.35")),),
    )


WHOLE = Order(
    key=KEY,
    commercial_id="N000001",
    state="SHIPPING",
    created=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    updated=UPDATED,
    decided=datetime(2026, 3, 2, 9, 5, tzinfo=UTC),
    currency="EUR",
    platform_tax_mode=None,
    shipping_type_code="STD",
    shipping_deadline=datetime(2026, 3, 4, 21, 59, 59, 999_000, tzinfo=UTC),
    pickup_point="PUDO-9",
    delivery_instructions="PERSON second door",
    shopper=Shopper("PERSON-id", "PERSON-one", "PERSON-two", None, "PERSON@example.com"),
    address=Address(
        name="PERSON-first PERSON-last",
        company="PERSON Ltd",
        street_1="PERSON street 1",
        street_2="",
        additional_info="PERSON second door",
        zip_code="PERSON 00001",
        city="PERSON city",
        state="",
        country="DEU",
        phone="PERSON 0100",
    ),
    lines=(line(1), line(2)),
    seller_reference="SO-1",
)


def test_a_whole_order() -> None:
    assert read(raw_order()) == WHOLE


def test_amounts_keep_their_digits() -> None:
    first = read(raw_order()).lines[0]
    assert (str(first.price), str(first.taxes[0].rate), str(first.quantity)) == ("100.00", "20.0000", "2")


def test_the_least_that_an_order_can_be() -> None:
    needed = ("order_line_id", "order_line_state", "offer_sku", "quantity", "price", "shipping_price")
    least_line = {name: value for name, value in raw_line().items() if name in needed}
    names = ("order_id", "order_state", "created_date")
    raw = {name: value for name, value in raw_order().items() if name in names} | {"order_lines": [least_line]}
    order = read(raw)
    assert order.lines == (replace(line(1), taxes=(), shipping_taxes=(), fees=()),)
    assert (order.address, order.decided, order.currency, order.shopper) == (None, None, "", Shopper())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (raw_order(brand_new={"x": 1}), WHOLE),
        (raw_order(order_state="A_NEW_STATE"), replace(WHOLE, state="A_NEW_STATE")),
        (with_line(order_line_state="NEW"), replace(WHOLE, lines=(line(1), replace(line(2), state="NEW")))),
        (
            with_line(quantity=Decimal("1.5")),
            replace(WHOLE, lines=(line(1), replace(line(2), quantity=Decimal("1.5")))),
        ),
        (with_line(price="100.00", quantity="2"), WHOLE),
        (with_line(taxes=None), replace(WHOLE, lines=(line(1), replace(line(2), taxes=())))),
        (with_line(fees=None), replace(WHOLE, lines=(line(1), replace(line(2), fees=())))),
        (with_line(order_line_index=None), WHOLE),
        (raw_order(order_lines=[]), replace(WHOLE, lines=())),
        (raw_order(acceptance_decision_date=None), replace(WHOLE, decided=None)),
        (raw_order(shipping_deadline=None), replace(WHOLE, shipping_deadline=None)),
        (raw_order(shipping_pudo_id=None), replace(WHOLE, pickup_point="")),
        (raw_order(order_tax_mode="TAX_INCLUDED"), WHOLE),
        (
            raw_order(customer=None),
            replace(WHOLE, shopper=Shopper(alias="PERSON@example.com"), address=None, delivery_instructions=""),
        ),
        (raw_order(commercial_id=139), replace(WHOLE, commercial_id="139")),
    ],
)
def test_unknown_absent_and_null_are_normal(raw: Raw, expected: Order) -> None:
    assert read(raw) == expected


def test_a_tax_code_may_come_with_two_rates_and_without_any() -> None:
    two = [tax("VAT", "5.5", "1.03"), tax("VAT", "20.0000", "3.13"), {"code": "ECO", "amount": "0.10"}]
    assert read(with_line(taxes=two)).lines[1].taxes == (
        Tax("VAT", Decimal("5.5"), Decimal("1.03")),
        Tax("VAT", Decimal("20.0000"), Decimal("3.13")),
        Tax("ECO", None, Decimal("0.10")),
    )


def test_order_taxes_carry_their_total() -> None:
    raw = raw_order(order_taxes=[{"code": "VAT", "rate": 20, "total_amount": Decimal("41.00")}])
    assert read(raw).order_taxes == (Tax("VAT", Decimal(20), Decimal("41.00")),)


@pytest.mark.parametrize(
    ("raw", "shopper"),
    [
        (with_customer(customer_id=4711), replace(WHOLE.shopper, id="4711")),
        (with_customer(customer_id=None), replace(WHOLE.shopper, id="")),
        (raw_order(customer_notification_email=None), replace(WHOLE.shopper, alias="")),
        (
            with_organization(
                name="PERSON Ltd", tax_identification_number="PERSON-T1", identification_number="PERSON-I1"
            ),
            replace(WHOLE.shopper, organization=Organization("PERSON Ltd", "PERSON-T1", "PERSON-I1")),
        ),
        (
            with_organization(name="PERSON Ltd", tax_identification_number=None, address=raw_address()),
            replace(WHOLE.shopper, organization=Organization("PERSON Ltd")),
        ),
        (with_organization(name=None, tax_identification_number="PERSON-T1"), WHOLE.shopper),
        (with_organization(), WHOLE.shopper),
    ],
)
def test_who_the_shopper_is(raw: Raw, shopper: Shopper) -> None:
    assert read(raw).shopper == shopper


def test_an_organization_of_another_structure_is_named_never_shown() -> None:
    with pytest.raises(Rejected) as raised:
        read(with_customer(organization=[PERSON]))
    assert raised.value.subject == "customer.organization"
    assert PERSON not in str(raised.value)


@pytest.mark.parametrize(
    ("references", "reference"),
    [
        ({"order_reference_for_seller": "SO-2"}, "SO-2"),
        ({"order_reference_for_seller": 7}, "7"),
        ({"order_reference_for_seller": None}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_sellers_reference(references: Any, reference: str) -> None:
    assert read(raw_order(references=references)).seller_reference == reference


@pytest.mark.parametrize(
    ("cancelations", "quantity"),
    [
        ([{"quantity": 1}], "1"),
        ([{"quantity": 1}, {"quantity": "0.5", "reason_code": "34"}], "1.5"),
        ([{"quantity": None}, {"amount": Decimal("50.00")}], "0"),
        ([], "0"),
        (None, "0"),
    ],
)
def test_how_much_of_a_line_is_cancelled(cancelations: Any, quantity: str) -> None:
    assert read(with_line(cancelations=cancelations)).lines[1].cancelled_quantity == Decimal(quantity)


@pytest.mark.parametrize("state", ["REFUSED", "CANCELED"])
def test_a_line_that_is_never_ordered_may_lack_its_amounts(state: str) -> None:
    nothing = {"quantity": 0, "price": None, "shipping_price": None, "offer_sku": None, "taxes": [{"code": "VAT"}]}
    gone = read(with_line(order_line_state=state, **nothing)).lines[1]
    zero = Decimal(0)
    assert (gone.quantity, gone.price, gone.shipping_price, gone.sku) == (zero, zero, zero, "")
    assert gone.taxes == (Tax("VAT", None, zero),)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "PERSON-first PERSON-last"),
        ({"firstname": None}, "PERSON-last"),
        ({"firstname": None, "lastname": None}, "PERSON-one PERSON-two"),
    ],
)
def test_whose_name_is_on_the_parcel(changes: Raw, name: str) -> None:
    address = read(with_address(**changes)).address
    assert address is not None
    assert address.name == name


@pytest.mark.parametrize(
    ("changes", "company", "phone"),
    [
        ({"company_2": "PERSON branch"}, "PERSON Ltd, PERSON branch", "PERSON 0100"),
        ({"company": None, "company_2": "PERSON branch"}, "PERSON branch", "PERSON 0100"),
        ({"company": None, "phone": "", "phone_secondary": "PERSON 0200"}, "", "PERSON 0200"),
    ],
)
def test_second_fields_are_not_lost(changes: Raw, company: str, phone: str) -> None:
    address = read(with_address(**changes)).address
    assert address is not None
    assert (address.company, address.phone) == (company, phone)


def test_an_address_of_nothing_is_no_address() -> None:
    raw = raw_order()
    raw["customer"]["shipping_address"] = dict.fromkeys(raw_address())
    assert read(raw).address is None


def test_a_purged_snapshot_still_reads() -> None:
    facts, _ = split(raw_order())
    order = read_order(KEY, Snapshot(UPDATED, facts, {}))
    assert order.lines == WHOLE.lines
    assert order.address is not None
    assert (order.address.country, order.address.name, order.shopper.id) == ("DEU", "", "")


ODD = f"{PERSON} odd"
NO_NUMBER = "is not a number that an amount can be"
NO_DATE = "is not a date-time with an offset"
UNREADABLE: list[tuple[Raw, str, str]] = [
    (without(raw_order(), "order_id"), "order_id", "is missing"),
    (raw_order(order_state=None), "order_state", "is missing"),
    (without(raw_order(), "created_date"), "created_date", "is missing"),
    (raw_order(created_date=ODD), "created_date", NO_DATE),
    (raw_order(acceptance_decision_date=ODD), "acceptance_decision_date", NO_DATE),
    (raw_order(order_lines=None), "order_lines", "has another structure than is known"),
    (without(raw_order(), "order_lines"), "order_lines", "is missing"),
    (raw_order(order_lines=[raw_line(), ODD]), "order_lines[1]", "has another structure than is known"),
    (raw_order(customer=[ODD]), "customer", "has another structure than is known"),
    (raw_order(commercial_id={"x": ODD}), "commercial_id", "is not a text"),
    (with_address(city=[ODD]), "customer.shipping_address.city", "is not a text"),
    (with_line(order_line_id=None), "order_lines[1].order_line_id", "is missing"),
    (with_line(order_line_state=None), "order_lines[1].order_line_state", "is missing"),
    (with_line(offer_sku=None), "order_lines[1].offer_sku", "is missing"),
    (with_line(quantity=None), "order_lines[1].quantity", "is missing"),
    (with_line(quantity=ODD), "order_lines[1].quantity", NO_NUMBER),
    (with_line(quantity=0), "order_lines[1].quantity", "is not above zero"),
    (with_line(quantity=-1), "order_lines[1].quantity", "is not above zero"),
    (with_line(price=None), "order_lines[1].price", "is missing"),
    (with_line(price="NaN"), "order_lines[1].price", NO_NUMBER),
    (with_line(price="Infinity"), "order_lines[1].price", NO_NUMBER),
    (with_line(shipping_price=None), "order_lines[1].shipping_price", "is missing"),
    (with_line(taxes=[tax(), {"code": "VAT"}]), "order_lines[1].taxes[1].amount", "is missing"),
    (with_line(taxes=[None]), "order_lines[1].taxes[0]", "has another structure than is known"),
    (with_line(taxes=[tax() | {"rate": ODD}]), "order_lines[1].taxes[0].rate", NO_NUMBER),
    (with_line(shipping_taxes=[{}]), "order_lines[1].shipping_taxes[0].amount", "is missing"),
    (with_line(cancelations=[{"quantity": ODD}]), "order_lines[1].cancelations[0].quantity", NO_NUMBER),
    (with_line(fees=[{"code": "eco"}]), "order_lines[1].fees[0].amount", "is missing"),
    (raw_order(order_taxes=[{"code": "VAT"}]), "order_taxes[0].total_amount", "is missing"),
]


@pytest.mark.parametrize(("raw", "subject", "why"), UNREADABLE, ids=[f"{path} {why}" for _, path, why in UNREADABLE])
def test_what_cannot_be_read_is_named_never_shown(raw: Raw, subject: str, why: str) -> None:
    with pytest.raises(Rejected) as raised:
        read(raw)
    assert (raised.value.kind, raised.value.subject) == ("order_unreadable", subject)
    assert raised.value.reason == f"{subject} {why}."
    assert PERSON not in "".join(traceback.format_exception(raised.value))


def test_a_sum_shows_that_no_amount_went_through_a_float() -> None:
    raw = raw_order(order_lines=[raw_line(price=Decimal("0.1")), raw_line(index=2, price=Decimal("0.2"))])
    assert sum(one.price for one in read(raw).lines) == Decimal("0.3")
