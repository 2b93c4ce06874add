"""Requests, written by a serializer: what a shopper typed can never break the document.

The declaration says ISO-8859-1, as the documented example does; the text itself is ASCII, every other letter a numeric
reference, so that no code page on the way can change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from lxml import etree

from shared.erp.prima.codec.attributes import CHARGE, HEADER, INVOICE, LINE, OBSERVED, ORDER, PAYMENT, Template
from shared.erp.prima.codec.letters import Policy, carried
from shared.erp.prima.codec.order_document import Attributes, OrderDocument
from shared.erp.prima.codec.sku import CODES, Sku
from shared.erp.prima.markup import Element

MULTI_NEW_ORDER, ORDER_STATUS = "MultiNewOrder", "OrderStatus"
PRODUCT_AVAILABLE, MULTI_AVAILABLE = "ProductAvailableToSell", "MultiAvailableToSell"
_DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1"?>'


def new_order(
    document: OrderDocument, *, unique_id: str, letters: Policy = "reference", template: Template = OBSERVED
) -> str:
    """MultiNewOrder with one order; `unique_id` is this attempt's own.

    Raises Rejected (`text_does_not_fit`) for letters that the policy refuses, ValueError for an attribute that the
    template does not have.
    """
    identity = {"OrderNumber": document.number, "UniqueId": unique_id}
    if clash := identity.keys() & document.data.keys():
        raise ValueError(f"{', '.join(sorted(clash))}: not for the document to say")
    request, data = _request(MULTI_NEW_ORDER)
    _fill(data, {**document.data, **identity}, letters, template)
    for name, attributes in _inside(document):
        _fill(etree.SubElement(data, name), attributes, letters, template)
    return _written(request)


def order_status(number: str) -> str:
    """OrderStatus of one order."""
    request, data = _request(ORDER_STATUS)
    data.set("OrderNumber", number)
    return _written(request)


def product_available(*, first: str = "", last: str = "") -> str:
    """ProductAvailableToSell of a range of products, blank for the whole catalogue."""
    request, data = _request(PRODUCT_AVAILABLE)
    data.set("ProductFrom", first)
    data.set("ProductTo", last)
    return _written(request)


def multi_available(skus: Sequence[Sku]) -> str:
    """MultiAvailableToSell: the reply has one row for each, in this order (observed)."""
    request, data = _request(MULTI_AVAILABLE)
    for sku in skus:
        element = etree.SubElement(data, "sku", Product=sku.product)
        for name, code in zip(CODES, sku.codes, strict=True):
            element.set(name, code)
    return _written(request)


def _inside(document: OrderDocument) -> Iterable[tuple[str, Attributes]]:
    elements = (
        (HEADER, (document.header,)),
        (INVOICE, (document.invoice,)),
        (LINE, document.lines),
        (CHARGE, document.charges),
        (PAYMENT, document.payments),
    )
    return ((name, attributes) for name, every in elements for attributes in every if attributes)


def _fill(element: Element, attributes: Attributes, letters: Policy, template: Template) -> None:
    """Every attribute of the template, blank where there is no value."""
    names = template.get(element.tag, ())
    if strange := attributes.keys() - set(names):
        raise ValueError(f"{element.tag} has no {', '.join(sorted(strange))}: add it to the attribute map")
    for name in names:
        element.set(name, carried(_plain(attributes.get(name, "")), policy=letters, field=f"{element.tag}.{name}"))


def _plain(value: str | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else value


def _request(kind: str) -> tuple[Element, Element]:
    request = etree.Element("Request", RequestType=kind)
    return request, etree.SubElement(request, ORDER)


def _written(request: Element) -> str:
    return f"{_DECLARATION}\n{etree.tostring(request, encoding='US-ASCII', xml_declaration=False).decode('ascii')}"
