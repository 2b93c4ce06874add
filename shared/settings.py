"""The app settings, typed and validated together; every complaint names the setting and the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from shared.erp.finance_supply_chain.configuration import DEFAULT_LENGTHS, Configuration
from shared.errors import SettingsError
from shared.model.policy import CreationPolicy
from shared.model.shop import Marketplace, Mode, Shop, TaxLiability, TaxSource

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def _outside_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname:
        return value.rstrip("/")
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return value.rstrip("/")
    raise ValueError("use an https:// address (plain http is accepted to this machine only)")


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=Decimal)
    except ValueError as problem:
        raise ValueError("write valid JSON (docs/settings.md shows the shape)") from problem


OutsideAddress = Annotated[str, AfterValidator(_outside_address)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
Positive = Annotated[timedelta, Field(gt=timedelta(0))]


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopSetting(_Json):
    """One shop of a marketplace; `key_secret` is the name of the secret that holds its API key."""

    id: Slug
    shop_id: int
    key_secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,127}$")]
    orders_from: AwareDatetime
    company: str = ""
    mode: Mode = "live"


class MarketplaceSetting(_Json):
    """One Mirakl instance; durations are ISO 8601 (`PT24H`)."""

    id: Slug
    prefix: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,4}$")]
    url: OutsideAddress
    acceptance_window: Positive = timedelta(hours=24)
    tax_source: TaxSource = "mirakl"
    tax_liability: dict[str, TaxLiability] = Field(default_factory=dict)
    or11_minimum_interval: Positive = timedelta(minutes=1)
    limit_scope: Literal["key", "shop"] = "shop"
    export_above: Annotated[int, Field(ge=100)] = 1000
    customers: Literal["per_marketplace"] = "per_marketplace"
    stock_import: Literal["STO01", "OF01"] = "STO01"
    shops: Annotated[list[ShopSetting], Field(min_length=1)]


class FinanceSupplyChainSetting(_Json):
    """The Dynamics 365 Finance & Supply Chain environment and how orders are created in it."""

    kind: Literal["finance_supply_chain"]
    url: OutsideAddress
    token_url: OutsideAddress
    client_id: str
    client_secret: str
    company: str
    order_numbers: Literal["derived", "automatic"] = "derived"
    settle: Positive = timedelta(minutes=10)
    lanes: Annotated[int, Field(ge=1, le=8)] = 1
    lengths: dict[str, int] = Field(default_factory=dict)
    delivery_note_field: str = "DeliveryAddressDescription"
    unit_price_decimals: Annotated[int, Field(ge=0, le=6)] = 2
    total_tolerance: Annotated[Decimal, Field(ge=0)] = Decimal("0.02")
    totals_within: Positive = timedelta(hours=24)
    hold_until_compared: bool = False
    shipping_date: Literal["deadline", "none"] = "deadline"
    wait_at_most: Positive = timedelta(hours=96)

    @model_validator(mode="after")
    def _numbers(self) -> FinanceSupplyChainSetting:
        if self.order_numbers == "automatic":
            raise ValueError(
                "order_numbers 'automatic' is not supported yet: set the sales order number sequence in "
                "Finance & Supply Chain to manual and use 'derived'"
            )
        return self


class _AppSettings(BaseModel):
    """One field per app setting; the alias is the setting's name."""

    model_config = ConfigDict(frozen=True)

    marketplaces: Annotated[list[MarketplaceSetting], BeforeValidator(_from_json), Field(alias="MARKETPLACES")]
    erp: Annotated[FinanceSupplyChainSetting, BeforeValidator(_from_json), Field(alias="ERP")]
    poll_orders_schedule: str = Field("0 * * * * *", alias="POLL_ORDERS_SCHEDULE")
    watch_schedule: str = Field("30 * * * * *", alias="WATCH_SCHEDULE")
    http_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = Field(30.0, alias="HTTP_TIMEOUT_SECONDS")
    service_bus: str = Field("", alias="ServiceBusConnection")
    service_bus_namespace: str = Field("", alias="ServiceBusConnection__fullyQualifiedNamespace")
    tables: str = Field("", alias="TABLES_CONNECTION")
    tables_url: OutsideAddress | None = Field(None, alias="TABLES_URL")
    key_vault_url: OutsideAddress | None = Field(None, alias="KEY_VAULT_URL")
    managed_identity: str = Field("", alias="MANAGED_IDENTITY_CLIENT_ID")
    accelerate: Annotated[float, Field(ge=1, le=240)] = Field(1.0, alias="ACCELERATE")
    accelerate_epoch: AwareDatetime | None = Field(None, alias="ACCELERATE_EPOCH")

    @model_validator(mode="after")
    def _together(self) -> _AppSettings:
        problems = [*_not_unique(self.marketplaces), *_connections(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rest of the bridge gets: shops by slug, the ERP, the policy, and where our own services are."""

    shops: Mapping[str, Shop]
    finance_supply_chain: Configuration
    policy: CreationPolicy
    poll_orders_schedule: str
    watch_schedule: str
    http_timeout_seconds: float
    service_bus: str
    service_bus_namespace: str
    tables: str
    tables_url: str
    key_vault_url: str
    managed_identity: str
    accelerate: float
    accelerate_epoch: datetime

    @property
    def marketplaces(self) -> Mapping[str, Marketplace]:
        return {shop.marketplace.id: shop.marketplace for shop in self.shops.values()}


NAMES: tuple[str, ...] = tuple(str(field.alias) for field in _AppSettings.model_fields.values())
"""Every app setting that the code reads, besides `SECRET_<NAME>` where there is no key vault."""


def load(environment: Mapping[str, str]) -> Settings:
    """Raises SettingsError listing every setting that cannot be used."""
    given = {name: environment[name] for name in NAMES if environment.get(name, "").strip()}
    try:
        return _settings(_AppSettings.model_validate(given))
    except ValidationError as problems:
        lines = [_complaint(problem["loc"], problem["msg"]) for problem in problems.errors(include_input=False)]
        raise SettingsError("The app settings cannot be used:\n" + "\n".join(f"  - {line}" for line in lines)) from None


def _complaint(where: tuple[int | str, ...], what: str) -> str:
    if not where:
        return what.removeprefix("Value error, ")
    name, *inside = (str(part) for part in where)
    path = f" at {'.'.join(inside)}" if inside else ""
    if what == "Field required":
        return f"{name}{path}: is missing; add it (docs/settings.md says what it holds)"
    return f"{name}{path}: {what.removeprefix('Value error, ')}"


def _not_unique(marketplaces: list[MarketplaceSetting]) -> list[str]:
    named = {
        "id": [one.id for one in marketplaces],
        "prefix": [one.prefix for one in marketplaces],
        "shops.id": [shop.id for one in marketplaces for shop in one.shops],
    }
    return [
        f"MARKETPLACES: {field} {value!r} is used twice; every {field} must be unique"
        for field, values in named.items()
        for value in sorted({value for value in values if values.count(value) > 1})
    ]


def _connections(given: _AppSettings) -> list[str]:
    problems = []
    if not (given.service_bus or given.service_bus_namespace):
        problems.append("ServiceBusConnection__fullyQualifiedNamespace: is missing; name the Service Bus namespace")
    if not (given.tables or given.tables_url):
        problems.append("TABLES_URL: is missing; give the storage account's table address")
    if given.accelerate != 1 and given.key_vault_url:
        problems.append("ACCELERATE: is for local runs only; remove it where KEY_VAULT_URL is set")
    return problems


def _settings(given: _AppSettings) -> Settings:
    shops = [_shop(one, shop, given.erp.company) for one in given.marketplaces for shop in one.shops]
    return Settings(
        shops={shop.id: shop for shop in shops},
        finance_supply_chain=_configuration(given.erp, given.http_timeout_seconds),
        policy=_policy(given.erp),
        poll_orders_schedule=given.poll_orders_schedule,
        watch_schedule=given.watch_schedule,
        http_timeout_seconds=given.http_timeout_seconds,
        service_bus=given.service_bus,
        service_bus_namespace=given.service_bus_namespace,
        tables=given.tables,
        tables_url=given.tables_url or "",
        key_vault_url=given.key_vault_url or "",
        managed_identity=given.managed_identity,
        accelerate=given.accelerate,
        accelerate_epoch=given.accelerate_epoch or datetime(2026, 1, 1, tzinfo=UTC),
    )


def _shop(one: MarketplaceSetting, shop: ShopSetting, company: str) -> Shop:
    marketplace = Marketplace(
        id=one.id,
        prefix=one.prefix,
        url=one.url,
        acceptance_window=one.acceptance_window,
        tax_source=one.tax_source,
        tax_liability=one.tax_liability,
        or11_minimum_interval=one.or11_minimum_interval,
        limit_scope=one.limit_scope,
        export_above=one.export_above,
    )
    return Shop(
        id=shop.id,
        marketplace=marketplace,
        shop_id=shop.shop_id,
        key_secret=shop.key_secret,
        orders_from=shop.orders_from.astimezone(UTC),
        company=shop.company or company,
        mode=shop.mode,
    )


def _configuration(erp: FinanceSupplyChainSetting, timeout: float) -> Configuration:
    configuration = Configuration(
        url=erp.url, token_url=erp.token_url, client_id=erp.client_id, client_secret=erp.client_secret
    )
    return replace(
        configuration,
        order_numbers=erp.order_numbers,
        settle=erp.settle,
        lanes=erp.lanes,
        timeout_seconds=timeout,
        lengths={**DEFAULT_LENGTHS, **erp.lengths},
        delivery_note_field=erp.delivery_note_field,
    )


def _policy(erp: FinanceSupplyChainSetting) -> CreationPolicy:
    return CreationPolicy(
        unit_price_decimals=erp.unit_price_decimals,
        total_tolerance=erp.total_tolerance,
        totals_within=erp.totals_within,
        hold_until_compared=erp.hold_until_compared,
        shipping_date=erp.shipping_date,
        wait_at_most=erp.wait_at_most,
    )
