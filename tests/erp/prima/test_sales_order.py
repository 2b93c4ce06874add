"""A draft as the request that Prima gets, byte by byte, and what is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from shared.erp.prima.codec.request import new_order
from shared.erp.prima.configuration import Configuration, Payment
from shared.erp.prima.sales_order import CONSENTS, document
from shared.errors import Rejected
from shared.model.sales_order import SalesOrderDraft
from tests.erp.prima.drafts import ADDRESS, configuration, customer, draft, line

ORDERED = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
GOLDEN = (
    b'<Request RequestType="MultiNewOrder">'
    b'<Data UniqueId="12345678" Customer="MKP-FR-EUR" TPGUID="201000001" OrderNumber="201000001" HoldOrder="No"'
    b' OrderChannel="MIRAKL" AddrLine1="Test Street 5" AddrLine2="Testville" PostCode="00017" Country="FR"'
    b' CustomerPhone="+00 000 0017" CustomerRef="NO-N000001-A" VatInclusive="Yes" ReceiveMail="No" ReceiveEmail="No"'
    b' ReceiveText="No" ReceivePhone="No" ReceiveMobile="No" RentDetails="No" DeliveryFAO="Shopper Seventeen">'
    b'<OrderHeaderData ShippingInstructions="Ring twice" Carrier="CARRIER-1" CarrServ="GROUND" Currency="EUR"'
    b' OrderDate="02/03/2026"/>'
    b'<OrderLineData OrderLine="1" Product="ITEM-001" Quantity="2" Price="39.80" LineReference="N000001-A-1"'
    b' DueDate="04/03/2026" Warehouse="11" Voucher="No"/>'
    b'<OrderChargeData Charge="SHIPPING" ChargeValue="4.90"/>'
    b'<OrderPaymentData PayMethod="CSH" SubPayMethod="MKPA" TranAmount="44.70" PayProvider="NONE"'
    b' PayAuthRef="201000001" PayAuthId="201000001" LineRef="201000001"/>'
    b"</Data></Request>"
)


def sent(one: SalesOrderDraft, known: Configuration) -> Any:
    """The request, without the attributes that are blank."""
    root = etree.fromstring(new_order(document(one, known), unique_id="12345678").partition("?>")[2])
    for element in root.iter():
        for name in [name for name, value in element.items() if not value]:
            del element.attrib[name]
    return root


def test_the_whole_request() -> None:
    known = configuration(payment=Payment("CSH", "MKPA", "NONE"), zone=ZoneInfo("Europe/Paris"))
    assert etree.tostring(sent(draft(ordered=ORDERED), known)) == GOLDEN


@pytest.mark.parametrize(
    ("changes", "known", "path", "value"),
    [
        ({}, {"price": "unit"}, "Data/OrderLineData/@Price", ["19.90"]),
        ({}, {"price": "line"}, "Data/OrderLineData/@Price", ["39.80"]),
        ({"ordered": ORDERED}, {}, "Data/OrderHeaderData/@OrderDate", ["01/03/2026"]),
        ({}, {"reference_in": "TPGUID"}, "Data/@TPGUID", ["NO-N000001-A"]),
        ({}, {"reference_in": "TPGUID"}, "Data/@CustomerRef", ["N000001"]),
        ({"on_hold": True}, {}, "Data/@HoldOrder", ["Yes"]),
        ({}, {"create_held": True}, "Data/@HoldOrder", ["Yes"]),
        ({}, {"create_held": True}, "Data/@HoldOrderNarrative", ["Held by the marketplace bridge"]),
        ({"origin": ""}, {"order_channel": "MailOrder"}, "Data/@OrderChannel", ["MailOrder"]),
        ({}, {"order_channel": "MailOrder"}, "Data/@OrderChannel", ["MIRAKL"]),
        ({"dimensions": "MKPA"}, {"order_category": "X"}, "Data/OrderHeaderData/@OrderCategory", ["MKPA"]),
        ({}, {"order_category": "X"}, "Data/OrderHeaderData/@OrderCategory", ["X"]),
        ({}, {"source_media": "WEB"}, "Data/OrderHeaderData/@SourceMedia", ["WEB"]),
        ({"requested_shipping_date": None}, {}, "Data/OrderLineData/@DueDate", []),
        ({}, {}, "Data/OrderPaymentData", []),
        ({}, {}, "Data/OrderInvoiceData", []),
        ({}, {}, "Data/@CustomerEmail", []),
        ({"customer": "", "shopper": customer()}, {}, "Data/@Customer", []),
        ({"customer": "", "shopper": customer()}, {}, "Data/@CustomerForename", ["Shopper"]),
        ({"customer": "", "shopper": customer()}, {}, "Data/@CustomerSurname", ["Seventeen"]),
        ({"customer": "", "shopper": customer()}, {}, "Data/@CustomerEmail", []),
        ({"customer": "", "shopper": customer(alias="p@example.com")}, {}, "Data/@CustomerEmail", ["p@example.com"]),
        ({"customer": "", "shopper": customer()}, {}, "Data/OrderInvoiceData/@InvoiceAddrLine1", ["Test Street 5"]),
        ({"customer": "", "shopper": customer()}, {}, "Data/OrderInvoiceData/@InvoiceCountry", ["FR"]),
    ],
)
def test_where_things_go(changes: dict[str, Any], known: dict[str, Any], path: str, value: list[str]) -> None:
    assert sent(draft(**changes), configuration(**known)).xpath(path) == value


def test_without_vat_in_the_prices_the_tax_is_paid_on_top() -> None:
    net = draft(prices_include_tax=False, total=Decimal("40.00"), tax=Decimal("8.00"))
    known = configuration(vat_inclusive=False, payment=Payment("CSH"))
    assert sent(net, known).xpath("Data/OrderPaymentData/@TranAmount") == ["48.00"]
    assert sent(net, known).xpath("Data/@VatInclusive") == ["No"]


@pytest.mark.parametrize("inclusive", [True, False])
def test_prices_of_the_other_kind_are_never_sent(inclusive: bool) -> None:
    with pytest.raises(Rejected) as reason:
        document(draft(prices_include_tax=not inclusive), configuration(vat_inclusive=inclusive))
    assert (reason.value.kind, reason.value.subject) == ("shop_misconfigured", "ERP.vat_inclusive")


def test_nothing_of_a_shopper_is_allowed_to_anybody() -> None:
    data = document(draft(customer="", shopper=customer()), configuration()).data
    assert {data[name] for name in CONSENTS} == {"No"}


def test_a_reference_that_does_not_fit_is_for_people() -> None:
    with pytest.raises(Rejected, match="CustomerRef takes 60"):
        document(draft(reference="NO-" + "1" * 60), configuration())


def test_the_document_shows_no_shopper() -> None:
    one = document(draft(customer="", shopper=customer(alias="p@example.com")), configuration())
    told = repr(one)
    assert not any(text in told for text in (ADDRESS.name, ADDRESS.street_1, "p@example.com"))


def test_lines_are_numbered_and_charges_are_none_of_them() -> None:
    lines = (line(3), line(1), replace(line(2), purpose="fee"), line(4))
    request = sent(draft(lines=lines), configuration())
    assert request.xpath("Data/OrderLineData/@OrderLine") == ["1", "2", "3"]
    assert request.xpath("Data/OrderLineData/@LineReference") == ["N000001-A-1", "N000001-A-3", "N000001-A-4"]
    assert len(request.xpath("Data/OrderChargeData")) == 1
