"""MultiNewOrder and NewOrder: each `Data` stands for itself and is answered for itself, so that a batch may be half
accepted (inferred from its name and from the status that each `Data` of the reply carries).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sandboxes.prima import rejections
from sandboxes.prima.attributes import CONSENTS, LABEL
from sandboxes.prima.catalogue import amount, currency_of, sku_of
from sandboxes.prima.installation import Installation, NewCustomer
from sandboxes.prima.markup import Node
from sandboxes.prima.order_checks import check, is_yes
from sandboxes.prima.orders import Line, Order
from sandboxes.prima.rejections import Rejection
from sandboxes.prima.requests import Data
from sandboxes.prima.world import Company, World, find

HEADER = ("OrderCategory", "OrderDate", "SourceMedia", "Brand", "Carrier", "CarrServ", "OrderPaid")


def new_order(
    installation: Installation, company: Company, data: Data, now: datetime, *, flipped: bool, dev_mode: bool
) -> Node:
    """The reply's `Data`."""
    found = check(installation, company, data, flipped=flipped)
    if found:
        installation.tally.refusals[rejections.kinds(found)] += 1
        return _answer(data, "ERROR", children=[_error(data, found, dev_mode=dev_mode)])
    order = _create(installation, company, data, now)
    return _answer(data, "OK", customer=order.customer)


def _answer(data: Data, status: str, *, customer: str = "", children: Sequence[Node] = ()) -> Node:
    """UniqueId comes back as UniqueID (observed)."""
    attributes = {
        "CustRef": data.text("CustomerRef"),
        "CustomerCode": customer,
        "OrderNumber": data.text("OrderNumber"),
        "RequestStatus": status,
        "TPGUID": data.text("TPGUID"),
        "UniqueID": data.text("UniqueId"),
    }
    return Node("Data", attributes, children)


def _error(data: Data, found: Sequence[Rejection], *, dev_mode: bool) -> Node:
    text = "".join(one.written(dev_mode=dev_mode) for one in found)
    return Node("RequestError", {"Error": text, "UniqueID": data.text("UniqueId")})


def _create(installation: Installation, company: Company, data: Data, now: datetime) -> Order:
    world = installation.world
    order = Order(
        company=company.id,
        number=data.text("OrderNumber"),
        tpguid=_cut(world, "TPGUID", data.text("TPGUID")),
        customer_ref=_cut(world, "CustomerRef", data.text("CustomerRef")),
        customer=_customer(installation, company, data, now),
        unique_id=data.text("UniqueId"),
        currency=currency_of(company, data),
        vat_inclusive=is_yes(data, "VatInclusive"),
        held=is_yes(data, "HoldOrder"),
        country=data.text("Country"),
        label={name: _cut(world, name, data.text(name)) for name in LABEL},
        header={"OrderChannel": data.text("OrderChannel"), **{name: data.header(name) for name in HEADER}},
        consents={name: data.text(name) for name in CONSENTS},
        lines=_lines(world, company, data, now),
        charges=[_charge(one) for one in data.parts.get("OrderChargeData", ())],
        payments=[_payment(one) for one in data.parts.get("OrderPaymentData", ())],
        created=now,
    )
    installation.enter(order)
    return order


def _customer(installation: Installation, company: Company, data: Data, now: datetime) -> str:
    """The one that was named, or a new one: the server does not tell shoppers apart (inferred)."""
    known = find(company.customers, data.text("Customer")) if data.text("Customer") else None
    if known is not None:
        return known.code
    code = installation.next_customer(company)
    email, country = bool(data.text("CustomerEmail")), data.text("Country")
    made = NewCustomer(company.id, code, currency_of(company, data), country, email, now)
    installation.make_customer(company, made)
    return code


def _lines(world: World, company: Company, data: Data, now: datetime) -> list[Line]:
    sent = enumerate(data.parts["OrderLineData"], 1)
    return [_line(world, company, position, attributes, now) for position, attributes in sent]


def _line(world: World, company: Company, position: int, sent: Mapping[str, str], now: datetime) -> Line:
    found = sku_of(company, sent)
    quantity, price = amount(sent["Quantity"]), amount(sent["Price"])
    assert found is not None
    assert quantity is not None
    assert price is not None
    return Line(
        number=position,
        product=found.product.code,
        codes=found.codes,
        quantity=quantity,
        price=price,
        amount=price if world.price == "line" else price * quantity,
        reference=_cut(world, "LineReference", sent.get("LineReference", "").strip()),
        warehouse=sent.get("Warehouse", ""),
        due=sent.get("DueDate", ""),
        stocked=found.product.stocked,
        created=now,
        changed=now,
    )


def _charge(sent: Mapping[str, str]) -> tuple[str, Decimal]:
    value = amount(sent["ChargeValue"])
    assert value is not None
    return sent["Charge"], value


def _payment(sent: Mapping[str, str]) -> Mapping[str, str]:
    return {name: sent.get(name, "") for name in ("PayMethod", "SubPayMethod", "TranAmount", "PayProvider")}


def _cut(world: World, name: str, value: str) -> str:
    return value[: world.lengths.get(name, len(value))]
