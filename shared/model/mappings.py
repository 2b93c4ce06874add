"""The client's mapping tables: which columns each has, who owns it, and one row of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.model.exception import Owner

TableName = Literal[
    "items",
    "taxes",
    "charges",
    "accounts",
    "customers",
    "currencies",
    "countries",
    "channels",
    "warehouses",
    "shipping",
    "carriers",
]
ColumnKind = Literal["text", "decimal", "integer"]
ANY = "*"


@dataclass(frozen=True, slots=True)
class Column:
    """A value column; `default` None means that every row must fill it."""

    name: str
    kind: ColumnKind = "text"
    default: str | None = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingTable:
    """`key` columns identify a row, the marketplace first; `*` matches anything where `wildcards` says so."""

    name: TableName
    owner: Owner
    key: tuple[str, ...]
    values: tuple[Column, ...]
    wildcards: bool = True


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row: key values in the order of the table's key columns, the other columns as text."""

    table: TableName
    key: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


_REQUIRED = None

TABLES: Mapping[TableName, MappingTable] = {
    table.name: table
    for table in (
        MappingTable(
            "items",
            "ecommerce",
            ("marketplace", "sku", "component"),
            (
                Column("company"),
                Column("item", default=_REQUIRED),
                Column("configuration"),
                Column("size"),
                Column("colour"),
                Column("style"),
                Column("version"),
                Column("order_unit", default=_REQUIRED),
                Column("order_numerator", "decimal", "1"),
                Column("order_denominator", "decimal", "1"),
                Column("unit_decimals", "integer", "0"),
                Column("stock_unit"),
                Column("stock_numerator", "decimal", "1"),
                Column("stock_denominator", "decimal", "1"),
                Column("item_tax_group"),
                Column("share", "decimal", "1"),
            ),
            wildcards=False,
        ),
        MappingTable(
            "taxes",
            "finance",
            ("marketplace", "country", "taxes"),
            (Column("tax_group"), Column("item_tax_group")),
        ),
        MappingTable(
            "charges",
            "finance",
            ("marketplace", "charge", "code"),
            (Column("item", default=_REQUIRED), Column("unit", default=_REQUIRED), Column("item_tax_group")),
        ),
        MappingTable(
            "accounts",
            "finance",
            ("marketplace", "currency", "country", "tax_liability"),
            (Column("customer", default=_REQUIRED), Column("customer_group"), Column("tax_group")),
        ),
        MappingTable(
            "customers",
            "finance",
            ("marketplace", "customer_id"),
            (Column("customer", default=_REQUIRED),),
            wildcards=False,
        ),
        MappingTable("currencies", "finance", ("marketplace", "code"), (Column("currency", default=_REQUIRED),)),
        MappingTable("countries", "operations", ("marketplace", "code"), (Column("country", default=_REQUIRED),)),
        MappingTable(
            "channels",
            "finance",
            ("marketplace", "code"),
            (Column("origin", default=_REQUIRED), Column("dimensions")),
        ),
        MappingTable(
            "warehouses",
            "operations",
            ("marketplace", "code"),
            (
                Column("site", default=_REQUIRED),
                Column("warehouse", default=_REQUIRED),
                Column("time_zone", default="UTC"),
            ),
        ),
        MappingTable(
            "shipping",
            "operations",
            ("marketplace", "shipping_type_code"),
            (Column("delivery_mode", default=_REQUIRED), Column("service")),
        ),
        MappingTable(
            "carriers",
            "operations",
            ("marketplace", "delivery_mode", "carrier", "service"),
            (
                Column("carrier_code"),
                Column("carrier_name"),
                Column("carrier_url"),
                Column("tracking", default="required", choices=("required", "none")),
            ),
        ),
    )
}
"""Key notes: `taxes` is the sorted set of `code@rate` on the line joined by `+` (`-` for none); `charge` is
`shipping`, `fee` or `rounding`; `channels.code` and `warehouses.code` are looked up with the shop's slug.
One marketplace unit orders `order_denominator / order_numerator` of `order_unit` ("box of 6" sold as boxes: 1/1;
a piece sold out of a box of 6: 6/1), and takes `stock_denominator / stock_numerator` of the stock unit.
`accounts.customer` is the marketplace's account: it orders and is invoiced with `customers = per_marketplace`, and is
invoiced with `per_shopper`, where new customers get `customer_group` and `tax_group`; `customers` names shoppers'
accounts that exist already. `carriers` holds either `carrier_code` (one of SH21) or `carrier_name` and `carrier_url`;
its key is what the ERP's shipment says, empty where it says nothing (`*` matches that too)."""
