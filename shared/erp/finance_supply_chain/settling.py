"""What became of an order that was sent: judged from what F&O shows under its number, then from what it answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from shared.erp.finance_supply_chain.configuration import REMEDIES
from shared.erp.finance_supply_chain.odata import error_text
from shared.erp.microsoft.odata import shortened
from shared.erp.transport import Answer, nothing_happened, unusable
from shared.erp.withholding import WITHHELD, withheld
from shared.errors import BridgeError, Rejected, UnknownOutcome
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import ErpOrder, SalesOrderDraft

CONFLICT_WAIT = timedelta(seconds=5)
_CONFLICTS = ("update conflict", "deadlock", "cannot edit a record in")
_FIELD = re.compile(r"\bfield '([^']{1,60})'", re.IGNORECASE)
_OPERATION = "POST $batch"


def settle(draft: SalesOrderDraft, *, shown: ErpOrder | None, answers: Sequence[Answer]) -> ErpOrder:
    """The order as F&O shows it, created now or at any time before.

    F&O has no machine-readable code for "exists already", so an error counts only where nothing stands under the
    number. Raises Rejected, Throttled, Unauthorized or UnknownOutcome.
    """
    if shown is None:
        raise _not_there(draft, answers)
    if shown.reference != draft.reference:
        raise Rejected(
            "erp_number_taken",
            subject=draft.number,
            reason=f"sales order {draft.number} in company {draft.company} carries another customer reference",
        )
    return shown


def is_conflict(answer: Answer) -> bool:
    """Two writers met; the same request goes through a little later."""
    text = (error_text(answer) or "").lower()
    return any(conflict in text for conflict in _CONFLICTS)


def written_conflict(answer: Answer, *, operation: str) -> UnknownOutcome:
    """Not Unavailable, which would pause everything that goes to the ERP."""
    text = f"{operation}: HTTP {answer.status}, a write conflict"
    return UnknownOutcome(text, scope=ERP_SCOPE, retry_after=CONFLICT_WAIT)


def named_field(text: str) -> str:
    """The field's label where an English infolog names one, else empty."""
    found = _FIELD.search(text)
    return found.group(1) if found and WITHHELD not in found.group(1) else ""


def _not_there(draft: SalesOrderDraft, answers: Sequence[Answer]) -> BridgeError:
    """Nothing stands under the number: by the first answer that is no success."""
    answer = next((one for one in answers if not one.succeeded), None)
    if answer is None:
        return UnknownOutcome(f"{_OPERATION}: answered as created, but not to be found yet", scope=ERP_SCOPE)
    return refused(draft, answer, operation=_OPERATION)


def refused(draft: SalesOrderDraft, answer: Answer, *, operation: str) -> BridgeError:
    """What follows from an answer of OData's that is no success, once nothing is known to have come of it."""
    if problem := nothing_happened(answer, operation=operation, remedies=REMEDIES):
        return problem
    if is_conflict(answer):
        return written_conflict(answer, operation=operation)
    text = error_text(answer)
    if text is None and answer.status >= 500:
        return unusable(answer, operation=operation, write=True)
    told = withheld(text or "", draft)
    return Rejected("erp_refused", subject=_subject(draft, told), reason=refusal(answer.status, told))


def refusal(status: int, text: str) -> str:
    """For people; personal data was withheld from `text`."""
    return f"Finance & Supply Chain answers {status}: {shortened(text) or 'it gives no reason'}"


def _subject(draft: SalesOrderDraft, text: str) -> str:
    """The item or field that the text names: two refusals for the same thing are one exception."""
    items = dict.fromkeys(line.item.item for line in draft.lines)
    named = [item for item in items if re.search(rf"(?<![\w-]){re.escape(item)}(?![\w-])", text)]
    return f"item {named[0]}" if named else named_field(text) or "order"
