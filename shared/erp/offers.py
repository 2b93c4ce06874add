"""What an ERP offers, for people: the same subjects in the same order for every ERP, so that none leaves one out."""

from __future__ import annotations

from dataclasses import dataclass

from shared.model.sales_order import Offer


@dataclass(frozen=True, slots=True)
class Offered:
    """`how` it is done and what that promises; where it is not offered, why, and what stands in for it."""

    how: str
    instead: str = ""
    offered: bool = True


def missing(why: str, *, instead: str) -> Offered:
    return Offered(why, instead, offered=False)


def offers(
    *,
    numbers: Offered,
    uniqueness: Offered,
    lines: Offered,
    totals: Offered,
    hold: Offered,
    line_cancellation: Offered,
    release: Offered,
    shipments: Offered,
    tracking: Offered,
    customers: Offered,
    references: Offered,
    invoices: Offered,
) -> tuple[Offer, ...]:
    subjects = {
        "order numbers": numbers,
        "each order once": uniqueness,
        "lines and amounts read back": lines,
        "order totals": totals,
        "orders held": hold,
        "lines cancelled": line_cancellation,
        "orders released": release,
        "shipments": shipments,
        "tracking numbers": tracking,
        "a customer for each shopper": customers,
        "our references listed": references,
        "invoices": invoices,
    }
    return tuple(Offer(what, one.offered, one.how, one.instead) for what, one in subjects.items())
