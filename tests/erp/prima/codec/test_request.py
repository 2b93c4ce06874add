"""Requests: golden text, and whatever a shopper typed arrives as it was."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.erp.prima.codec.attributes import LINE, OBSERVED
from shared.erp.prima.codec.letters import Policy, carried
from shared.erp.prima.codec.order_document import OrderDocument
from shared.erp.prima.codec.request import multi_available, new_order, order_status, product_available
from shared.erp.prima.codec.sku import Sku
from shared.errors import Rejected
from tests.erp.prima.codec.orders import NUMBER, UNIQUE_ID, document

SHORT = {
    "Data": ("UniqueId", "OrderNumber", "CustomerSurname", "CustomerRef", "VatInclusive", "Gender"),
    "OrderHeaderData": ("Currency", "SpecialInstructions"),
    "OrderLineData": ("OrderLine", "Product", "MtrxCode1", "Quantity", "Price"),
    "OrderChargeData": ("Charge", "ChargeValue"),
    "OrderPaymentData": ("PayMethod", "TranAmount"),
}
GOLDEN = (
    '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    '<Request RequestType="MultiNewOrder"><Data UniqueId="12345678" OrderNumber="20100001" '
    'CustomerSurname="Sample &amp; S&#246;hne" CustomerRef="N000001-A" VatInclusive="Yes" Gender="">'
    '<OrderHeaderData Currency="GBP" SpecialInstructions="say &quot;hello&quot;&#10;&#321;"/>'
    '<OrderLineData OrderLine="1" Product="ITEM-001" MtrxCode1="" Quantity="2" Price="10"/>'
    '<OrderLineData OrderLine="2" Product="ITEM-002" MtrxCode1="" Quantity="1" Price="0.50"/>'
    '<OrderChargeData Charge="SHIP" ChargeValue="4.90"/>'
    '<OrderPaymentData PayMethod="CSH" TranAmount="25.40"/></Data></Request>'
)


def root(text: str) -> etree._Element:
    return etree.fromstring(text.encode("latin-1"))


def test_an_order_is_written_as_agreed() -> None:
    assert new_order(document(), unique_id=UNIQUE_ID, template=SHORT) == GOLDEN


def test_every_observed_attribute_goes_out_blank_where_nothing_is_known() -> None:
    order = root(new_order(document(), unique_id=UNIQUE_ID))[0]
    assert tuple(order.attrib) == OBSERVED["Data"]
    assert [tuple(line.attrib) for line in order.iter(LINE)] == [OBSERVED[LINE]] * 2
    assert order.get("CustomerEmail") == ""
    assert [child.tag for child in order] == [
        "OrderHeaderData", "OrderLineData", "OrderLineData", "OrderChargeData", "OrderPaymentData",
    ]  # fmt: skip


def test_the_observed_map_names_everything_once() -> None:
    assert {name: len(names) - len(set(names)) for name, names in OBSERVED.items()} == dict.fromkeys(OBSERVED, 0)
    assert {name: len(names) for name, names in OBSERVED.items()} == {
        "Data": 52, "OrderHeaderData": 19, "OrderInvoiceData": 16, "OrderLineData": 49, "OrderChargeData": 2,
        "OrderPaymentData": 23,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (replace(document(), data={"Custmer": "x"}), "Custmer"),
        (replace(document(), lines=({"Produkt": "x"},)), "Produkt"),
        (replace(document(), data={"OrderNumber": "other"}), "OrderNumber"),
        (replace(document(), data={"UniqueId": "other"}), "UniqueId"),
    ],
)
def test_an_attribute_that_the_map_does_not_have_is_not_sent(order: OrderDocument, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        new_order(order, unique_id=UNIQUE_ID)


@given(text=st.text(st.characters()), policy=st.sampled_from(["reference", "transliterate", "refuse"]))
def test_any_text_arrives_as_its_policy_says(text: str, policy: Policy) -> None:
    try:
        expected = carried(text, policy=policy, field="Data.CustomerSurname")
    except Rejected:
        expected = None
    if expected is None:
        with pytest.raises(Rejected, match=re.escape("Data.CustomerSurname: it has")):
            sent_surname(text, policy)
    else:
        assert sent_surname(text, policy) == expected


def sent_surname(text: str, policy: Policy) -> str:
    order = replace(document(), data={"CustomerSurname": text}, header={})
    sent = new_order(order, unique_id=UNIQUE_ID, letters=policy)
    assert sent.isascii()
    return str(root(sent)[0].get("CustomerSurname"))


def test_the_document_does_not_show_the_shopper() -> None:
    assert "Sample" not in repr(document())
    assert NUMBER in repr(document())


def test_the_smaller_requests() -> None:
    declaration = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    assert order_status("20100001") == (
        f'{declaration}<Request RequestType="OrderStatus"><Data OrderNumber="20100001"/></Request>'
    )
    assert product_available() == (
        f'{declaration}<Request RequestType="ProductAvailableToSell"><Data ProductFrom="" ProductTo=""/></Request>'
    )
    assert product_available(first="A", last="B&C").endswith('<Data ProductFrom="A" ProductTo="B&amp;C"/></Request>')
    assert multi_available([Sku("STYLE1", ("F", "050", "", "")), Sku("STYLE2")]) == (
        f'{declaration}<Request RequestType="MultiAvailableToSell"><Data>'
        '<sku Product="STYLE1" MtrxCode1="F" MtrxCode2="050" MtrxCode3="" MtrxCode4=""/>'
        '<sku Product="STYLE2" MtrxCode1="" MtrxCode2="" MtrxCode3="" MtrxCode4=""/></Data></Request>'
    )
