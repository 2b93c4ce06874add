"""What tests are made of: a marketplace, a shop, an order and the mappings it needs, each with sensible defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from shared.model.keys import OrderKey
from shared.model.mappings import TABLES, MappingRow, TableName
from shared.model.order import Address, Fee, Order, OrderLine, PlatformTaxMode, Shopper, Tax
from shared.model.shop import Marketplace, Mode, Shop, TaxLiability, TaxSource
from shared.rules.mapping_lookup import OrderMappings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Every builder's clock: orders are created here unless a test says otherwise."""

SKUS = tuple(f"SKU-{number:03d}" for number in range(1, 21))
"""What the sandbox Mirakl's shoppers buy."""


TAX_GROUPS = {
    "VAT@20": "STD",
    "VAT@10": "RED",
    "VAT@5.5": "LOW",
    "VAT@10+VAT@20": "MIX",
    "VAT@20+VAT@5.5": "MIX",
    "GST@5+PST@7": "GSTPST",
    "-": "EXEMPT",
}
COUNTRIES = ("DEU", "FRA", "GBR", "SWE", "ESP", "ITA", "BEL", "USA")


def marketplace(
    *,
    id: str = "north",  # noqa: A002 -- the field's name
    prefix: str = "NO",
    url: str = "https://north.example.com",
    acceptance_window: timedelta = timedelta(hours=24),
    tax_source: TaxSource = "mirakl",
    tax_liability: Mapping[str, TaxLiability] | None = None,
    or11_minimum_interval: timedelta = timedelta(minutes=1),
) -> Marketplace:
    return Marketplace(
        id=id,
        prefix=prefix,
        url=url,
        acceptance_window=acceptance_window,
        tax_source=tax_source,
        tax_liability=tax_liability or {"*": "seller"},
        or11_minimum_interval=or11_minimum_interval,
    )


def shop(
    *,
    id: str = "north-de",  # noqa: A002 -- the field's name
    marketplace: Marketplace | None = None,
    shop_id: int = 2001,
    key_secret: str = "north-key",  # noqa: S107 -- the name of a secret, not a secret
    orders_from: datetime = NOW - timedelta(days=1),
    company: str = "usmf",
    mode: Mode = "live",
) -> Shop:
    return Shop(
        id=id,
        marketplace=marketplace or _NORTH,
        shop_id=shop_id,
        key_secret=key_secret,
        orders_from=orders_from,
        company=company,
        mode=mode,
    )


_NORTH = marketplace()


def address(*, name: str = "Shopper One", country: str = "DEU", street_1: str = "Test Street 1") -> Address:
    return Address(
        name=name,
        company="",
        street_1=street_1,
        street_2="",
        additional_info="",
        zip_code="00001",
        city="Testville",
        state="",
        country=country,
        phone="",
    )


def tax(amount: str, *, code: str = "VAT", rate: str | None = "20.0000") -> Tax:
    """`tax("20.00")` is 20.00 of VAT at 20 %."""
    return Tax(code=code, rate=None if rate is None else Decimal(rate), amount=Decimal(amount))


def line(
    *,
    id: str = "N000001-A-1",  # noqa: A002 -- the field's name
    index: int = 1,
    state: str = "SHIPPING",
    sku: str = "SKU-001",
    quantity: str | int = 2,
    price: str = "100.00",
    shipping_price: str = "5.00",
    taxes: Sequence[Tax] | None = None,
    shipping_taxes: Sequence[Tax] | None = None,
    fees: Mapping[str, str] | None = None,
) -> OrderLine:
    """Two pieces for 100.00 and 5.00 of shipping, both net, with 20 % of VAT on each; `fees` is code to amount."""
    return OrderLine(
        id=id,
        index=index,
        state=state,
        sku=sku,
        quantity=Decimal(quantity),
        price=Decimal(price),
        shipping_price=Decimal(shipping_price),
        taxes=(tax("20.00"),) if taxes is None else tuple(taxes),
        shipping_taxes=(tax("1.00"),) if shipping_taxes is None else tuple(shipping_taxes),
        fees=tuple(Fee(code, Decimal(amount)) for code, amount in (fees or {}).items()),
    )


_DELIVERED_TO = address()


