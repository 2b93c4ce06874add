"""A synthetic order document, and Prima's replies to it in the spelling that was observed."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import quoteattr

from shared.erp.prima.codec.order_document import OrderDocument

NUMBER, UNIQUE_ID = "20100001", "12345678"
DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
SAX = (
    "The XML may be Invalid or may contain invalid characters. SAX parser error: SAX-PARSE-NEXT, Unexpected error. "
    "(14586)"
)


def document() -> OrderDocument:
    return OrderDocument(
        number=NUMBER,
        data={"CustomerSurname": "Sample & Söhne", "CustomerRef": "N000001-A", "VatInclusive": "Yes"},
        header={"Currency": "GBP", "SpecialInstructions": 'say "hello"\nŁ'},
        lines=(
            {"OrderLine": "1", "Product": "ITEM-001", "Quantity": Decimal(2), "Price": Decimal("1E+1")},
            {"OrderLine": "2", "Product": "ITEM-002", "Quantity": Decimal(1), "Price": Decimal("0.50")},
        ),
        charges=({"Charge": "SHIP", "ChargeValue": Decimal("4.90")},),
        payments=({"PayMethod": "CSH", "TranAmount": Decimal("25.40")},),
    )


def result(inside: str, *, kind: str = "MultiNewOrder", extra: str = "") -> str:
    return f'{DECLARATION}<Result Company="1"{extra} RequestType="{kind}">{inside}</Result>'


def order_data(
    status: str = "OK", *, number: str = NUMBER, unique_id: str = UNIQUE_ID, error: str = "", customer: str = ""
) -> str:
    inside = f'<RequestError Error={quoteattr(error)} UniqueID="{unique_id}"/>' if error else ""
    return (
        f'<Data CustRef="" CustomerCode="{customer}" OrderNumber="{number}" RequestStatus="{status}" '
        f'TPGUID="{number}" UniqueID="{unique_id}">{inside}</Data>'
    )
