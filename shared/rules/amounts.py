"""What the shopper pays for: goods by order line, shipping by tax signature, fees by code, in the order's tax mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeVar

from shared.errors import Rejected
from shared.model.order import Order, OrderLine, Tax
from shared.rules.money import is_whole, largest_remainder, minor_units
from shared.rules.order_states import kept_lines, shippable_lines
from shared.rules.tax import NO_TAX, signature, taxed_lines, total

K = TypeVar("K")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Goods:
    """An order line's price. `amount` includes taxes where the order's prices do."""

    line: OrderLine
    amount: Decimal
    signature: str


@dataclass(frozen=True, slots=True)
class Charge:
    """What is paid beside the goods. `purpose` and `code` are key columns of the `charges` mapping."""

    purpose: Literal["shipping", "fee", "rounding"]
    code: str
    reference: str
    amount: Decimal
    signature: str


@dataclass(frozen=True, slots=True)
class Payable:
    """All that is paid for the ordered lines, in whole minor units of the currency.

    `tax` is the sum of the taxes that Mirakl states for them, None where it states none.
    """

    goods: tuple[Goods, ...]
    charges: tuple[Charge, ...]
    tax: Decimal | None


def payable(order: Order, *, included: bool) -> Payable:
    """Only lines in SHIPPING count. Raises Rejected (`order_unreadable`) for amounts that nobody can pay."""
    _refuse_negative(kept_lines(order.lines))
    lines = sorted(shippable_lines(taxed_lines(order)), key=lambda line: (line.index, line.id))
    goods = [Goods(line, _amount(line.price, line.taxes, included), signature(line.taxes)) for line in lines]
    charges = [*_shipping(lines, order.shipping_type_code, included), *_fees(lines)]
    taxes = [tax for line in lines for tax in (*line.taxes, *line.shipping_taxes)]
    amounts = [*(one.amount for one in goods), *(one.amount for one in charges)]
    whole = iter(_whole(amounts, order.currency))
    return Payable(
        goods=tuple(replace(one, amount=next(whole)) for one in goods),
        charges=tuple(replace(one, amount=next(whole)) for one in charges),
        tax=total(taxes) if taxes else None,
    )


def numbered(
    purpose: Literal["shipping", "fee", "rounding"], amounts: Mapping[tuple[str, str], Decimal]
) -> tuple[Charge, ...]:
    """One charge for each (code, signature) with an amount; sorted, so that an order always gives the same lines."""
    due = sorted((key, amount) for key, amount in amounts.items() if amount)
    return tuple(
        Charge(purpose, code, f"{purpose}-{number}", amount, taxes)
        for number, ((code, taxes), amount) in enumerate(due, start=1)
    )


def summed(amounts: Iterable[tuple[K, Decimal]]) -> Mapping[K, Decimal]:
    sums: dict[K, Decimal] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, _ZERO) + amount
    return sums


def _amount(net: Decimal, taxes: Sequence[Tax], included: bool) -> Decimal:
    return net + total(taxes) if included else net


def _shipping(lines: Iterable[OrderLine], code: str, included: bool) -> tuple[Charge, ...]:
    """One charge for each distinct signature; free shipping is no charge."""
    return numbered(
        "shipping",
        summed(
            ((code, signature(line.shipping_taxes)), _amount(line.shipping_price, line.shipping_taxes, included))
            for line in lines
        ),
    )


def _fees(lines: Iterable[OrderLine]) -> tuple[Charge, ...]:
    """One charge for each fee code (OR11 `fees[]`); Mirakl states no tax for them."""
    return numbered("fee", summed(((fee.code, NO_TAX), fee.amount) for line in lines for fee in line.fees))


def _whole(amounts: Sequence[Decimal], currency: str) -> Sequence[Decimal]:
    """Amounts finer than a cent are brought to cents without changing what is paid in all."""
    decimals = minor_units(currency)
    if all(is_whole(amount, decimals) for amount in amounts):
        return amounts
    paid = sum(amounts, _ZERO)
    if min(amounts) < 0 or not is_whole(paid, decimals):
        raise _unreadable("order_lines.price", f"the amounts sum to what {currency} cannot pay ({decimals} decimals)")
    return largest_remainder(paid, amounts, decimals=decimals)


def _refuse_negative(lines: Iterable[OrderLine]) -> None:
    for line in lines:
        if line.price < 0 or line.shipping_price < 0:
            raise _unreadable("order_lines.price", f"a price of order line {line.id} is negative")


def _unreadable(field: str, reason: str) -> Rejected:
    return Rejected("order_unreadable", subject=field, reason=reason)
