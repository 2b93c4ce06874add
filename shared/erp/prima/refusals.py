"""What follows from an order that Prima did not take: for whom it is, and what of it is named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.erp.prima.codec.order_reply import OrderReply
from shared.erp.prima.codec.prima_errors import NO_VALID, PrimaError, fingerprint
from shared.erp.prima.order_lines import goods
from shared.erp.withholding import withheld
from shared.errors import Rejected
from shared.model.sales_order import SalesOrderDraft

VAT_DIFFERS = "E:548"
VAT_REMEDY = (
    "the price book's VAT flag is not what ERP.vat_inclusive says: set the flag of Prima's price book back, or correct "
    "ERP.vat_inclusive after the marketplace's prices were changed"
)
_LINE_ERRORS = frozenset({VAT_DIFFERS, NO_VALID})
"""Of the order's lines, although they name none."""
_LONGEST = 400


def refused(draft: SalesOrderDraft, reply: OrderReply, sent: frozenset[str]) -> Rejected:
    """Of an order that Prima read and did not take; nothing of it is there. `sent` is as for `told`."""
    causes = reply.causes or reply.errors
    remedy = f"{_sentence(VAT_REMEDY)}; then bridge requeue." if _is_about_vat(causes) else ""
    return Rejected(
        "erp_refused",
        subject=_subject(draft, causes),
        reason=f"Prima answers: {told(causes, draft, sent) or 'it gives no reason'}",
        remedy=remedy,
    )


def malformed(draft: SalesOrderDraft) -> Rejected:
    """14586: the request itself cannot be read, which no repetition mends."""
    return Rejected(
        "unexpected",
        subject="create_order",
        reason=f"Prima cannot parse our request for order {draft.number} (14586); nothing of it was created",
        remedy="Report it: it is the bridge's bug. bridge requeue once it is mended.",
    )


def not_served(draft: SalesOrderDraft, reply: OrderReply, sent: frozenset[str]) -> Rejected:
    """The request as a whole was refused, before any order in it was looked at (inferred): a wrong company."""
    company, why = reply.company or draft.company, told(reply.errors, draft, sent)
    return Rejected(
        "shop_misconfigured",
        subject=f"company {draft.company}",
        reason=f"Prima serves no request in company {draft.company} (it names {company}): {why}",
        remedy="Correct the company of the shop, or of ERP, in the settings; then bridge requeue.",
    )


def elsewhere(draft: SalesOrderDraft, reply: OrderReply) -> Rejected:
    return Rejected(
        "shop_misconfigured",
        subject=f"company {draft.company}",
        reason=f"Prima created order {draft.number} in company {reply.company} instead of {draft.company}",
        remedy="Cancel the order there and correct the company, or ERP.names_company; then bridge requeue.",
    )


def same_reason(causes: Sequence[PrimaError], *, number: str) -> str:
    """By what two refusals are known to have one reason."""
    return fingerprint(causes, number=number)


def stopped(causes: Sequence[PrimaError], *, orders: int) -> str:
    """Why no more orders are sent for now. Codes only: the words may quote an order."""
    codes = ", ".join(dict.fromkeys(error.code or "an error without code" for error in causes))
    remedy = VAT_REMEDY if _is_about_vat(causes) else "see the exceptions of these orders, and correct it in Prima"
    return f"{orders} orders in a row were refused for the same reason ({codes}): {remedy}. The others wait."


def told(errors: Sequence[PrimaError], draft: SalesOrderDraft, sent: frozenset[str]) -> str:
    """For people, without the shopper, whose texts are `sent` as they went out."""
    text = "; ".join(f"{error.code} {error.text}".strip() for error in errors)
    covered = withheld(text, draft, sent)
    return covered if len(covered) <= _LONGEST else f"{covered[:_LONGEST]}…"


def _is_about_vat(causes: Sequence[PrimaError]) -> bool:
    return any(error.code == VAT_DIFFERS for error in causes)


def _subject(draft: SalesOrderDraft, causes: Sequence[PrimaError]) -> str:
    """The item or charge that the text names, or the only one that it can be about: Prima mostly names none."""
    text = " ".join(error.text for error in causes)
    for line in draft.lines:
        if _names(text, line.item.item):
            return f"{'item' if line.purpose == 'item' else 'charge'} {line.item.item}"
    items = {line.item.item for line in goods(draft)}
    if len(items) == 1 and any(error.code in _LINE_ERRORS for error in causes):
        return f"item {items.pop()}"
    return "order"


def _names(text: str, code: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", text, re.IGNORECASE) is not None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
