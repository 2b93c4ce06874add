"""OrderStatus: is there an order under a number, and in which state.

Prima answers ERROR for an order that it does not know, and for anything else that is wrong. So the answer about a
number that cannot exist is recorded once per process and company, and only the same answer says *unknown*.
"""

from __future__ import annotations

from shared.erp.prima.codec.prima_errors import fingerprint, split
from shared.erp.prima.codec.request import ORDER_STATUS, order_status
from shared.erp.prima.codec.status_reply import StatusReply, status_reply
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.connection import Connection
from shared.erp.prima.markup import Unreadable
from shared.errors import Unavailable
from shared.model.keys import ERP_SCOPE

NUMBER = "#"
"""Stands for the order's number in what is recorded."""


class OrderStatuses:
    """Reads only. Raises Resting, Unavailable, Throttled or Unauthorized."""

    def __init__(self, configuration: Configuration, connection: Connection) -> None:
        self._connection = connection
        self._nobodys_number = configuration.nobodys_number
        self._set = fingerprint(split(configuration.unknown_order), number=NUMBER)
        self._recorded: dict[str, str] = {}

    async def of(self, company: str, number: str) -> StatusReply:
        """One call; two where an error has to be told from *unknown* for the first time."""
        text = await self._ask(company, number)
        reply = _read(text, number, self._known(company))
        if reply.known is not None or not reply.errors or self._known(company):
            return reply
        await self._record(company)
        return _read(text, number, self._known(company))

    def _known(self, company: str) -> str:
        return self._set or self._recorded.get(company, "")

    async def _record(self, company: str) -> None:
        """What does not name the number may be a broken server's answer to anything, and is not kept."""
        text = await self._ask(company, self._nobodys_number)
        reply = _read(text, self._nobodys_number, "")
        told = fingerprint(reply.errors, number=self._nobodys_number)
        if reply.known is None and NUMBER in told:
            self._recorded[company] = told

    async def _ask(self, company: str, number: str) -> str:
        return await self._connection.ask(order_status(number), company=company, operation=ORDER_STATUS)


def open_question(number: str, reply: StatusReply) -> str:
    """What is shown of an answer that leaves it open; its words may quote the order."""
    codes = ", ".join(dict.fromkeys(error.code or "an error without code" for error in reply.errors)) or "no error"
    return (
        f"{ORDER_STATUS} leaves open whether order {number} exists ({codes}); if this is how Prima answers about an "
        "order that it does not know, say so in ERP.unknown_order"
    )


def _read(text: str, number: str, unknown: str) -> StatusReply:
    try:
        return status_reply(text, number=number, unknown=unknown)
    except Unreadable as problem:
        raise Unavailable(f"{ORDER_STATUS}: {problem}", scope=ERP_SCOPE) from None
