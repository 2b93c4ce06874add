"""Reading: filters, pages that never shift, what is expanded, encoded enums, and the copy that lags."""

from __future__ import annotations

import pytest

from sandboxes.business_central import worlds
from tests.sandboxes.business_central.caller import COMPANY, Caller, error, line, matching, order


def several(count: int) -> Caller:
    caller = Caller()
    for number in range(count):
        caller.create(order(externalDocumentNumber=f"MKA-{number:04}-A"))
        caller.later(60)
    return caller


def numbers(rows: list[dict[str, object]]) -> list[object]:
    return [row["number"] for row in rows]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("externalDocumentNumber eq 'mka-0001-a'", ["101002"]),
        ("externalDocumentNumber eq 'MKA-0001-A' or externalDocumentNumber eq 'MKA-0002-A'", ["101002", "101003"]),
        ("lastModifiedDateTime gt 2026-03-02T08:01:30Z", ["101003"]),
        ("lastModifiedDateTime ge 2026-03-02T09:01:30.000+01:00 and status eq 'Draft'", ["101002", "101003"]),
        ("(number eq '101001' or number eq '101003') and orderDate le 2026-03-02", ["101001", "101003"]),
        ("startswith(externalDocumentNumber,'MKA-')", ["101001", "101002", "101003"]),
        ("status eq 'In_x0020_Review'", []),
        ("totalAmountIncludingTax gt 39.80", []),
        ("pricesIncludeTax eq true and number ne '101001'", ["101002", "101003"]),
    ],
)
def test_filters(condition: str, found: list[str]) -> None:
    assert numbers(several(3).rows(matching("salesOrders", condition))) == found


@pytest.mark.parametrize(
    "condition",
    [
        "number eq '1' or externalDocumentNumber eq '1'",
        "number in ('1','2')",
        "salesOrderLines/any(one: one/quantity gt 1)",
        "tolower(number) eq '1'",
        "nothing eq '1'",
        "number eq 1",
        "customerId eq '00000000-0000-0000-0000-000000000000'",
        "lastModifiedDateTime gt '2026-03-02T08:01:30Z'",
        "not number eq '1'",
        "number eq '1' and",
        "",
    ],
)
def test_filters_that_are_refused(condition: str) -> None:
    status, code, _ = error(Caller().call("GET", matching("salesOrders", condition)))

    assert status == 400
    assert code.startswith("BadRequest")


def test_pages_follow_the_link_and_do_not_shift() -> None:
    caller = several(5)
    page = caller.get("salesOrders?$select=number&$orderby=lastModifiedDateTime", prefer="odata.maxpagesize=2")
    seen = numbers(page["value"])
    caller.control("delete_order", number="101001")
    while "@odata.nextLink" in page:
        assert "$skip=" not in page["@odata.nextLink"]
        page = caller.get(page["@odata.nextLink"], prefer="odata.maxpagesize=2")
        seen += numbers(page["value"])

    assert seen == ["101001", "101002", "101003", "101004", "101005"]


def test_top_counts_over_all_pages() -> None:
    caller = several(5)
    page = caller.get("salesOrders?$top=3&$count=true", prefer="maxpagesize=2")
    rest = caller.get(page["@odata.nextLink"], prefer="maxpagesize=2")

    assert (page["@odata.count"], len(page["value"]), len(rest["value"])) == (5, 2, 1)
    assert "@odata.nextLink" not in rest
    assert "@odata.nextLink" not in caller.get("salesOrders?$top=2", prefer="maxpagesize=2")


@pytest.mark.parametrize("option", ["$skip=1", "$top=x", "$select=nothing", "$orderby=number up", "$expand=customer"])
def test_options_that_are_refused(option: str) -> None:
    assert Caller().call("GET", f"salesOrders?{option}").status == 400


def test_lines_need_their_document() -> None:
    caller = several(1)
    found = caller.rows("salesOrders?$expand=salesOrderLines($select=id,sequence)")[0]
    filtered = caller.rows(matching("salesOrderLines", f"documentId eq {found['id']}"))

    assert error(caller.call("GET", "salesOrderLines"))[2].startswith("You must specify an Id or a Document Id")
    assert [one["id"] for one in filtered] == [one["id"] for one in found["salesOrderLines"]]
    assert caller.rows(f"salesOrders({found['id']})/salesOrderLines") == filtered


def test_what_is_set_up_can_be_read() -> None:
    card = {"name": "Marketplace C", "currency": "EUR", "vat_group": "FR", "dimensions": ["MKPA", ""]}
    caller = Caller({"companies": {"CRONUS": {"customers": {"MKP-C": card}}}})
    sets: tuple[str, ...] = (
        "items",
        "itemVariants",
        "locations",
        "unitsOfMeasure",
        "taxGroups",
        "taxAreas",
        "countriesRegions",
    )
    sets += ("currencies", "shipmentMethods", "paymentTerms", "dimensions", "dimensionValues", "accounts", "customers")

    assert all(caller.rows(one) for one in sets)
    assert caller.rows("generalLedgerSetup")[0]["shortcutDimension1Code"] == "CHANNEL"
    (found,) = caller.rows(matching("customers", "number eq 'MKP-C'", "&$expand=defaultDimensions"))
    assert [one["dimensionValueCode"] for one in found["defaultDimensions"]] == ["MKPA"]
    shirt = caller.rows(matching("items", "number eq 'SHIRT-01'", "&$expand=itemVariants"))[0]
    assert {one["code"] for one in shirt["itemVariants"]} >= {"M-RED", "S-BLUE"}


def test_another_company_has_its_own() -> None:
    caller = several(1)
    other = COMPANY.replace(worlds.COMPANY_ID, worlds.OTHER_COMPANY_ID)
    found = caller.rows("salesOrders")[0]["id"]

    assert caller.rows(f"{other}salesOrders") == []
    assert caller.call("GET", f"{other}salesOrders({found})").status == 404
    assert {one["name"] for one in caller.rows("companies")} == {"CRONUS", "CRONUS FR"}
    missing = COMPANY.replace("0001", "0009")
    assert error(caller.call("GET", f"{missing}salesOrders"))[:2] == (404, "Internal_CompanyNotFound")


def test_enums_are_encoded_and_comments_stand_on_shipments() -> None:
    caller = Caller()
    caller.create(order(line(), {"description": "A remark"}))
    caller.control("ship", number="101001")
    (shipment,) = caller.rows("salesShipments?$expand=salesShipmentLines")

    assert [one["lineType"] for one in shipment["salesShipmentLines"]] == ["Item", "_x0020_"]
    assert {one["taxType"] for one in caller.rows("taxGroups")} == {"_x0020_"}


def test_a_read_only_reader_sees_a_copy_that_lags() -> None:
    caller = Caller({"replica_lag_seconds": 30})
    caller.create()
    read_only = {"Data_Access_Intent": "ReadOnly"}
    caller.later(29)
    assert caller.rows("salesOrders", **read_only) == []
    caller.later(1)
    (found,) = caller.rows("salesOrders", **read_only)
    caller.control("release", number="101001")

    assert caller.rows("salesOrders", **read_only)[0]["status"] == "Draft"
    assert caller.rows("salesOrders")[0]["status"] == "Open"
    assert caller.rows("salesOrders", **read_only)[0]["@odata.etag"] == found["@odata.etag"]
    caller.later(30)
    assert caller.rows("salesOrders", **read_only)[0]["status"] == "Open"


def test_an_option_that_nobody_reads_is_counted() -> None:
    caller = Caller()
    caller.rows("salesOrders?cross-company=true")

    assert caller.books()["ignored_inputs"] == {"query option cross-company": 1}
