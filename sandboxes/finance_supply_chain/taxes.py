"""The tax that the installation works out for itself, from its own groups and rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from sandboxes.finance_supply_chain.amounts import rounded
from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.world import Company, World, find


def codes(company: Company, line: Mapping[str, Value]) -> list[str]:
    """The tax codes that the line's two groups have in common; none where a group is empty."""
    group = find(company.tax_groups, str(line["SalesTaxGroupCode"])) or ()
    item_group = find(company.item_tax_groups, str(line["SalesTaxItemGroupCode"])) or ()
    return [code for code in group if code in item_group]


def order_tax(world: World, company: Company, header: Row, lines: list[Row]) -> Decimal:
    """The tax of an order: summed per code and rounded once, or rounded line by line (`tax_rounding`)."""
    rule = find(world.currencies, header.text("CurrencyCode")) or Decimal("0.01")
    included = header.values["ArePricesIncludingSalesTax"] == "Yes"
    sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in lines:
        for code, amount in _line_taxes(world, company, row.values, included=included):
            sums[code, row.number if world.tax_rounding == "line" else 0] += amount
    return sum((rounded(amount, rule) for amount in sums.values()), Decimal(0))


def _line_taxes(
    world: World, company: Company, line: Mapping[str, Value], *, included: bool
) -> Iterator[tuple[str, Decimal]]:
    rates = {code: find(world.tax_rates, code) or Decimal(0) for code in codes(company, line)}
    amount = line["LineAmount"]
    assert isinstance(amount, Decimal)
    base = amount / (1 + sum(rates.values(), Decimal(0)) / 100) if included else amount
    yield from ((code, base * rate / 100) for code, rate in rates.items())
