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

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import Caller, customer, header, line

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


CUSTOMERS = "CustomersV3?cross-company=true"
ONE_CUSTOMER = "CustomersV3(dataAreaId='usmf',CustomerAccount='MKP-FR-EUR')?cross-company=true"
SLIP = "CustPackingSlipJourBiEntities"
LEFT = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='LEFT-1')?cross-company=true"
LEFT_LINE = "SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='000002')?cross-company=true"
PICKED = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='PICKED-1')?cross-company=true"
PICKED_LINE = "SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='000003')?cross-company=true"


def registering(
    name: str, place: str, text: str, *, settings: Mapping[str, Any] | None = None, status: int = 400, **changes: Any
) -> Wrong:
    content = customer(**changes)
    return Wrong(name, place, "POST", CUSTOMERS, text, content, settings=settings or {}, status=status)


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
    # customers
    registering("customer without account", "§1.6 key", "Field 'Customer account' must be", CustomerAccount=...),
    registering("customer without group", "§1.6", "Field 'Customer group' must be filled in.", CustomerGroupId=...),
    registering("customer without currency", "§1.6", "Field 'Currency' must be filled in.", SalesCurrencyCode=...),
    registering("customer without type", "§1.6", "Field 'Type' must be filled in.", PartyType=...),
    registering("customer without company", "§1.6", "Field 'Company' must be filled in.", dataAreaId=...),
    registering("customer of no company", "§1.6", "'zzzz' in field 'Company'", dataAreaId="zzzz"),
    registering("customer of a type that is none", "§1.6", "'Robot' in field 'Type'", PartyType="Robot"),
    registering("person without a name", "§1.6", "Field 'Last name' must be filled in.", PersonLastName=...),
    registering("organization without a name", "§1.6", "Field 'Name' must be filled in.", PartyType="Organization"),
    registering("unknown customer group", "§1.6", "'99' in field 'Customer group'", CustomerGroupId="99"),
    registering("customer's unknown currency", "§1.6", "'XTS' in field 'Currency'", SalesCurrencyCode="XTS"),
    registering("customer's unknown tax group", "§1.6", "'XX' in field 'Sales tax group'", SalesTaxGroup="XX"),
    registering("customer's two-letter country", "§1.3 address", "'FR' in field 'Cou", AddressCountryRegionId="FR"),
    registering("unknown invoice account", "§1.6", "'NOBODY' in field 'Invoice account'", InvoiceAccount="NOBODY"),
    registering("long account", "§1.4 lengths", "exceeds the maximum of 20", CustomerAccount="A" * 21),
    registering("long last name", "§1.4 lengths", "exceeds the maximum of 25", PersonLastName="A" * 26),
    registering("account taken", "§1.5", "The record already exists.", CustomerAccount="MKP-FR-EUR"),
    registering("account taken in other case", "§1.5 [I]", "The record already exists.", CustomerAccount="mkp-fr-eur"),
    registering(
        "account taken, other status",
        "§1.5",
        "The record already exists.",
        settings={"duplicate_status": 500},
        status=500,
        CustomerAccount="MKP-FR-EUR",
    ),
    registering(
        "tax number that is not set up",
        "§1.6 [I]",
        "in field 'Tax exempt number'",
        settings={"validates_tax_exempt_numbers": True},
        TaxExemptNumber="FR00000000000",
    ),
    registering("field of no customer", "F5", "The property 'CustomerName' does not exist", CustomerName="X"),
    registering("party number sent", "§1.6 [I]", "Field 'PartyNumber' does not allow editing.", PartyNumber="1"),
    Wrong(
        "change of the account",
        "§1.2 keys",
        "PATCH",
        ONE_CUSTOMER,
        "Field 'CustomerAccount' does not allow editing.",
        {"CustomerAccount": "OTHER"},
    ),
    Wrong(
        "change to no group",
        "§1.6",
        "PATCH",
        ONE_CUSTOMER,
        "'Customer group' must be filled in",
        {"CustomerGroupId": ""},
    ),
    Wrong("delete of a customer with orders", "§1.6 [I]", "DELETE", ONE_CUSTOMER, "transactions exist"),
    # what left
    Wrong("write of a packing slip", "§1.10", "POST", SLIP, "http method 'POST'", {}, status=405),
    Wrong("write of tracking", "§1.10", "POST", "PackingSlipTrackingInformation", "http method 'POST'", {}, status=405),
    Wrong(
        "delete of a packing slip",
        "§1.10",
        "DELETE",
        f"{SLIP}(dataAreaId='usmf',SourceDocumentHeader=5637144577)?cross-company=true",
        "http method 'DELETE'",
        status=405,
    ),
    reading(
        "record id in quotes",
        "§1.2 keys",
        f"{SLIP}(dataAreaId='usmf',SourceDocumentHeader='5637144577')",
        "'SourceDocumentHeader' is of type 'Edm.Int64'",
    ),
    reading("company without quotes", "§1.2 keys", f"{SLIP}(dataAreaId=usmf,SourceDocumentHeader=1)", "'dataAreaId'"),
    reading("no such slip", "§1.10", f"{SLIP}(dataAreaId='usmf',SourceDocumentHeader=1)", "given key", 404),
    reading(
        "delivery date without a time",
        "§1.2 dates",
        "PackingSlipTrackingInformation(dataAreaId='usmf',SalesOrderNumber='LEFT-1',PackingSlipNumber='PS000001',"
        "DeliveryDate=2026-03-02,TrackingNumber='T-1')",
        "'Edm.DateTimeOffset'",
    ),
    reading("record id as text", "§1.2 query", f"{SLIP}?$filter=SourceDocumentHeader gt '1'", "incompatible types"),
    reading("moment as text", "§1.2 dates", f"{SLIP}?$filter=CreatedOn gt '2026-03-02'", "incompatible types"),
    reading("bare date in a filter", "§1.2 dates", f"{SLIP}?$filter=CreatedOn gt 2026-03-02", "a literal was expected"),
    reading(
        "slip's line by its slip",
        "§1.10",
        "CustPackingSlipTransBiEntities?$filter=SourceDocumentHeader eq 1",
        "named 'SourceDocumentHeader'",
    ),
    reading("tracking's carrier", "§1.10", "PackingSlipTrackingInformation?$select=Carrier", "named 'Carrier'"),
    Wrong("delete of an order that has left", "§1.4 cancel", "DELETE", LEFT, "cannot be deleted"),
    Wrong("delete of a line that has left", "§1.4 cancel", "DELETE", LEFT_LINE, "cannot be deleted"),
    Wrong("delete of a picked order", "§1.4 cancel", "DELETE", PICKED, "cannot be deleted"),
    Wrong("delete of a picked line", "§1.4 cancel", "DELETE", PICKED_LINE, "cannot be deleted"),
    Wrong(
        "less than has left",
        "§1.4 [I]",
        "PATCH",
        LEFT_LINE,
        "'Quantity' cannot be changed",
        {"OrderedSalesQuantity": 1},
    ),
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
    """An order in each company, one that has left and one that is picked, entered while clients gave the numbers."""
    caller = Caller()
    caller.order()
    for number in ("LEFT-1", "PICKED-1"):
        caller.order(SalesOrderNumber=number)
    control = controls(caller.sandbox)
    control["ship"]({"number": "LEFT-1", "tracking": "T-1"}, caller.now)
    control["pick"]({"number": "PICKED-1"}, caller.now)
    caller.create("SalesOrderHeadersV3", header(dataAreaId="frrt", SalesOrderNumber="FR-1"))
    for name, value in settings.items():
        setattr(caller.sandbox.world, name, value)
    return caller


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_request_gets_the_documented_answer_and_changes_nothing(wrong: Wrong) -> None:
    caller = ready(wrong.settings)
    before = kept(caller)

    answer = caller.call(wrong.method, wrong.path, wrong.content, body=wrong.body, headers=wrong.headers)

    assert answer.status == wrong.status, answer.body
    error = answer.json()["error"]
    assert wrong.text in error["innererror"]["message"]
    assert error["code"] == ""
    assert error["innererror"]["internalexception"]["stacktrace"]
    assert kept(caller) == before


def kept(caller: Caller) -> list[Any]:
    books = caller.books()
    return [books["orders"], books["shipments"], books["customers"]]


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
