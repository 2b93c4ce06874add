"""Lines, charges and payment of a sales order in Prima's attributes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.erp.lengths import fitted
from shared.erp.prima.codec.order_document import Attributes
from shared.erp.prima.codec.sku import CODES
from shared.erp.prima.configuration import Configuration, Dimension
from shared.errors import Rejected
from shared.model.sales_order import DraftLine, ItemCode, SalesOrderDraft

DIMENSIONS: tuple[Dimension, ...] = ("configuration", "size", "colour", "style", "version")


def goods(draft: SalesOrderDraft) -> tuple[DraftLine, ...]:
    return tuple(line for line in sorted(draft.lines, key=lambda line: line.number) if line.purpose == "item")


def lines(draft: SalesOrderDraft, configuration: Configuration) -> tuple[Attributes, ...]:
    """`OrderLineData`. Raises Rejected (`mapping_invalid`, `text_does_not_fit`)."""
    due = day(draft.requested_shipping_date)
    return tuple(_line(position, line, due, configuration) for position, line in enumerate(goods(draft), 1))


def charges(draft: SalesOrderDraft) -> tuple[Attributes, ...]:
    """`OrderChargeData`: shipping, fees and roundings by their charge code. Its VAT is Prima's, by the charge."""
    others = (line for line in sorted(draft.lines, key=lambda line: line.number) if line.purpose != "item")
    return tuple({"Charge": line.item.item, "ChargeValue": line.amount} for line in others)


def payments(draft: SalesOrderDraft, configuration: Configuration) -> tuple[Attributes, ...]:
    """`OrderPaymentData` of all that the shopper paid, as one site sends it (observed); none where it is not set."""
    how = configuration.payment
    if how is None:
        return ()
    paid = draft.total if draft.prices_include_tax else draft.total + (draft.tax or Decimal(0))
    return (
        {
            "PayMethod": how.pay_method,
            "SubPayMethod": how.sub_pay_method,
            "PayProvider": how.pay_provider,
            "TranAmount": paid,
            **dict.fromkeys(("PayAuthRef", "PayAuthId", "LineRef"), draft.number),
        },
    )


def day(at: date | None) -> str:
    """Observed: dd/mm/yyyy."""
    return at.strftime("%d/%m/%Y") if at else ""


def _line(position: int, line: DraftLine, due: str, configuration: Configuration) -> Attributes:
    if line.unit.casefold() not in {"", configuration.unit.casefold()}:
        raise _not_mapped(line, f"is ordered in {line.unit}, and an order line of Prima's is in {configuration.unit}")
    return {
        "OrderLine": str(position),
        "Product": line.item.item,
        **_matrix(line, configuration),
        "Quantity": line.quantity,
        "Price": line.unit_price if configuration.price == "unit" else line.amount,
        "LineReference": fitted(configuration.limits, "LineReference", line.reference),
        "DueDate": due,
        "Warehouse": line.warehouse,
        "Voucher": "No",
    }


def _matrix(line: DraftLine, configuration: Configuration) -> dict[str, str]:
    """Raises Rejected where the item is told apart by what Prima gets no code of: it would be another article."""
    left_out = [one for one in DIMENSIONS if one not in configuration.matrix and _code(line.item, one)]
    if left_out:
        raise _not_mapped(line, f"has a {left_out[0]}, which ERP.matrix gives no code of Prima's")
    codes = zip(CODES, configuration.matrix, strict=False)
    return {code: _code(line.item, dimension) for code, dimension in codes}


def _code(item: ItemCode, dimension: Dimension) -> str:
    return {
        "configuration": item.configuration,
        "size": item.size,
        "colour": item.colour,
        "style": item.style,
        "version": item.version,
    }[dimension]


def _not_mapped(line: DraftLine, why: str) -> Rejected:
    item = line.item.item
    return Rejected(
        "mapping_invalid", subject=f"items:item {item}", reason=f"item {item} of mapping table 'items' {why}"
    )
