"""Who orders and who is invoiced, and that a shopper is one customer whatever Mirakl's proxy address says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.model.mappings import MappingRow
from shared.model.order import Organization, Shopper
from shared.model.policy import CreationPolicy
from shared.model.sales_order import CustomerDraft, SalesOrderDraft
from shared.model.shop import Marketplace, Shop
from shared.rules.drafting import Refused, draft
from shared.rules.shoppers import Buyer, buyer
from tests.builders import address, mappings, marketplace, order, row, shop
from tests.rules.properties import EXAMPLES, caught

TERMS = row("accounts", "north", "*", "*", "*", customer="C-NORTH", customer_group="30", tax_group="DOM")
COMPANY = Organization("Example Trading Ltd", "DE000000001", "ID-1")
TEST_SHOPPER = Shopper("C-1", "Test", "Shopper", alias="alias-1@marketplace.example.com")


def at(**changes: Any) -> Shop:
    return shop(marketplace=replace(marketplace(), **{"customers": "per_shopper", **changes}))


def drafted(
    shopper: Shopper = TEST_SHOPPER,
    *,
    where: Shop | None = None,
    rows: tuple[MappingRow, ...] = (TERMS,),
    groups: bool = True,
    returned: str | None = None,
    **facts: Any,
) -> SalesOrderDraft:
    given = replace(order(**facts), shopper=shopper)
    tables = mappings(add=[one for one in rows if one.table != "customers"])
    known = {**tables.tables, "customers": tuple(one for one in rows if one.table == "customers")}
    return draft(
        given,
        shop=where or at(),
        rows=replace(tables, tables=known),
        policy=CreationPolicy(),
        client_numbers=True,
        groups=groups,
        returned=returned,
    )


def test_a_shopper_who_is_new() -> None:
    one = drafted()
    assert one.customer == "NO-OFZ36UDXDFTRRLLP4"
    assert one.invoice_customer == "C-NORTH"
    assert one.shopper == CustomerDraft(
        company="usmf",
        account=one.customer,
        group="30",
        currency="EUR",
        tax_group="DOM",
        invoice_account="C-NORTH",
        first_name="Test",
        last_name="Shopper",
        organization="",
        tax_number="",
        identification_number="",
        country="DEU",
        address=address(),
    )


def test_a_company_with_its_numbers() -> None:
    one = drafted(replace(TEST_SHOPPER, organization=COMPANY), delivery_instructions="second door")
    assert one.shopper is not None
    assert (one.shopper.organization, one.shopper.tax_number) == ("Example Trading Ltd", "DE000000001")
    assert (one.shopper.identification_number, one.note) == ("ID-1", "second door")


def test_the_alias_is_stored_only_where_the_client_asked_for_it() -> None:
    stored = drafted(where=at(store_alias=True)).shopper
    assert stored is not None
    assert stored.alias == TEST_SHOPPER.alias


def test_a_shopper_whose_account_exists() -> None:
    """Without a group too: nothing is created."""
    ungrouped = row("accounts", "north", "*", "*", "*", customer="C-NORTH")
    one = drafted(rows=(ungrouped, row("customers", "north", "C-1", customer="DE-0042")))
    assert (one.customer, one.invoice_customer, one.shopper) == ("DE-0042", "C-NORTH", None)


UNGROUPED = row("accounts", "north", "*", "*", "*", customer="C-NORTH")
LISTED = row("customers", "north", "C-1", customer="DE-0042")


@pytest.mark.parametrize(
    ("rows", "returned", "customer", "is_new"),
    [
        ((UNGROUPED,), "", "", True),
        ((UNGROUPED,), "0000000007", "0000000007", False),
        ((UNGROUPED, LISTED), "0000000007", "DE-0042", False),
        ((UNGROUPED, LISTED), "", "DE-0042", False),
    ],
)
def test_a_shopper_whose_account_is_the_erp_s_to_give(
    rows: tuple[MappingRow, ...], returned: str, customer: str, is_new: bool
) -> None:
    one = drafted(rows=rows, returned=returned)
    assert (one.customer, one.invoice_customer, one.shopper is not None) == (customer, "C-NORTH", is_new)
    assert one.shopper is None or one.shopper.account == ""


def test_a_new_customer_of_an_erp_that_takes_no_group() -> None:
    one = drafted(rows=(UNGROUPED,), groups=False)
    assert one.shopper is not None
    assert (one.shopper.account, one.shopper.group) == (one.customer, "")


def test_another_s_row_names_nobody() -> None:
    one = drafted(rows=(TERMS, row("customers", "north", "C-2", customer="DE-0042")))
    assert one.shopper is not None


@pytest.mark.parametrize(
    ("company", "note"),
    [
        (None, "second door"),
        (COMPANY, "second door\nOrganisation: Example Trading Ltd; tax number DE000000001; identification number ID-1"),
        (Organization("Example Trading Ltd"), "second door\nOrganisation: Example Trading Ltd"),
    ],
)
def test_per_marketplace_a_company_is_told_in_the_note(company: Organization | None, note: str) -> None:
    shopper = replace(TEST_SHOPPER, organization=company)
    one = drafted(shopper, where=shop(), delivery_instructions="second door")
    assert (one.customer, one.invoice_customer, one.shopper, one.note) == ("C-NORTH", "", None, note)


def test_per_marketplace_nobody_needs_a_customer_id() -> None:
    assert drafted(Shopper(), where=shop()).customer == "C-NORTH"


@pytest.mark.parametrize(
    ("shopper", "rows", "kinds_and_subjects"),
    [
        (replace(TEST_SHOPPER, id=""), (TERMS,), [("order_unreadable", "customer.customer_id")]),
        (
            TEST_SHOPPER,
            (row("accounts", "north", "*", "*", "*", customer="C-NORTH"),),
            [("mapping_invalid", "accounts:north|*|*|*")],
        ),
        (
            TEST_SHOPPER,
            (TERMS, row("customers", "north", "C-1", customer="")),
            [("mapping_invalid", "customers:north|C-1")],
        ),
        (
            replace(TEST_SHOPPER, id=""),
            (row("accounts", "north", "*", "*", "*", customer="C-NORTH"),),
            [("order_unreadable", "customer.customer_id"), ("mapping_invalid", "accounts:north|*|*|*")],
        ),
    ],
)
def test_refusals_are_said_all_at_once_and_name_nobody(
    shopper: Shopper, rows: tuple[MappingRow, ...], kinds_and_subjects: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refused) as refused:
        drafted(shopper, rows=rows)
    assert [(one.kind, one.subject) for one in refused.value.reasons] == kinds_and_subjects
    assert "Shopper" not in str(refused.value)
    assert "empty; fill it" in str(refused.value) or "no customer.customer_id" in str(refused.value)


Rule = Callable[[Shopper, Marketplace], str]
IDS = st.text("abcABC123-_/ß|", min_size=1, max_size=12)
ALIASES = st.from_regex(r"\A[a-z]{3,8}@marketplace\.example\.com\Z")
PLACES = st.sampled_from([marketplace(), marketplace(id="south"), marketplace(id="south", prefix="SO")])
CASES = st.tuples(st.tuples(IDS, IDS), st.tuples(ALIASES, ALIASES), st.tuples(PLACES, PLACES))


def account(shopper: Shopper, place: Marketplace) -> str:
    where = shop(marketplace=replace(place, customers="per_shopper"))
    return buyer(replace(order(), shopper=shopper), shop=where, rows=mappings()).account


def one_shopper_is_one_account(
    rule: Rule, ids: tuple[str, str], aliases: tuple[str, str], places: tuple[Marketplace, Marketplace]
) -> None:
    """By marketplace and id: ten aliases are one account, two ids or two marketplaces never."""
    one, other = (
        rule(Shopper(id_, "Test", "Shopper", alias=alias), place)
        for id_, alias, place in zip(ids, aliases, places, strict=True)
    )
    assert (one == other) == ((ids[0], places[0]) == (ids[1], places[1]))
    assert len(one) <= 20
    assert set(one) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@EXAMPLES
@given(CASES | st.tuples(IDS.map(lambda one: (one, one)), st.tuples(ALIASES, ALIASES), PLACES.map(lambda p: (p, p))))
def test_one_shopper_is_one_account(case: tuple[Any, ...]) -> None:
    one_shopper_is_one_account(account, *case)


def by_alias(shopper: Shopper, place: Marketplace) -> str:
    return account(replace(shopper, id=shopper.alias), place)


def by_id_alone(shopper: Shopper, _: Marketplace) -> str:
    return account(shopper, marketplace())


def folded(shopper: Shopper, place: Marketplace) -> str:
    return account(replace(shopper, id=shopper.id.upper()), place)


SAME = st.tuples(IDS.map(lambda one: (one, one)), st.tuples(ALIASES, ALIASES), PLACES.map(lambda p: (p, p)))
ELSEWHERE = st.tuples(IDS.map(lambda one: (one, one)), st.tuples(ALIASES, ALIASES), st.tuples(PLACES, PLACES))
CASED = st.tuples(IDS.map(lambda one: (one, one.lower())), st.tuples(ALIASES, ALIASES), PLACES.map(lambda p: (p, p)))


@pytest.mark.parametrize(("wrong", "cases"), [(by_alias, SAME), (by_id_alone, ELSEWHERE), (folded, CASED)])
def test_wrong_accounts_are_caught(wrong: Rule, cases: st.SearchStrategy[tuple[Any, ...]]) -> None:
    caught(one_shopper_is_one_account, wrong, cases)


def test_without_an_id_nobody_is_guessed() -> None:
    with pytest.raises(Rejected, match="customer_id"):
        buyer(replace(order(), shopper=replace(TEST_SHOPPER, id="")), shop=at(), rows=mappings())


def test_the_marketplace_s_own_account_needs_nobody() -> None:
    assert buyer(order(), shop=shop(), rows=mappings()) == Buyer()
