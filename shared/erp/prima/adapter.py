"""Sales orders in Prima (the ports `SalesOrders` and `SalesOrderChanges`)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from shared.erp.prima.capabilities import capabilities
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.connection import Connection
from shared.erp.prima.not_offered import CreatedAndNoMore
from shared.erp.prima.order_statuses import OrderStatuses, open_question
from shared.erp.prima.placing import Placing
from shared.erp.prima.round_of_looks import look
from shared.erp.prima.shown_order import shown_order
from shared.errors import Unavailable
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import Capabilities, ErpOrder, SalesOrderDraft
from shared.ports.own import Clock

MOST = 20


def eight_digits() -> str:
    """As one site's are (observed)."""
    return f"{secrets.randbelow(10**8):08d}"


class Prima(CreatedAndNoMore):
    """One installation, with all its companies. The order number admits each order once (E:21, observed)."""

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        clock: Clock,
        unique_id: Callable[[], str] = eight_digits,
    ) -> None:
        self._configuration = configuration
        self._clock = clock
        self._statuses = OrderStatuses(configuration, connection)
        self._placing = Placing(configuration, connection, self._statuses, unique_id)

    @property
    def capabilities(self) -> Capabilities:
        return capabilities(self._configuration)

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """MultiNewOrder with this order alone; OrderStatus before it where an earlier sending may have gone through."""
        return await self._placing.place(draft)

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:  # noqa: ARG002 -- no look-up by it
        """OrderStatus of the number; Prima finds nothing by our reference."""
        if not number:
            return None
        reply = await self._statuses.of(company, number)
        if reply.known is None:
            raise Unavailable(open_question(number, reply), scope=ERP_SCOPE)
        return shown_order(number, reply, self._configuration, self._clock.now()) if reply.known else None

    async def shown(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        """One OrderStatus for each number; see `round_of_looks`."""
        wanted = tuple(dict.fromkeys(numbers))
        if len(wanted) > MOST:
            raise ValueError(f"{len(wanted)} numbers: at most {MOST} at once")

        async def of(number: str) -> ErpOrder | None:
            return await self.find(company=company, number=number, reference="")

        return await look(wanted, of)
