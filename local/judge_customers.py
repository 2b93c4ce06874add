"""Is each shopper one customer of the ERP where the client wants that, whatever their aliases, and nobody elsewhere?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from local.judge_references import our_reference, our_references, shown_reference
from local.verdict import Book, Client, Finding, moment

Shopper: TypeAlias = tuple[str, str]
"""Marketplace and Mirakl's `customer_id`."""


def judge_customers(mirakl: Book, erp: Book, client: Client, journal: Sequence[Book] = ()) -> Iterator[Finding]:
    made = {str(one["account"]) for one in erp.get("customers", ()) if one["deleted"] is None}
    bought = _by_shopper(mirakl, erp, client)
    lost = {shopper: _never_told(theirs, client, journal) for shopper, theirs in bought.items()}
    yield from _judge_accounts(bought, made, lost, client)
    shoppers = {(str(one["platform"]), str(one.get("customer_id"))) for one in mirakl["orders"]}
    wanted = [one for one in shoppers if one[0] in client.per_shopper]
    if len(made) > len(wanted) + sum(lost.values()):
        yield Finding("twice", "customers", f"{len(made)} customers were created for {len(wanted)} shoppers")


def _by_shopper(mirakl: Book, erp: Book, client: Client) -> Mapping[Shopper, Mapping[str, Book]]:
    """The account of each of a shopper's customers -> the first of the ERP's orders on it."""
    ours = our_references(mirakl, client)
    orders = {our_reference(one, client): one for one in mirakl["orders"]}
    found: dict[Shopper, dict[str, Book]] = defaultdict(dict)
    for sales_order in erp["orders"]:
        order = orders.get(shown_reference(sales_order, ours))
        if order is not None and "customer" in sales_order:
            shopper = str(order["platform"]), str(order["customer_id"])
            found[shopper].setdefault(str(sales_order["customer"]), sales_order)
    return found


def _never_told(first: Mapping[str, Book], client: Client, journal: Sequence[Book]) -> int:
    """How many of the shopper's accounts nobody was told: their order had to be looked up before the next was made."""
    if not client.found_by:
        return 0
    looks = [one for one in journal if one["operation"] == client.found_by]
    makers = sorted(first.values(), key=lambda one: moment(one["created"]))
    return sum(
        any(_is_between(look, one, following) and look["subject"] == one["number"] for look in looks)
        for one, following in pairwise(makers)
    )


def _is_between(look: Book, one: Book, following: Book) -> bool:
    return moment(one["created"]) <= moment(look["at"]) <= moment(following["created"])


def _judge_accounts(
    bought: Mapping[Shopper, Mapping[str, Book]], made: set[str], lost: Mapping[Shopper, int], client: Client
) -> Iterator[Finding]:
    owners: dict[str, set[Shopper]] = defaultdict(set)
    for shopper, used in bought.items():
        marketplace, customer_id = shopper
        if marketplace not in client.per_shopper:
            for account in sorted(used.keys() & made):
                yield Finding("unwanted", account, f"a customer for a shopper of {marketplace}")
            continue
        if len(used) > 1 + lost[shopper]:
            yield Finding("twice", customer_id, f"one shopper, {len(used)} customers: {', '.join(sorted(used))}")
        for account in used:
            owners[account].add(shopper)
    for account, theirs in owners.items():
        if len(theirs) > 1:
            yield Finding("different", account, f"one customer for {len(theirs)} shoppers")
