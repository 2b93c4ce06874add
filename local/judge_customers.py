"""Is each shopper one customer of the ERP where the client wants that, whatever their aliases, and nobody elsewhere?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from local.verdict import Book, Client, Finding

Shopper: TypeAlias = tuple[str, str]
"""Marketplace and Mirakl's `customer_id`."""


def judge_customers(mirakl: Book, erp: Book, client: Client) -> Iterator[Finding]:
    made = {str(one["account"]) for one in erp.get("customers", ()) if one["deleted"] is None}
    orders = {f"{client.prefixes[one['platform']]}-{one['order_id']}": one for one in mirakl["orders"]}
    accounts: dict[Shopper, set[str]] = defaultdict(set)
    for sales_order in erp["orders"]:
        order = orders.get(str(sales_order["reference"]))
        if order is not None and "customer" in sales_order:
            shopper = str(order["platform"]), str(order["customer_id"])
            accounts[shopper].add(str(sales_order["customer"]))
    yield from _judge_accounts(accounts, made, client)
    shoppers = {(str(one["platform"]), str(one.get("customer_id"))) for one in mirakl["orders"]}
    wanted = [one for one in shoppers if one[0] in client.per_shopper]
    if len(made) > len(wanted):
        yield Finding("twice", "customers", f"{len(made)} customers were created for {len(wanted)} shoppers")


def _judge_accounts(accounts: Mapping[Shopper, set[str]], made: set[str], client: Client) -> Iterator[Finding]:
    owners: dict[str, set[Shopper]] = defaultdict(set)
    for shopper, used in accounts.items():
        marketplace, customer_id = shopper
        if marketplace not in client.per_shopper:
            for account in sorted(used & made):
                yield Finding("unwanted", account, f"a customer for a shopper of {marketplace}")
            continue
        if len(used) > 1:
            yield Finding("twice", customer_id, f"one shopper, {len(used)} customers: {', '.join(sorted(used))}")
        for account in used:
            owners[account].add(shopper)
    for account, theirs in owners.items():
        if len(theirs) > 1:
            yield Finding("different", account, f"one customer for {len(theirs)} shoppers")
