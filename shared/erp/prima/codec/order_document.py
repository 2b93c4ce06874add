"""A sales order as Prima's import takes it: attributes by element, with the values that the adapter decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Attributes = Mapping[str, str | Decimal]
"""A Decimal goes out with all its digits and no exponent."""


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """`number` is the order number; `data` is what else stands on the order itself.

    An element without attributes is left out. What holds people is kept out of the representation.
    """

    number: str
    data: Attributes = field(default_factory=dict, repr=False)
    header: Attributes = field(default_factory=dict, repr=False)
    invoice: Attributes = field(default_factory=dict, repr=False)
    lines: Sequence[Attributes] = ()
    charges: Sequence[Attributes] = ()
    payments: Sequence[Attributes] = field(default=(), repr=False)
