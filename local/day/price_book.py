"""What happens where the ERP has price books whose VAT flag every order must repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from local.day.client import bridge
from local.day.stage import Stage, counted

CURRENCY, ORDERS = "EUR", "erp_orders"
_REFUSED = "erp_refused"


@dataclass(frozen=True, slots=True)
class FlagTurned:
    """The flag of a price book is turned for so many minutes; then operations sends again what was refused."""

    minutes: int

    async def play(self, stage: Stage) -> None:
        await stage.erp.do("price_book", currency=CURRENCY, vat_inclusive=False)
        stage.say(f"Somebody turns the VAT flag of the price book for {CURRENCY}: every such order is refused")
        await stage.pass_time(timedelta(minutes=self.minutes))
        refused = len(await stage.tables.open_exceptions(_REFUSED))
        outages = await stage.tables.open_exceptions("outage")
        pauses = sum(one["subject"] == ORDERS for one in outages)
        await stage.erp.do("price_book", currency=CURRENCY, vat_inclusive=True)
        told = f"{counted(refused, 'order')} refused, {counted(pauses, 'exception')} for all the others"
        stage.say(f"The price book's flag is right again after {self.minutes} minutes: {told}")
        await bridge(stage, "--who", "operations", "requeue", "--kind", _REFUSED)
