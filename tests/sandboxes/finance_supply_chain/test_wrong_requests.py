"""Every wrong request with the answer that is documented for it, and the place that says so.

`place` is where the answer is told: a section (§) of the team's notes on the F&O contract, F for their numbered list of
common failures, and [I] where it is inferred from how the product behaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.sandboxes.finance_supply_chain.caller import Caller, header, line

HEADERS = "SalesOrderHeadersV3?cross-company=true"
LINES = "SalesOrderLinesV3?cross-company=true"
ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')"
ELSEWHERE = "SalesOrderHeadersV3(dataAreaId='frrt',SalesOrderNumber='FR-1')"
SITE = "Inventory dimension Site is mandatory and must consequently be specified."
NOTHING = "No resources were found when selecting for update."


@dataclass(frozen=True)
class Wrong:
    id: str
    place: str
    method: str
    path: str
    text: str
    content: Any = None
    body: bytes = b""
    status: int = 400
    headers: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def reading(name: str, place: str, query: str, text: str, status: int = 400) -> Wrong:
    return Wrong(name, place, "GET", query, text, status=status)


def filtering(name: str, place: str, condition: str, text: str) -> Wrong:
    return reading(name, place, f"SalesOrderHeadersV3?cross-company=true&$filter={condition}", text)


def entering(name: str, place: str, text: str, *, settings: Mapping[str, Any] | None = None, **changes: Any) -> Wrong:
    number = {"SalesOrderNumber": "NEW-1", **changes}
    return Wrong(name, place, "POST", HEADERS, text, header(**number), settings=settings or {})


def adding(name: str, place: str, text: str, **changes: Any) -> Wrong:
    return Wrong(name, place, "POST", LINES, text, line(**changes))


WRONG = (
    # addresses and methods
    reading("set that does not exist", "§1.4, F5", "SalesOrderLinesV2", "No HTTP resource was found", 404),
    reading("set in the wrong case", "§1.4, F5", "salesorderheadersv3", "No HTTP resource was found", 404),
    reading("outside the service root", "§1.1", "https://finance.example.com/api/orders", "No HTTP resource", 404),
    reading("half a key", "§1.2 keys", "SalesOrderHeadersV3(SalesOrderNumber='MKA-0001-A')", "number of keys"),
    reading("key without names", "§1.2 keys", "SalesOrderHeadersV3('MKA-0001-A')", "key in the URI"),
    reading(
        "no such order", "§1.2 keys", "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='X')", "given key", 404
    ),
    reading("other company not crossed", "§1.2 company, F4", ELSEWHERE, "given key", 404),
    reading("navigation that is not there", "§1.3 V3", f"{ONE}/SalesOrderOrigin", "No HTTP resource", 404),
    reading("collection option on one", "§1.2 query", f"{ONE}?cross-company=true&$top=1", "not a collection"),
    Wrong("put", "§1.2", "PUT", f"{ONE}?cross-company=true", "http method 'PUT'", header(), status=405),
    Wrong("post on a key", "§1.2", "POST", f"{ONE}?cross-company=true", "http method 'POST'", header(), status=405),
    Wrong("write of set-up", "§1.3", "POST", "SalesOrderOriginCodes", "http method 'POST'", {}, status=405),
    # query options
    reading("unknown option", "§1.2 query", "SalesOrderHeadersV3?$search=x", "'$search' is not supported"),
    reading("option twice", "§1.2 query", "SalesOrderHeadersV3?$top=1&$top=2", "more than once"),
    reading("negative top", "§1.2 query", "SalesOrderHeadersV3?$top=-1", "non-negative integer"),
    reading("select of nothing known", "F5", "SalesOrderHeadersV3?$select=OrderNumber", "named 'OrderNumber'"),
    reading("order of nothing known", "F5", "SalesOrderHeadersV3?$orderby=Number desc", "named 'Number'"),
    reading(
        "order in no direction", "§1.2 query", "SalesOrderHeadersV3?$orderby=SalesOrderNumber up", "'asc' or 'desc'"
    ),
    reading("expand of nothing known", "§1.3", "SalesOrderHeadersV3?$expand=Lines", "named 'Lines'"),
    reading(
        "expand of a second level",
        "§1.2 query",
        "SalesOrderHeadersV3?$expand=SalesOrderLines($expand=SalesOrderHeader)",
        "only the first level",
    ),
    # filters
    filtering("in", "§1.2 unsupported", "SalesOrderNumber in ('A','B')", "'in' is not supported"),
    filtering("has", "§1.2 unsupported", "IsFinalUser has 1", "named 'IsFinalUser'"),
    filtering("has on an enum", "§1.2 unsupported", "IsOneTimeCustomer has 1", "'has' is not supported"),
    filtering("any", "§1.2 unsupported", "SalesOrderLines/any(l:l/ItemNumber eq 'X')", "'SalesOrderLines' is not"),
    filtering("contains", "§1.2 unsupported", "contains(CustomersOrderReference,'A')", "'contains' is not supported"),
    filtering("startswith", "§1.2 unsupported", "startswith(SalesOrderNumber,'MK')", "'startswith' is not supported"),
    filtering("enum as text", "§1.2 enums", "IsSalesProcessingStopped eq 'Yes'", "incompatible types"),
    filtering(
        "enum with gt",
        "§1.2 enums",
        "IsSalesProcessingStopped gt Microsoft.Dynamics.DataEntities.NoYes'No'",
        "incompatible types",
    ),
    filtering(
        "member that is none",
        "§1.2 enums",
        "IsSalesProcessingStopped eq Microsoft.Dynamics.DataEntities.NoYes'Maybe'",
        "not a valid enumeration",
    ),
    filtering("number as text", "§1.2 query", "OrderTotalAmount eq '1'", "incompatible types"),
    filtering("date as text", "§1.2 dates", "OrderCreationDateTime gt '2026-01-01T00:00:00Z'", "incompatible types"),
    filtering("unknown property", "F5", "OrderNumber eq 'A'", "named 'OrderNumber'"),
    filtering("property in the wrong case", "F5", "salesordernumber eq 'A'", "named 'salesordernumber'"),
    filtering("unbalanced", "§1.2 query", "(SalesOrderNumber eq 'A'", "Syntax error"),
    filtering("open text", "§1.2 query", "SalesOrderNumber eq 'A", "Syntax error"),
    filtering("nothing", "§1.2 query", "", "Syntax error"),
    # bodies
    Wrong("no JSON", "§1.2", "POST", HEADERS, "not well-formed JSON", body=b"{"),
    Wrong("a list", "§1.2", "POST", HEADERS, "one JSON object", []),
    Wrong("NaN", "§1.2 decimals", "POST", LINES, "not well-formed JSON", body=b'{"SalesPrice": NaN}'),
    Wrong("property twice", "§1.2", "POST", HEADERS, "'URL' were detected", body=b'{"URL": "a", "URL": "b"}'),
    Wrong(
        "form instead of JSON",
        "§1.3 create",
        "POST",
        HEADERS,
        "media type",
        body=b"a=b",
        status=415,
        headers={"content-type": "application/x-www-form-urlencoded"},
    ),
    entering("unknown property", "§1.3, F5", "The property 'ExternalReference' does not exist", ExternalReference="X"),
    entering("misspelt case", "F5", "The property 'email' does not exist", email="shopper@example.com"),
    entering("number for text", "§1.3 types", "'DefaultShippingSiteId' as a quoted", DefaultShippingSiteId=1),
    entering("bool for enum", "§1.2 enums", "'ArePricesIncludingSalesTax'", ArePricesIncludingSalesTax=True),
    entering(
        "member in the wrong case", "§1.2 enums", "'ArePricesIncludingSalesTax'", ArePricesIncludingSalesTax="yes"
    ),
    entering("bare date", "§1.2 dates", "'Edm.DateTimeOffset'", RequestedShippingDate="2026-03-04"),
    entering("null date", "§1.3 types", "does not allow null values", RequestedShippingDate=None),
    adding("text for decimal", "§1.2 decimals", "'Edm.Decimal'", SalesPrice="19.90"),
    adding("null decimal", "§1.4 types", "does not allow null values", SalesPrice=None),
    adding("fraction for integer", "§1.4 types", "'Edm.Int32'", CustomersLineNumber=Decimal("1.5")),
    entering("total sent", "§1.7 [I]", "Field 'OrderTotalAmount' does not allow editing.", OrderTotalAmount=1),
    adding("line number sent", "§1.4 [I]", "Field 'LineNumber' does not allow editing.", LineNumber=1),
    adding("lot sent", "§1.4", "Field 'InventoryLotId' does not allow editing.", InventoryLotId="000009"),
    # headers
    entering("no customer", "§1.2 error body", "Field 'Customer account' must be", OrderingCustomerAccountNumber=...),
    entering(
        "unknown customer", "§1.3", "'NOBODY' in field 'Customer account'", OrderingCustomerAccountNumber="NOBODY"
    ),
    entering("customer on hold", "§1.6, F15", "is on hold (All)", OrderingCustomerAccountNumber="MKP-HOLD"),
    entering("no company", "§1.3", "Field 'Company' must be filled in.", dataAreaId=...),
    entering("unknown company", "§1.3", "'zzzz' in field 'Company'", dataAreaId="zzzz"),
    entering("unknown currency", "§1.3", "'XTS' in field 'Currency'", CurrencyCode="XTS"),
    entering("unknown origin", "§1.3", "'NOWHERE' in field 'Sales origin'", SalesOrderOriginCode="NOWHERE"),
    entering("unknown tax group", "§1.7", "'XX' in field 'Sales tax group'", SalesTaxGroupCode="XX"),
    entering("unknown delivery mode", "§1.10", "'DRONE' in field 'Mode of delivery'", DeliveryModeCode="DRONE"),
    entering("unknown carrier", "§1.10", "'X' in field 'Shipping carrier'", ShippingCarrierId="X"),
    entering("unknown site", "F2", "'9' in field 'Site'", DefaultShippingSiteId="9"),
    entering("warehouse of another site", "F2 [I]", "Warehouse 21 does not belong", DefaultShippingWarehouseId="21"),
    entering("two-letter country", "§1.3 address", "'FR' in field 'Country/", DeliveryAddressCountryRegionId="FR"),
    entering("no country", "§1.3 address [I]", "'Country/region' must be", DeliveryAddressCountryRegionId=...),
    entering(
        "ZIP code not set up",
        "§1.3 caveats",
        "ZIP/postal code does not exist",
        settings={"zip_codes": {"FRA": ["75001"]}},
    ),
    entering("long reference", "§1.4 lengths", "exceeds the maximum of 60", CustomersOrderReference="A" * 61),
    entering("long requisition", "§1.4 lengths", "exceeds the maximum of 20", CustomerRequisitionNumber="A" * 21),
    entering("long number", "§1.3", "exceeds the maximum of 20", SalesOrderNumber="A" * 21),
    entering("long ZIP code", "§1.4 lengths", "exceeds the maximum of 10", DeliveryAddressZipCode="1" * 11),
    entering("no number", "§1.5", "Field 'Sales order' must be filled in.", SalesOrderNumber=...),
    entering("own number", "§1.3", "does not allow manual numbers", settings={"number_sequence": "automatic"}),
    entering("number taken", "§1.5", "The record already exists.", SalesOrderNumber="MKA-0001-A"),
    entering("number taken in other case", "§1.5 [I]", "The record already exists.", SalesOrderNumber="mka-0001-a"),
    # lines
    adding("no order", "§1.4", "Field 'Sales order' must be filled in.", SalesOrderNumber=...),
    adding("unknown order", "§1.4", "'NEW-9' in field 'Sales order'", SalesOrderNumber="NEW-9"),
    adding("order of another company", "§1.4", "'FR-1' in field 'Sales order'", SalesOrderNumber="FR-1"),
    adding("no item", "§1.4", "Field 'Item number' must be filled in.", ItemNumber=...),
    adding("unknown item", "§1.4", "'ITEM-999' in field 'Item number'", ItemNumber="ITEM-999"),
    adding("unknown unit", "§1.8", "'crate' in field 'Unit'", SalesUnitSymbol="crate"),
    adding("unit the item is not sold in", "§1.8", "no unit conversion between kg", SalesUnitSymbol="kg"),
    adding(
        "more decimals than the unit has", "§1.8", "more decimals than unit pcs", OrderedSalesQuantity=Decimal("1.5")
    ),
    adding("no quantity", "§1.4 [I]", "Field 'Quantity' must be filled in.", OrderedSalesQuantity=0),
    adding("variant not given", "§1.8", "Inventory dimension Size is mandatory", ItemNumber="SHIRT-01"),
    adding(
        "variant not there",
        "§1.8",
        "'XXL' in field 'Size'",
        ItemNumber="SHIRT-01",
        ProductSizeId="XXL",
        ProductColorId="RED",
    ),
    adding("variant of a plain item", "§1.8", "Color is not active for item ITEM-001", ProductColorId="RED"),
    adding("unknown item tax group", "§1.7", "'X' in field 'Item sales tax group'", SalesTaxItemGroupCode="X"),
    adding("unknown warehouse", "F2", "'99' in field 'Warehouse'", ShippingWarehouseId="99"),
    adding("long external number", "§1.4 lengths", "exceeds the maximum of 20", ExternalItemNumber="A" * 21),
    # changes
    Wrong("change not crossed", "§1.2 update, F4", "PATCH", ELSEWHERE, NOTHING, {"IsSalesProcessingStopped": "Yes"}),
    Wrong("delete not crossed", "§1.2 update, F4", "DELETE", ELSEWHERE, NOTHING),
    Wrong(
        "change of nobody's order",
        "§1.2 update",
        "PATCH",
        "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='X')?cross-company=true",
        NOTHING,
        {"IsSalesProcessingStopped": "Yes"},
    ),
    Wrong(
        "change of the number",
        "§1.2 keys",
        "PATCH",
        f"{ONE}?cross-company=true",
        "Field 'SalesOrderNumber' does not allow editing.",
        {"SalesOrderNumber": "OTHER"},
    ),
    Wrong(
        "change of a status",
        "§1.4 cancel",
        "PATCH",
        f"{ONE}?cross-company=true",
        "Field 'SalesOrderStatus' does not allow editing.",
        {"SalesOrderStatus": "Canceled"},
    ),
    Wrong(
        "stale etag",
        "§1.2 etag",
        "PATCH",
        f"{ONE}?cross-company=true",
        "changed by another user",
        {"IsSalesProcessingStopped": "Yes"},
        status=412,
        headers={"if-match": 'W/"0-0"'},
    ),
)


def ready(settings: Mapping[str, Any]) -> Caller:
    """An order in each company, entered while the client still gave the numbers."""
    caller = Caller()
    caller.order()
    caller.create("SalesOrderHeadersV3", header(dataAreaId="frrt", SalesOrderNumber="FR-1"))
    for name, value in settings.items():
        setattr(caller.sandbox.world, name, value)
    return caller


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_request_gets_the_documented_answer_and_changes_nothing(wrong: Wrong) -> None:
    caller = ready(wrong.settings)
    before = caller.books()["orders"]

    answer = caller.call(wrong.method, wrong.path, wrong.content, body=wrong.body, headers=wrong.headers)

    assert answer.status == wrong.status, answer.body
    error = answer.json()["error"]
    assert wrong.text in error["innererror"]["message"]
    assert error["code"] == ""
    assert error["innererror"]["internalexception"]["stacktrace"]
    assert caller.books()["orders"] == before


def test_the_table_is_as_long_as_promised_and_names_its_places() -> None:
    assert len(WRONG) >= 40
    assert len({wrong.id + wrong.method + wrong.path for wrong in WRONG}) == len(WRONG)
    assert all(wrong.place.startswith(("§", "F")) for wrong in WRONG)


def test_a_missing_customer_is_told_word_for_word() -> None:
    answer = Caller().call("POST", HEADERS, header(OrderingCustomerAccountNumber=...))

    assert answer.json()["error"]["innererror"]["message"] == (
        "Write failed for table row of type 'SalesOrderHeaderV3Entity'. Infolog: Warning: Field 'Customer account' "
        "must be filled in.; Warning: validateWrite failed on data source 'SalesTable (SalesTable)'."
    )


@pytest.mark.parametrize(
    ("place", "lacking"),
    [
        pytest.param("F2", {"DefaultShippingSiteId": ..., "DefaultShippingWarehouseId": ...}, id="neither"),
        pytest.param("F2", {"DefaultShippingSiteId": "", "DefaultShippingWarehouseId": ""}, id="both empty"),
    ],
)
def test_a_line_without_a_place_from_itself_or_its_header_is_refused(place: str, lacking: dict[str, Any]) -> None:
    caller = Caller()
    caller.create("SalesOrderHeadersV3", header(**lacking))

    answer = caller.call("POST", LINES, line())

    assert answer.status == 400
    assert SITE in answer.json()["error"]["innererror"]["message"]


def test_a_text_that_does_not_fit_is_not_repeated() -> None:
    street = "12 Confidential Road " * 20

    answer = Caller().call("POST", HEADERS, header(DeliveryAddressStreet=street))

    assert b"DeliveryAddressStreet" in answer.body
    assert b"Confidential" not in answer.body
