"""A sales order draft as the body of one deep insert.

Business Central validates properties in the order of the JSON, each with what the table then does by itself. The
order below is inferred from the table's code and pinned byte for byte by a test: the customer first, because it brings
currency, prices and dimensions along; a line's price after everything that could ask a price list for it (unit, tax
code), and its discount last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.erp.business_central.codes import LOCATIONS, METHODS, CodeList, Ids, variants
from shared.erp.business_central.configuration import LENGTHS, ChannelDimension, Configuration
from shared.erp.business_central.delivery import delivery
from shared.erp.business_central.references import document_number
from shared.erp.lengths import fitted
from shared.errors import Rejected
from shared.model.sales_order import DraftLine, SalesOrderDraft

Body = dict[str, Any]
LINES = "salesOrderLines"
ITEM, ACCOUNT, COMMENT = "Item", "Account", "Comment"
_SHORTCUTS: Mapping[ChannelDimension, str] = {
    "shortcut_1": "shortcutDimension1Code",
    "shortcut_2": "shortcutDimension2Code",
}


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of the codes that a draft names, by list. A code that is not there is a mapping's fault."""

    ids: Mapping[CodeList, Ids] = field(default_factory=dict)

    def id(self, one: CodeList, code: str, *, subject: str) -> str:
        """Raises Rejected (`mapping_invalid`) under this subject (table, colon, what)."""
        found = self.ids.get(one, {}).get(code.upper())
        if found is None:
            table = subject.partition(":")[0]
            raise Rejected(
                "mapping_invalid",
                subject=subject,
                reason=f"the mapping {table} says {code}, and Business Central's list {one.entity_set} has no such code"
                + (f" for item {one.item}" if one.item else ""),
                remedy="Correct the row, or add the code in Business Central, then bridge requeue.",
            )
        return found


def named_codes(draft: SalesOrderDraft) -> Mapping[CodeList, frozenset[str]]:
    """The codes whose ids the body needs. Raises Rejected (`mapping_invalid`) for what no id can be found for."""
    wanted: dict[CodeList, set[str]] = {}
    if draft.delivery_mode:
        wanted.setdefault(METHODS, set()).add(draft.delivery_mode.upper())
    for line in draft.lines:
        if line.purpose == "item" and line.warehouse:
            wanted.setdefault(LOCATIONS, set()).add(line.warehouse.upper())
        if variant := _variant(line):
            wanted.setdefault(variants(line.item.item), set()).add(variant.upper())
    return {one: frozenset(codes) for one, codes in wanted.items()}


def sales_order(draft: SalesOrderDraft, configuration: Configuration, known: Known) -> Body:
    """The header with its lines and comments. Raises Rejected (`text_does_not_fit`, `mapping_invalid`)."""
    if not draft.lines:
        raise ValueError("a draft without lines")
    to = delivery(draft)
    comments = (*_full_reference(draft), *to.comments)
    return {
        "customerNumber": fitted(LENGTHS, "customerNumber", draft.customer),
        **_bill_to(draft),
        "currencyCode": draft.currency,
        "pricesIncludeTax": draft.prices_include_tax,
        **channel(draft, configuration),
        "externalDocumentNumber": document_number(draft.reference),
        **_ordered(draft, configuration),
        **_shipment_method(draft, known),
        **to.fields,
        LINES: [
            *(_line(draft, line, configuration, known) for line in sorted(draft.lines, key=lambda one: one.number)),
            *({"lineType": COMMENT, "description": text} for text in comments),
        ],
    }


def channel(draft: SalesOrderDraft, configuration: Configuration) -> Body:
    """Before the lines, which take it over. Empty where the customer's default dimension brings it along."""
    place = _SHORTCUTS.get(configuration.channel_dimension)
    value = draft.dimensions or draft.origin
    return {place: value} if place and value else {}


def _full_reference(draft: SalesOrderDraft) -> Iterator[str]:
    """Where the document number is only its short form, the first comment is the reference itself."""
    if document_number(draft.reference) != draft.reference:
        yield fitted(LENGTHS, "description", draft.reference)


def _bill_to(draft: SalesOrderDraft) -> Body:
    invoiced = draft.invoice_customer
    if not invoiced or invoiced == draft.customer:
        return {}
    return {"billToCustomerNumber": fitted(LENGTHS, "billToCustomerNumber", invoiced)}


def _ordered(draft: SalesOrderDraft, configuration: Configuration) -> Body:
    """The posting date is Business Central's own."""
    if draft.ordered is None:
        return {}
    return {"orderDate": draft.ordered.astimezone(configuration.time_zone).date().isoformat()}


def _shipment_method(draft: SalesOrderDraft, known: Known) -> Body:
    if draft.delivery_service:
        raise Rejected(
            "mapping_invalid",
            subject=f"shipping:service {draft.delivery_service}",
            reason="the mapping shipping names a service, and Business Central's API takes none with an order",
            remedy="Leave the column service empty, or make a shipment method of it, then bridge requeue.",
        )
    if not draft.delivery_mode:
        return {}
    mode = draft.delivery_mode
    return {"shipmentMethodId": known.id(METHODS, mode, subject=f"shipping:shipment method {mode}")}


def _line(draft: SalesOrderDraft, line: DraftLine, configuration: Configuration, known: Known) -> Body:
    charge = line.purpose != "item"
    account = charge and configuration.charge_lines == "account"
    return {
        "lineType": ACCOUNT if account else ITEM,
        "lineObjectNumber": fitted(LENGTHS, "lineObjectNumber", line.item.item),
        **_variant_id(line, known),
        **({} if charge else _location(line, known)),
        **({} if charge else _shipment_date(draft)),
        "quantity": line.quantity,
        "unitOfMeasureCode": line.unit,
        **({"taxCode": line.item_tax_group} if line.item_tax_group else {}),
        "description2": fitted(LENGTHS, "description2", line.reference),
        "unitPrice": line.unit_price,
        # Stated, or a price list's discount stays.
        "discountPercent": Decimal(0),
    }


def _shipment_date(draft: SalesOrderDraft) -> Body:
    day = draft.requested_shipping_date
    return {"shipmentDate": day.isoformat()} if day else {}


def _variant(line: DraftLine) -> str:
    """Business Central has one variant code. Raises Rejected (`mapping_invalid`)."""
    item = line.item
    if item.size or item.colour or item.style or item.version:
        raise Rejected(
            "mapping_invalid",
            subject=f"items:item {item.item}",
            reason="the mapping items fills size, colour, style or version, and Business Central has one variant code",
            remedy="Put the variant's code into the column configuration and empty the others, then bridge requeue.",
        )
    return item.configuration


def _variant_id(line: DraftLine, known: Known) -> Body:
    variant = _variant(line)
    if not variant:
        return {}
    subject = f"items:variant {variant} of {line.item.item}"
    return {"itemVariantId": known.id(variants(line.item.item), variant, subject=subject)}


def _location(line: DraftLine, known: Known) -> Body:
    if not line.warehouse:
        return {}
    code = line.warehouse
    return {"locationId": known.id(LOCATIONS, code, subject=f"warehouses:location {code}")}
