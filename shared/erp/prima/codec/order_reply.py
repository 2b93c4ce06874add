"""What Prima answered to MultiNewOrder: the status of *our* order, wherever it lies."""

from __future__ import annotations

from dataclasses import dataclass

from shared.erp.prima.codec.prima_errors import DUPLICATE, NOT_XML, PrimaError, causes, errors_of
from shared.erp.prima.codec.request import MULTI_NEW_ORDER
from shared.erp.prima.codec.result import Node, result_of, same, status_of


@dataclass(frozen=True, slots=True)
class OrderReply:
    """`matched`: a `Data` of this attempt (UniqueId) and this order number is there; only then it speaks of ours.

    `accepted` or `refused` is what it says. Neither of them leaves the order in doubt, as does no match at all.
    `number` is as Prima spells it, `company` the one that Prima worked in.
    """

    accepted: bool
    number: str
    customer_code: str = ""
    errors: tuple[PrimaError, ...] = ()
    matched: bool = False
    refused: bool = False
    company: str = ""

    @property
    def causes(self) -> tuple[PrimaError, ...]:
        return causes(self.errors)

    @property
    def duplicate(self) -> bool:
        """An order of this number is there already; whose it is, Prima does not say."""
        return self.refused and any(error.code == DUPLICATE for error in self.errors)

    @property
    def malformed(self) -> bool:
        """Prima could not read our XML."""
        return any(error.code == NOT_XML for error in self.errors)


def order_reply(text: str, *, number: str, unique_id: str) -> OrderReply:
    """The reply to the order sent under this number and id. Raises Unreadable."""
    result = result_of(text, request_type=MULTI_NEW_ORDER)
    company, ours = result.get("Company"), _ours(result, number, unique_id)
    if not ours:
        errors = errors_of((result, *result.named("RequestError")))
        return OrderReply(accepted=False, number=number, errors=errors, company=company)
    errors = errors_of(node for data in ours for node in data.all())
    word = status_of(result, request_type=MULTI_NEW_ORDER, ours=ours)
    return OrderReply(
        # An OK with an error beside it is no answer that anybody has seen.
        accepted=word == "OK" and not errors,
        number=ours[0].get("OrderNumber"),
        customer_code=ours[0].get("CustomerCode"),
        errors=errors,
        matched=True,
        refused=word == "ERROR",
        company=company,
    )


def _ours(result: Node, number: str, unique_id: str) -> tuple[Node, ...]:
    return tuple(
        data
        for data in result.named("Data")
        if same(data.get("UniqueId"), unique_id) and same(data.get("OrderNumber"), number)
    )
