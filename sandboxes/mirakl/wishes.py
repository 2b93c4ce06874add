"""What may be asked of the sandbox's shoppers: exact orders, or how often each trait occurs in drawn ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from pydantic import AwareDatetime, ConfigDict

from sandboxes.mirakl.orders import Debit
from sandboxes.mirakl.pricing import TaxRule

STANDARD = TaxRule("VAT", Decimal("20.0000"))
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """Amounts are in the platform's own tax mode. `price` is the line's total before the promotion comes off.

    Left out, it is unit price x quantity; `shipping_taxes` left out are the line's own `taxes`.
    """

    __pydantic_config__ = _STRICT

    sku: str = "SKU-001"
    quantity: int = 1
    unit_price: Decimal = Decimal("10.00")
    price: Decimal | None = None
    taxes: tuple[TaxRule, ...] = (STANDARD,)
    shipping_price: Decimal = Decimal("0.00")
    shipping_taxes: tuple[TaxRule, ...] | None = None
    fees: Mapping[str, Decimal] = field(default_factory=dict)
    promotion: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedOrder:
    """One order. What is left out comes from the platform, or is invented.

    `customer`: orders of the same key are of one shopper of the platform, with one `customer_id`, name and address
    (given the same shop country, `foreign` and `long_text`), and each has a proxy alias of its own. `organization`:
    the shopper buys for a company (B2B).
    """

    __pydantic_config__ = _STRICT

    id: str | None = None
    lines: tuple[WantedLine, ...] = (WantedLine(),)
    shipping_type: str = "STD"
    pudo_id: str | None = None
    channel: str | None = None
    fulfillment_center: str = "DEFAULT"
    payment_workflow: str | None = None
    staging: timedelta | None = None
    debit: Debit = "settles"
    debit_delay: timedelta | None = None
    instructions: bool = False
    foreign: bool = False
    long_text: bool = False
    numeric_lines: bool = False
    customer: str = ""
    organization: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Traits of drawn orders, each a share from 0 to 1. `two_rates`: one tax code with two rates on one line.

    `odd_ids`: ids that are long, lower case, or need escaping. `long_text`: addresses that fit hardly any field.
    """

    __pydantic_config__ = _STRICT

    skus: tuple[str, ...] = tuple(f"SKU-{number:03d}" for number in range(1, 21))
    max_lines: int = 3
    tax_code: str = "VAT"
    rate: Decimal = Decimal("20.0000")
    reduced_rate: Decimal = Decimal("5.5000")
    channel: str | None = None
    no_taxes: float = 0.0
    two_rates: float = 0.15
    two_codes: float = 0.1
    untold_rates: float = 0.0
    fees: float = 0.15
    promotions: float = 0.15
    express: float = 0.15
    pickup: float = 0.15
    instructions: float = 0.2
    foreign: float = 0.2
    long_text: float = 0.0
    odd_ids: float = 0.1
    numeric_lines: float = 0.1
    debit_refused: float = 0.0
    debit_held: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """`orders` as wanted, then `count` drawn from `mix`, in the shop called `north/2001`.

    `at` is when the shoppers ordered (default: now; never later). The same `seed` draws the same orders.
    `regardless`: they buy whatever the offers show.
    """

    __pydantic_config__ = _STRICT

    shop: str
    orders: tuple[WantedOrder, ...] = ()
    count: int = 0
    mix: Mix = Mix()
    seed: int | None = None
    at: AwareDatetime | None = None
    regardless: bool = False


UNTAXED = Mix(no_taxes=1.0)
"""Orders of an operator that sends no taxes: both tax modes give the same amounts."""
