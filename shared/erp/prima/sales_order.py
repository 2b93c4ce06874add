"""A sales order draft as the document that Prima's import takes."""

from __future__ import annotations

from shared.erp.lengths import fitted
from shared.erp.prima.codec.order_document import OrderDocument
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.delivery import delivery
from shared.erp.prima.order_lines import charges, day, lines, payments
from shared.errors import Rejected
from shared.model.sales_order import SalesOrderDraft

CONSENTS = ("ReceiveMail", "ReceiveEmail", "ReceiveText", "ReceivePhone", "ReceiveMobile", "RentDetails")
"""May the shopper be written to, called, or passed on: a marketplace's shopper has allowed none of it."""
HELD_BECAUSE = "Held by the marketplace bridge"


def document(draft: SalesOrderDraft, configuration: Configuration) -> OrderDocument:
    """Raises Rejected (`shop_misconfigured`, `mapping_invalid`, `text_does_not_fit`)."""
    if not draft.number:
        raise ValueError("a draft without number: nothing would prevent a second order")
    _check_prices(draft, configuration)
    to = delivery(draft, configuration)
    return OrderDocument(
        number=draft.number,
        data={**_data(draft, configuration), **to.data},
        header={**_header(draft, configuration), **to.header},
        invoice=to.invoice,
        lines=lines(draft, configuration),
        charges=charges(draft),
        payments=payments(draft, configuration),
    )


def _check_prices(draft: SalesOrderDraft, configuration: Configuration) -> None:
    """Prices of the other kind would stand in Prima as they are, wrong by the VAT."""
    if draft.prices_include_tax == configuration.vat_inclusive:
        return
    with_or_without = "include tax" if draft.prices_include_tax else "are without tax"
    raise Rejected(
        "shop_misconfigured",
        subject="ERP.vat_inclusive",
        reason=f"the marketplace's prices {with_or_without}, and ERP.vat_inclusive is "
        f"{str(configuration.vat_inclusive).lower()}: Prima's price book has to be of the same kind as the marketplace",
    )


def _data(draft: SalesOrderDraft, configuration: Configuration) -> dict[str, str]:
    held = draft.on_hold or configuration.create_held
    return {
        "Customer": draft.customer,
        **_references(draft, configuration),
        "HoldOrder": _yes_no(held),
        "HoldOrderNarrative": HELD_BECAUSE if held else "",
        "OrderChannel": draft.origin or configuration.order_channel,
        "VatInclusive": _yes_no(configuration.vat_inclusive),
        **dict.fromkeys(CONSENTS, _yes_no(False)),
    }


def _references(draft: SalesOrderDraft, configuration: Configuration) -> dict[str, str]:
    """Observed: `TPGUID` is the order number again. The basket's number is for people only, and for what is left."""
    reference = fitted(configuration.limits, configuration.reference_in, draft.reference)
    if configuration.reference_in == "TPGUID":
        return {"TPGUID": reference, "CustomerRef": draft.commercial_reference}
    return {"TPGUID": draft.number, "CustomerRef": reference}


def _header(draft: SalesOrderDraft, configuration: Configuration) -> dict[str, str]:
    return {
        "Currency": draft.currency,
        "OrderCategory": draft.dimensions or configuration.order_category,
        "SourceMedia": configuration.source_media,
        "Carrier": draft.delivery_mode,
        "CarrServ": draft.delivery_service,
        "OrderDate": day(draft.ordered.astimezone(configuration.zone).date() if draft.ordered else None),
    }


def _yes_no(value: bool) -> str:
    return "Yes" if value else "No"