def order(
    *,
    id: str = "N000001-A",  # noqa: A002 -- the field's name
    shop: str = "north-de",
    state: str = "SHIPPING",
    lines: Sequence[OrderLine] | None = None,
    created: datetime = NOW,
    updated: datetime | None = None,
    decided: datetime | None = NOW + timedelta(minutes=5),
    currency: str = "EUR",
    platform_tax_mode: PlatformTaxMode | None = "TAX_INCLUDED",
    shipping_type_code: str = "STD",
    shipping_deadline: datetime | None = NOW + timedelta(days=2),
    pickup_point: str = "",
    delivery_instructions: str = "",
    address: Address | None = _DELIVERED_TO,
    order_taxes: Sequence[Tax] = (),
) -> Order:
    return Order(
        key=OrderKey(shop, id),
        commercial_id=id.rpartition("-")[0] or id,
        state=state,
        created=created,
        updated=updated or created,
        decided=decided,
        currency=currency,
        platform_tax_mode=platform_tax_mode,
        shipping_type_code=shipping_type_code,
        shipping_deadline=shipping_deadline,
        pickup_point=pickup_point,
        delivery_instructions=delivery_instructions,
        shopper=Shopper("C-1", "Test", "Shopper"),
        address=address,
        lines=(line(id=f"{id}-1", state=state),) if lines is None else tuple(lines),
        order_taxes=tuple(order_taxes),
    )


def row(table: TableName, *key: str, **values: str) -> MappingRow:
    """`row("currencies", "north", "EUR", currency="EUR")`."""
    assert len(key) == len(TABLES[table].key), f"{table} has the key columns {TABLES[table].key}"
    return MappingRow(table=table, key=key, values=values)


def item_row(sku: str, *, marketplace: str = "north", component: str = "1", **values: str) -> MappingRow:
    """SKU-001 is ITEM-001, ordered in pieces one to one, unless `values` say otherwise."""
    return row("items", marketplace, sku, component, **{"item": f"ITEM-{sku[-3:]}", "order_unit": "PCS"} | values)


def mapping_rows(
    *, marketplace: str = "north", shop: str = "north-de", skus: Sequence[str] = SKUS, customer: str = "C-NORTH"
) -> tuple[MappingRow, ...]:
    """Every row that an order of `order()`'s kind can need, for one marketplace and one shop."""
    return (
        *(item_row(sku, marketplace=marketplace) for sku in skus),
        *(row("taxes", marketplace, "*", key, tax_group="DOM", item_tax_group=to) for key, to in TAX_GROUPS.items()),
        row("charges", marketplace, "shipping", "*", item="SHIPPING", unit="PCS"),
        row("charges", marketplace, "fee", "*", item="FEE", unit="PCS"),
        row("charges", marketplace, "rounding", "*", item="ROUNDING", unit="PCS"),
        row("accounts", marketplace, "*", "*", "*", customer=customer),
        *(row("currencies", marketplace, code, currency=code) for code in ("EUR", "GBP", "SEK", "JPY", "KWD")),
        *(row("countries", marketplace, code, country=code) for code in COUNTRIES),
        row("channels", marketplace, shop, origin="MIRAKL", dimensions="-001-"),
        row("warehouses", marketplace, shop, site="1", warehouse="11", time_zone="Europe/Berlin"),
        row("shipping", marketplace, "STD", delivery_mode="STANDARD"),
        row("shipping", marketplace, "EXP", delivery_mode="EXPRESS"),
        row("shipping", marketplace, "PUDO", delivery_mode="PICKUP"),
    )


def grouped(rows: Sequence[MappingRow]) -> OrderMappings:
    """Rows as a draft takes them: items apart, the rest by table."""
    names = dict.fromkeys(one.table for one in rows if one.table != "items")
    return OrderMappings(
        items=tuple(one for one in rows if one.table == "items"),
        tables={name: tuple(one for one in rows if one.table == name) for name in names},
    )


def mappings(
    *,
    marketplace: str = "north",
    shop: str = "north-de",
    skus: Sequence[str] = SKUS,
    add: Sequence[MappingRow] = (),
    without: Sequence[tuple[str, ...]] = (),
) -> OrderMappings:
    """A complete set; `add` replaces rows of the same key, `without` leaves out rows by `(table, *key)`."""
    rows = {(one.table, *one.key): one for one in (*mapping_rows(marketplace=marketplace, shop=shop, skus=skus), *add)}
    return grouped([one for name, one in rows.items() if name not in without])
