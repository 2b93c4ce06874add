"""One order into Prima, once: its number was given to it before the first sending and to no other order, ever."""

from __future__ import annotations

from collections.abc import Callable

from shared.erp.prima.codec.order_reply import OrderReply, order_reply
from shared.erp.prima.codec.request import MULTI_NEW_ORDER, ORDER_STATUS, new_order
from shared.erp.prima.codec.status_reply import StatusReply
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.connection import Connection
from shared.erp.prima.markup import Unreadable
from shared.erp.prima.order_statuses import OrderStatuses, open_question
from shared.erp.prima.placed_order import created, found, found_by_its_number
from shared.erp.prima.refusals import elsewhere, malformed, not_served, refused, same_reason, stopped
from shared.erp.prima.repeated import Repeated
from shared.erp.prima.sales_order import document
from shared.erp.prima.shopper_texts import sent_texts, spelled
from shared.errors import BridgeError, Rejected, Transient, Unavailable, UnknownOutcome
from shared.model.keys import ERP_SCOPE, ORDERS_SCOPE
from shared.model.sales_order import ErpOrder, SalesOrderDraft


class Placing:
    """`unique_id` is a new one for every attempt: by it and the number a reply is known to be ours."""

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        statuses: OrderStatuses,
        unique_id: Callable[[], str],
    ) -> None:
        self._configuration = configuration
        self._connection = connection
        self._statuses = statuses
        self._unique_id = unique_id
        self._refusals = Repeated(configuration.same_rejections)

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """Raises Rejected, Resting, Unavailable, Throttled, Unauthorized (nothing happened now) or UnknownOutcome."""
        self._check_company(draft)
        if draft.sent_before and (earlier := await self._earlier(draft)):
            return earlier
        unique_id = self._unique_id()
        letters = self._configuration.letters
        to_send = spelled(draft, letters)
        order = document(to_send, self._configuration)
        request = new_order(order, unique_id=unique_id, letters=letters)
        text = await self._connection.ask(request, company=draft.company, operation=MULTI_NEW_ORDER, write=True)
        try:
            reply = order_reply(text, number=draft.number, unique_id=unique_id)
        except Unreadable as problem:
            raise _in_doubt(f"{MULTI_NEW_ORDER}: {problem}") from None
        if not reply.accepted:
            return await self._not_accepted(draft, reply, sent_texts(to_send, order))
        self._refusals.taken()
        return self._accepted(draft, reply)

    def _check_company(self, draft: SalesOrderDraft) -> None:
        """Without its company in the request, an order would go to Prima's default one."""
        known = self._configuration
        if not known.names_company and draft.company.casefold() != known.company.casefold():
            raise Rejected(
                "shop_misconfigured",
                subject=f"company {draft.company}",
                reason=f"the shop sells for company {draft.company}, and ERP.names_company is false: every order goes "
                f"to {known.company}",
            )

    async def _earlier(self, draft: SalesOrderDraft) -> ErpOrder | None:
        """What became of an earlier sending; None where the same number may be sent again."""
        reply = await self._statuses.of(draft.company, draft.number)
        if reply.known is None:
            raise _in_doubt(open_question(draft.number, reply))
        return found(draft, reply, self._configuration) if reply.known else None

    def _accepted(self, draft: SalesOrderDraft, reply: OrderReply) -> ErpOrder:
        company = reply.company if self._configuration.names_company else ""
        if company and company.casefold() != draft.company.casefold():
            raise elsewhere(draft, reply)
        return created(draft, reply)

    async def _not_accepted(self, draft: SalesOrderDraft, reply: OrderReply, sent: frozenset[str]) -> ErpOrder:
        if reply.malformed:
            raise malformed(draft)
        if reply.duplicate:
            return await self._there_already(draft)
        if reply.refused:
            raise self._counted(draft, reply, refused(draft, reply, sent))
        if not reply.matched and reply.errors:
            return await self._without_data(draft, reply, sent)
        raise _in_doubt(f"{MULTI_NEW_ORDER}: the reply says nothing about order {draft.number}")

    async def _without_data(self, draft: SalesOrderDraft, reply: OrderReply, sent: frozenset[str]) -> ErpOrder:
        """An error of the whole request. Only where a look meets the same one, no request is served at all: any other
        may have come after our order.
        """
        look = await self._look(draft)
        if look is not None and look.known:
            return found(draft, look, self._configuration)
        same = same_reason(reply.errors, number=draft.number)
        if look is not None and look.known is None and same == same_reason(look.errors, number=draft.number):
            raise self._counted(draft, reply, not_served(draft, reply, sent))
        codes = ", ".join(error.code or "an error without code" for error in reply.errors)
        raise _in_doubt(f"{MULTI_NEW_ORDER}: the reply says nothing about order {draft.number} but {codes}")

    async def _look(self, draft: SalesOrderDraft) -> StatusReply | None:
        """None where it cannot be seen now."""
        try:
            return await self._statuses.of(draft.company, draft.number)
        except Transient:
            return None

    async def _there_already(self, draft: SalesOrderDraft) -> ErpOrder:
        """E:21. Only this order ever used the number, so that after an earlier sending it is ours."""
        reply = await self._look(draft)
        if reply is not None and reply.known is False:
            raise _in_doubt(f"{MULTI_NEW_ORDER}: order {draft.number} exists (E:21), and {ORDER_STATUS} knows none")
        if draft.sent_before:
            return found(draft, reply, self._configuration) if reply else found_by_its_number(draft)
        raise Rejected(
            "erp_number_taken",
            subject=draft.number,
            reason=f"Prima has an order {draft.number} in company {draft.company} that the bridge did not send",
        )

    def _counted(self, draft: SalesOrderDraft, reply: OrderReply, reason: Rejected) -> BridgeError:
        """The reason itself, until it has met so many orders in a row that it is not theirs."""
        causes = reply.causes or reply.errors
        if not self._refusals.again(same_reason(causes, number=draft.number), draft.number):
            return reason
        return Unavailable(stopped(causes, orders=self._refusals.orders), scope=ORDERS_SCOPE)


def _in_doubt(text: str) -> UnknownOutcome:
    return UnknownOutcome(text, scope=ERP_SCOPE)
