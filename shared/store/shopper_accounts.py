"""The accounts that the ERP gave shoppers with their first orders: one row per shopper, in their marketplace's
partition, written against the version that was read.
"""

from __future__ import annotations

from dataclasses import replace

from shared.model.keys import OrderKey
from shared.ports.own import ShopperAccount
from shared.store.columns import columns, read, text, time
from shared.store.keys import join
from shared.store.tables import Insert, Replace, Row, Tables, Value

TABLE = "control"
PARTITION = "shopper"


class TableShopperAccounts:
    """The port `ShopperAccounts`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def load(self, marketplace: str, customer_id: str) -> ShopperAccount:
        row = await self._tables.get(TABLE, join(PARTITION, marketplace), join(customer_id))
        return ShopperAccount(marketplace, customer_id) if row is None else _account(row)

    async def save(self, one: ShopperAccount) -> ShopperAccount:
        row, values = join(one.customer_id), _columns(one)
        operation = Insert(row, values) if one.version is None else Replace(row, values, one.version)
        [version] = await self._tables.commit(TABLE, join(PARTITION, one.marketplace), [operation])
        return replace(one, version=version)


def _columns(one: ShopperAccount) -> dict[str, Value]:
    return columns(
        marketplace=one.marketplace,
        customer_id=one.customer_id,
        account=one.account,
        holder_shop=one.holder.shop if one.holder else None,
        holder_order=one.holder.order if one.holder else None,
        until=one.until,
    )


def _account(row: Row) -> ShopperAccount:
    values = read(row)
    held = "holder_shop" in values
    return ShopperAccount(
        marketplace=text(values, "marketplace"),
        customer_id=text(values, "customer_id"),
        account=text(values, "account"),
        holder=OrderKey(text(values, "holder_shop"), text(values, "holder_order")) if held else None,
        until=time(values, "until"),
        version=row.version,
    )
