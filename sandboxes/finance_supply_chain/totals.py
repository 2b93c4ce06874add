"""The job that calculates sales totals: until it has run, an order shows none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.taxes import order_tax

_SCHEDULE_START = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class TotalsJob:
    """Runs every `totals_every_seconds` on a fixed schedule (0: only when it is told to)."""

    installation: Installation
    last: datetime | None = None

    def run_due(self, now: datetime) -> None:
        """Catch up with the schedule; it is called before anything else happens at `now`, so no order is too young."""
        latest = self._latest(now)
        if latest is not None and (self.last is None or latest > self.last):
            self.last = latest
            self._calculate()

    def run(self) -> int:
        """Run at once; how many orders it calculated."""
        return self._calculate()

    def _latest(self, now: datetime) -> datetime | None:
        seconds = self.installation.world.totals_every_seconds
        if seconds <= 0:
            return None
        return now - (now - _SCHEDULE_START) % timedelta(seconds=seconds)

    def _calculate(self) -> int:
        """Totals are worked out beside the record: its etag stays."""
        waiting = [row for row in self.installation.headers.rows() if row.values["AreTotalsCalculated"] == "No"]
        for row in waiting:
            row.values = {**row.values, **_totals(self.installation, row)}
        return len(waiting)


def _totals(installation: Installation, header: Row) -> dict[str, Value]:
    """`OrderTotalAmount` is what the customer owes: lines, charges, and tax where prices do not include it."""
    world, lines = installation.world, installation.lines_of(header)
    company = world.company(header.text("dataAreaId"))
    assert company is not None, "orders are only taken for companies that exist"
    tax = order_tax(world, company, header, lines)
    charges = Decimal(0) if header.values["SkipCreateAutoCharges"] == "Yes" else world.automatic_charge
    goods = sum((Decimal(str(line.values["LineAmount"])) for line in lines), Decimal(0))
    included = header.values["ArePricesIncludingSalesTax"] == "Yes"
    return {
        "AreTotalsCalculated": "Yes",
        "OrderTotalAmount": goods + charges + (Decimal(0) if included else tax),
        "OrderTotalTaxAmount": tax,
        "OrderTotalChargesAmount": charges,
        "OrderTotalDiscountAmount": _discounts(lines),
    }


def _discounts(lines: list[Row]) -> Decimal:
    """What the lines would come to without their discounts, less what they come to."""
    total = Decimal(0)
    for line in lines:
        quantity, price, per, amount = (
            Decimal(str(line.values[name]))
            for name in ("OrderedSalesQuantity", "SalesPrice", "SalesPriceQuantity", "LineAmount")
        )
        discounted = line.values["LineDiscountAmount"] or line.values["LineDiscountPercentage"]
        total += quantity * price / (per or 1) - amount if discounted else 0
    return total
