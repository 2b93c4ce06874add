"""What follows from a refusal of Business Central's: its code decides the fate, its text is only shown."""

from __future__ import annotations

from datetime import timedelta

from shared.erp.business_central.odata import error_code, error_text
from shared.erp.microsoft.odata import shortened
from shared.erp.transport import Answer
from shared.erp.withholding import withheld
from shared.errors import Rejected, Throttled
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import CustomerDraft, SalesOrderDraft

CHANGED = "Request_EntityChanged"
_PRECONDITION_FAILED = 412
"""The standard's own status for a stale `If-Match`; Business Central's documented one is 409 with the code above."""
CHANGED_WAIT = timedelta(seconds=5)
"""Two writers met; what was sent was rolled back, and the same goes through a little later."""


def is_changed(answer: Answer) -> bool:
    return error_code(answer) == CHANGED or answer.status == _PRECONDITION_FAILED


def met_another(answer: Answer, *, operation: str) -> Throttled:
    """Nothing happened, and the ERP is not down."""
    text = f"{operation}: HTTP {answer.status}, another user has changed the record"
    return Throttled(text, scope=ERP_SCOPE, retry_after=CHANGED_WAIT)


def refusal(answer: Answer, draft: SalesOrderDraft | CustomerDraft) -> str:
    """For people: the code, and the text without the shopper."""
    text = shortened(withheld(error_text(answer), draft))
    return f"Business Central answers {answer.status} {error_code(answer)}: {text or 'it gives no reason'}"


def refused(answer: Answer, *, what: str, subject: str) -> Rejected:
    """Only the code: no draft is at hand to withhold the shopper by."""
    reason = f"Business Central answers {answer.status} {error_code(answer)} when {what}"
    return Rejected("erp_refused", subject=subject, reason=reason)
