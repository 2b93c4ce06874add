"""Reading: companies, keys, pages, selections, and the sets that are set up by people."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.sandboxes.finance_supply_chain.caller import Caller, header, line

HEADERS = "SalesOrderHeadersV3"


def many(count: int, **settings: Any) -> Caller:
    caller = Caller(settings)
    for number in range(count):
        caller.create(HEADERS, header(SalesOrderNumber=f"N-{number}", CustomersOrderReference=f"R-{count - number}"))
    return caller


def numbers(content: Any) -> list[str]:
    return [one["SalesOrderNumber"] for one in content["value"]]


def test_without_cross_company_only_the_default_company_is_visible() -> None:
    caller = Caller()
    caller.order(SalesOrderNumber="A")
    caller.order(line(dataAreaId="frrt"), SalesOrderNumber="B", dataAreaId="frrt")

    assert numbers(caller.get(HEADERS)) == ["A"]
    assert numbers(caller.get(f"{HEADERS}?cross-company=true")) == ["A", "B"]
    assert numbers(caller.get(f"{HEADERS}?$filter=dataAreaId eq 'frrt'")) == []
    assert numbers(caller.get(f"{HEADERS}?cross-company=true&$filter=dataAreaId eq 'frrt'")) == ["B"]
    path = f"{HEADERS}(dataAreaId='frrt',SalesOrderNumber='B')"
    assert caller.get(f"{path}?cross-company=true")["SalesOrderNumber"] == "B"
    assert caller.call("PATCH", f"{path}?cross-company=true", {"IsSalesProcessingStopped": "Yes"}).status == 204
    assert caller.call("DELETE", f"{path}?cross-company=true").status == 204


def test_a_page_ends_with_a_link_to_the_rest_until_nothing_is_left() -> None:
    caller = many(5, page_size=2)
    url, pages = f"{HEADERS}?cross-company=true&$filter=CurrencyCode eq 'EUR'", []
    while url:
        content = caller.get(url)
        pages.append(numbers(content))
        url = content.get("@odata.nextLink", "")
        assert not url or ("%24" not in url and "$skip=" in url and "$top=2" in url and "cross-company=true" in url)

    assert pages == [["N-0", "N-1"], ["N-2", "N-3"], ["N-4"]]


@pytest.mark.parametrize(
    ("options", "expected", "linked"),
    [
        ("$top=1", ["N-0"], False),
        ("$top=0", [], False),
        ("$top=2", ["N-0", "N-1"], True),
        ("$top=1&$skip=3", ["N-3"], False),
        ("$skip=9", [], False),
        ("$orderby=SalesOrderNumber desc&$top=1", ["N-4"], False),
        ("$orderby=CurrencyCode,CustomersOrderReference&$top=1", ["N-4"], False),
        ("$filter=SalesOrderNumber eq 'N-3' or SalesOrderNumber eq 'n-1'", ["N-1", "N-3"], False),
        ("$filter=CustomersOrderReference eq 'R-5' and CurrencyCode eq 'EUR'", ["N-0"], False),
        ("$filter=CustomersOrderReference eq 'R-5' and CurrencyCode eq 'USD'", [], False),
    ],
)
def test_the_caller_cuts_and_orders_what_it_gets(options: str, expected: list[str], linked: bool) -> None:
    content = many(5, page_size=2).get(f"{HEADERS}?{options}")

    assert numbers(content) == expected
    assert ("@odata.nextLink" in content) is linked


def test_a_count_is_of_all_that_match() -> None:
    caller = many(3, page_size=2)

    assert caller.get(f"{HEADERS}?$count=true&$top=1")["@odata.count"] == 3
    assert caller.call("GET", f"{HEADERS}/$count?$filter=SalesOrderNumber ne 'N-1'").body == b"2"


def test_only_what_is_selected_is_shown_with_the_etag() -> None:
    content = many(1).get(f"{HEADERS}?$select=SalesOrderNumber, CurrencyCode")

    assert set(content["value"][0]) == {"@odata.etag", "SalesOrderNumber", "CurrencyCode"}


def test_lines_are_reached_from_their_header() -> None:
    caller = Caller()
    caller.order()
    key = f"{HEADERS}(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')"

    expanded = caller.get(f"{key}?$select=SalesOrderNumber&$expand=SalesOrderLines($select=ItemNumber)")
    assert [set(one) for one in expanded["SalesOrderLines"]] == [{"@odata.etag", "ItemNumber"}]
    assert [one["ItemNumber"] for one in caller.get(f"{key}/SalesOrderLines")["value"]] == ["ITEM-001"]
    assert [one["ItemNumber"] for one in caller.get("SalesOrderLines")["value"]] == ["ITEM-001"]


@pytest.mark.parametrize("number", ["A/B", "A'B", "A B", "A%42"])
def test_a_key_may_hold_anything_that_is_escaped(number: str) -> None:
    caller = Caller()
    answer = caller.call("POST", HEADERS, header(SalesOrderNumber=number))

    assert caller.get(answer.headers["location"])["SalesOrderNumber"] == number


def test_customers_and_origins_are_read_by_key_and_by_filter() -> None:
    caller = Caller()
    customer = caller.get("CustomersV3(dataAreaId='usmf',CustomerAccount='MKP-HOLD')")
    origins = caller.get("SalesOrderOriginCodes?cross-company=true&$filter=OriginCode eq 'MIRAKL'")["value"]

    assert (customer["OnHoldStatus"], customer["SalesCurrencyCode"]) == ("All", "EUR")
    assert [one["dataAreaId"] for one in origins] == ["usmf", "frrt"]


def test_an_unknown_custom_option_is_taken_without_effect_and_noted() -> None:
    caller = many(1)

    assert numbers(caller.get(f"{HEADERS}?crosscompany=true")) == ["N-0"]
    caller.call("GET", HEADERS, headers={"prefer": "odata.maxpagesize=1"})
    assert set(caller.books()["ignored_inputs"]) == {"query option crosscompany", "header Prefer"}


def test_the_metadata_names_every_set_and_no_length() -> None:
    caller = Caller()
    answer = caller.call("GET", "$metadata")
    tree = ET.fromstring(answer.body)  # noqa: S314 -- our own document
    sets = {one.get("Name") for one in tree.iter("{http://docs.oasis-open.org/odata/ns/edm}EntitySet")}

    assert {"SalesOrderHeadersV3", "SalesOrderLinesV3", "SalesOrderOriginCodes", "CustomersV3"} <= sets
    assert b"MaxLength" not in answer.body
    assert {one["name"] for one in caller.get("")["value"]} == sets
