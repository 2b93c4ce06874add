"""A stored snapshot read as an order: what is missing where it matters names its field, never its value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import ValidationError

from shared.errors import Rejected
from shared.mirakl.order_wire import AddressWire, CustomerWire, FeeWire, LineWire, OrderWire, TaxWire
from shared.mirakl.snapshot import merge
from shared.model.keys import OrderKey
from shared.model.order import Address, Fee, Order, OrderLine, Organization, Shopper, Snapshot, Tax

NEVER_ORDERED = frozenset({"REFUSED", "CANCELED"})
"""Line states of which nothing is ordered in the ERP: Mirakl may leave their amounts out."""

_ZERO = Decimal(0)


def read_order(key: OrderKey, snapshot: Snapshot) -> Order:
    """Port `OrderReader`. Absent and null are empty where a field is optional; what is there must be readable.

    `platform_tax_mode` is None: the snapshot's own `order_tax_mode` is what we asked for, the platform's is in PC01.
    """
    wire = _validated(snapshot)
    customer = wire.customer or CustomerWire()
    shipping = customer.shipping_address
    return Order(
        key=key,
        commercial_id=wire.commercial_id,
        state=wire.order_state,
        created=wire.created_date,
        updated=snapshot.updated,
        decided=wire.acceptance_decision_date,
        currency=wire.currency_iso_code,
        platform_tax_mode=None,
        shipping_type_code=wire.shipping_type_code,
        shipping_deadline=wire.shipping_deadline,
        pickup_point=wire.shipping_pudo_id,
        delivery_instructions=shipping.additional_info if shipping else "",
        shopper=_shopper(customer, wire.customer_notification_email),
        address=_address(shipping, customer),
        lines=tuple(_line(line, position) for position, line in enumerate(wire.order_lines)),
        order_taxes=_order_taxes(wire.order_taxes),
        seller_reference=wire.references.order_reference_for_seller if wire.references else "",
    )


def unreadable(path: str, reason: str) -> Rejected:
    return Rejected("order_unreadable", subject=path, reason=f"{path} {reason}.")


def _validated(snapshot: Snapshot) -> OrderWire:
    try:
        return OrderWire.model_validate(merge(snapshot.facts, snapshot.person))
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        own = first.get("ctx", {}).get("error")
        missing = "is missing" if first["type"] == "missing" else "has another structure than is known"
        # Without its cause: pydantic's error may hold what it could not read.
        raise unreadable(path, str(own) if own else missing) from None


def _line(wire: LineWire, position: int) -> OrderLine:
    path = f"order_lines[{position}]"
    matters = wire.order_line_state not in NEVER_ORDERED
    return OrderLine(
        id=wire.order_line_id,
        index=position + 1 if wire.order_line_index is None else int(wire.order_line_index),
        state=wire.order_line_state,
        sku=_sku(wire, path, matters=matters),
        quantity=_quantity(wire, path, matters=matters),
        price=_amount(wire.price, f"{path}.price", matters=matters),
        shipping_price=_amount(wire.shipping_price, f"{path}.shipping_price", matters=matters),
        taxes=_taxes(wire.taxes, f"{path}.taxes", matters=matters),
        shipping_taxes=_taxes(wire.shipping_taxes, f"{path}.shipping_taxes", matters=matters),
        fees=_fees(wire.fees, f"{path}.fees", matters=matters),
        cancelled_quantity=sum((one.quantity or _ZERO for one in wire.cancelations), _ZERO),
    )


def _sku(wire: LineWire, path: str, *, matters: bool) -> str:
    if matters and not wire.offer_sku:
        raise unreadable(f"{path}.offer_sku", "is missing")
    return wire.offer_sku


def _quantity(wire: LineWire, path: str, *, matters: bool) -> Decimal:
    quantity = _amount(wire.quantity, f"{path}.quantity", matters=matters)
    if matters and quantity <= 0:
        raise unreadable(f"{path}.quantity", "is not above zero")
    return quantity


def _amount(value: Decimal | None, path: str, *, matters: bool) -> Decimal:
    if value is None and matters:
        raise unreadable(path, "is missing")
    return _ZERO if value is None else value


def _taxes(wires: Sequence[TaxWire], path: str, *, matters: bool) -> tuple[Tax, ...]:
    return tuple(
        Tax(wire.code, wire.rate, _amount(wire.amount, f"{path}[{position}].amount", matters=matters))
        for position, wire in enumerate(wires)
    )


def _order_taxes(wires: Sequence[TaxWire]) -> tuple[Tax, ...]:
    return tuple(
        Tax(wire.code, wire.rate, _amount(wire.total_amount, f"order_taxes[{position}].total_amount", matters=True))
        for position, wire in enumerate(wires)
    )


def _fees(wires: Sequence[FeeWire], path: str, *, matters: bool) -> tuple[Fee, ...]:
    return tuple(
        Fee(wire.code, _amount(wire.amount, f"{path}[{position}].amount", matters=matters))
        for position, wire in enumerate(wires)
    )


def _shopper(customer: CustomerWire, alias: str) -> Shopper:
    company = customer.organization
    named = (
        Organization(company.name, company.tax_identification_number, company.identification_number)
        if company
        else None
    )
    return Shopper(
        customer.customer_id, customer.firstname, customer.lastname, named if named and named.name else None, alias
    )


def _address(wire: AddressWire | None, customer: CustomerWire) -> Address | None:
    if wire is None or not any(wire.model_dump().values()):
        return None
    return Address(
        name=_name(wire.firstname, wire.lastname) or _name(customer.firstname, customer.lastname),
        company=", ".join(part for part in (wire.company, wire.company_2) if part),
        street_1=wire.street_1,
        street_2=wire.street_2,
        additional_info=wire.additional_info,
        zip_code=wire.zip_code,
        city=wire.city,
        state=wire.state,
        country=wire.country_iso_code,
        phone=wire.phone or wire.phone_secondary,
    )


def _name(firstname: str, lastname: str) -> str:
    return " ".join(part for part in (firstname, lastname) if part)
