"""An order that F&O numbers itself: no key prevents a second one, so what stands under our reference is completed.

One writer at a time, and after an unknown outcome the ERP's settle time between two writers, are the caller's part:
an order or a line that F&O commits late must be visible before anything is missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.erp.finance_supply_chain.batch import Post
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.holding import stop
from shared.erp.finance_supply_chain.orders import Orders
from shared.erp.finance_supply_chain.sales_order import posts
from shared.erp.finance_supply_chain.settling import refused
from shared.errors import Rejected, Transient, UnknownOutcome
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import ErpOrder, SalesOrderDraft

CALLS = 40
MOST_LINES = CALLS - 8
"""Beside the lines: two looks, the header, two stops, the reading back, and a token that is renewed once."""


@dataclass(frozen=True, slots=True)
class Saga:
    """`header` and `lines` are built before anything is sent: a text that does not fit leaves nothing behind."""

    draft: SalesOrderDraft
    header: Post
    lines: tuple[Post, ...]
    connection: Connection
    orders: Orders

    async def run(self) -> ErpOrder:
        """Find or create the header, add the missing lines one after the other, read back, let it go on.

        From the moment the order stands, whatever fails leaves it in doubt: it may stand there in part.
        """
        found = await self._found()
        if found is None:
            await self._post(self.header)
        try:
            return await self._completed(found or await self._created())
        except Transient as problem:
            raise UnknownOutcome(
                f"sales order under {self.draft.reference} stands, its completion failed: {problem}",
                scope=problem.scope,
                retry_after=problem.retry_after,
            ) from problem

    async def _found(self) -> ErpOrder | None:
        """Cancelled orders count only where no other stands. Raises Rejected (`erp_duplicate`)."""
        ours = await self.orders.under_reference(self.draft.company, self.draft.reference)
        alive = [order for order in ours if not order.cancelled]
        if len(alive) > 1:
            numbers = ", ".join(order.number for order in alive)
            raise Rejected(
                "erp_duplicate",
                subject=self.draft.reference,
                reason=f"sales orders {numbers} in company {self.draft.company} carry the same customer reference",
            )
        return ours[0] if ours else None

    async def _created(self) -> ErpOrder:
        found = await self._found()
        if found is None:
            raise self._in_doubt("the header was answered as created, but is not to be found yet")
        return found

    async def _completed(self, order: ErpOrder) -> ErpOrder:
        if missing := self._missing(order):
            order = await self._extended(order, missing)
        if order.cancelled or order.on_hold == self.draft.on_hold:
            return order
        await self._stop(order, stopped=self.draft.on_hold)
        return replace(order, on_hold=self.draft.on_hold)

    async def _extended(self, order: ErpOrder, missing: Sequence[Post]) -> ErpOrder:
        if order.cancelled:
            reason = (
                f"sales order {order.number} carries our customer reference and was cancelled before it was complete"
            )
            raise Rejected("erp_refused", subject="order", reason=reason)
        await self._held(order)
        for line in missing[:MOST_LINES]:
            await self._post(Post(line.entity_set, {**line.body, "SalesOrderNumber": order.number}))
        if len(missing) > MOST_LINES:
            raise self._in_doubt(f"{MOST_LINES} lines are in, the rest follows")
        shown = await self.orders.under(self.draft.company, order.number)
        if shown is None or self._missing(shown):
            raise self._in_doubt("its lines were answered as created, but are not to be found yet")
        return shown

    async def _held(self, order: ErpOrder) -> None:
        """An environment may drop the stop on creation; one that refuses it too lets the order grow unstopped."""
        if not order.on_hold:
            try:
                await self._stop(order, stopped=True)
            except Rejected:
                return

    async def _stop(self, order: ErpOrder, *, stopped: bool) -> None:
        await stop(self.connection, company=self.draft.company, number=order.number, stopped=stopped)

    async def _post(self, post: Post) -> None:
        answer = await self.connection.add(post)
        if not answer.succeeded:
            raise refused(self.draft, answer, operation=f"POST {post.entity_set}")

    def _missing(self, order: ErpOrder) -> tuple[Post, ...]:
        """By reference, in the draft's order. Raises Rejected (`erp_duplicate`) for a line that stands twice."""
        there = Counter(line.reference for line in order.lines if not line.cancelled)
        wanted = [str(line.body["OrderLineReference"]) for line in self.lines]
        for reference in wanted:
            if there[reference] > 1:
                raise Rejected(
                    "erp_duplicate",
                    subject=f"line {reference}",
                    reason=f"line {reference} stands {there[reference]} times on sales order {order.number}",
                    remedy="Delete the line in the ERP that is too many, then bridge requeue.",
                )
        known = {line.reference for line in order.lines}
        return tuple(line for line, reference in zip(self.lines, wanted, strict=True) if reference not in known)

    def _in_doubt(self, what: str) -> UnknownOutcome:
        return UnknownOutcome(f"sales order under {self.draft.reference}: {what}", scope=ERP_SCOPE)


async def complete(
    draft: SalesOrderDraft, configuration: Configuration, *, connection: Connection, orders: Orders
) -> ErpOrder:
    """The order under the draft's reference with all its lines. Raises as the port's `place`."""
    header, *lines = posts(draft, configuration)
    return await Saga(draft, header, tuple(lines), connection, orders).run()
