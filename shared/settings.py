"""The app settings, typed and validated together; every complaint names the setting and the remedy."""

from __future__ import annotations

import json
import re
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
from pydantic_core import ErrorDetails

from shared.erp.finance_supply_chain.configuration import DEFAULT_LENGTHS, Configuration
from shared.errors import SettingsError
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.sales_order import ShippedWhen
from shared.model.shop import CustomersPer, Marketplace, Mode, Shop, TaxLiability, TaxSource

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SECRET_NAME = re.compile(r"[A-Za-z0-9-]{1,127}")
_SCHEDULE_FIELDS = 6
_REMEDIES = {
    "missing": "is missing; add it (docs/settings.md says what it holds)",
    "extra_forbidden": "is not known; remove it, or correct its name (docs/settings.md lists them all)",
    "timezone_aware": "has no time zone; write its offset, such as 2026-01-31T06:00:00+01:00 or ...Z",
}
"""What pydantic finds and says without a remedy, by its type of error."""


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


def _secret_name(value: str) -> str:
    if not _SECRET_NAME.fullmatch(value):
        raise ValueError("give the name of a secret (letters, digits and hyphens), never its value")
    return value


def _schedule(value: str) -> str:
    if len(value.split()) != _SCHEDULE_FIELDS:
        raise ValueError("write NCRONTAB with six fields, seconds first, such as 0 * * * * *")
    return value


OutsideAddress = Annotated[str, AfterValidator(_outside_address)]
SecretName = Annotated[str, AfterValidator(_secret_name)]
Schedule = Annotated[str, AfterValidator(_schedule)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
Positive = Annotated[timedelta, Field(gt=timedelta(0))]


_NEXT = "\n  - "


class _Json(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopSetting(_Json):
    """One shop of a marketplace; `key_secret` is the name of the secret that holds its API key."""

    id: Slug
    shop_id: int
    key_secret: SecretName
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
    customers: CustomersPer = "per_marketplace"
    store_alias: bool = False
    stock_import: Literal["STO01", "OF01"] = "STO01"
    shops: Annotated[list[ShopSetting], Field(min_length=1)]


class FinanceSupplyChainSetting(_Json):
    """The Dynamics 365 Finance & Supply Chain environment and how orders are created in it."""

    kind: Literal["finance_supply_chain"]
    url: OutsideAddress
    token_url: OutsideAddress
    client_id: str
    client_secret: SecretName
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
    shipped_when: ShippedWhen = "packing_slip"
    shipment_overlap: Positive = timedelta(minutes=5)
    tracking_within: Positive = timedelta(hours=24)
    ships_within: Positive = timedelta(days=5)
    partial_within: Positive = timedelta(hours=48)
    cancellation: Literal["hold", "remove"] = "hold"

    @model_validator(mode="after")
    def _promises(self) -> FinanceSupplyChainSetting:
        field = self.delivery_note_field
        if field and field not in {**DEFAULT_LENGTHS, **self.lengths}:
            raise ValueError(f"delivery_note_field {field!r} has no length; add it to lengths")
        return self


class _AppSettings(BaseModel):
    """One field per app setting; the alias is the setting's name."""

    model_config = ConfigDict(frozen=True)

    marketplaces: Annotated[list[MarketplaceSetting], BeforeValidator(_from_json), Field(alias="MARKETPLACES")]
    erp: Annotated[FinanceSupplyChainSetting, BeforeValidator(_from_json), Field(alias="ERP")]
    poll_orders_schedule: Schedule = Field(alias="POLL_ORDERS_SCHEDULE")
    poll_shipments_schedule: Schedule = Field(alias="POLL_SHIPMENTS_SCHEDULE")
    change_order_schedule: Schedule = Field(alias="CHANGE_ORDER_SCHEDULE")
    watch_schedule: Schedule = Field(alias="WATCH_SCHEDULE")
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
        problems = _not_unique(self.marketplaces)
        if self.accelerate != 1 and self.key_vault_url:
            problems.append("ACCELERATE: is for local runs only; remove it where KEY_VAULT_URL is set")
        if problems:
            raise ValueError(_NEXT.join(problems))
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rest of the bridge gets: shops by slug, the ERP, the policy, and where our own services are."""

    shops: Mapping[str, Shop]
    finance_supply_chain: Configuration
    policy: CreationPolicy
    shipping: ShippingPolicy
    shipment_overlap: timedelta
    poll_orders_schedule: str
    poll_shipments_schedule: str
    change_order_schedule: str
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
    problems = _unconnected(given)
    try:
        checked = _AppSettings.model_validate(given)
    except ValidationError as wrong:
        problems = [*(_complaint(one) for one in wrong.errors(include_input=False)), *problems]
    if problems:
        raise SettingsError("The app settings cannot be used:" + "".join(_NEXT + problem for problem in problems))
    return _settings(checked)


def _complaint(problem: ErrorDetails) -> str:
    """The setting, the path inside its JSON, what is wrong and the remedy; never the value."""
    what = _REMEDIES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    if not problem["loc"]:
        return what
    name, *inside = (str(part) for part in problem["loc"])
    path = f" at {'.'.join(inside)}" if inside else ""
    return f"{name}{path}: {what}"


def _unconnected(given: Mapping[str, str]) -> list[str]:
    problems = []
    if not given.keys() & {"ServiceBusConnection", "ServiceBusConnection__fullyQualifiedNamespace"}:
        problems.append("ServiceBusConnection__fullyQualifiedNamespace: is missing; name the Service Bus namespace")
    if not given.keys() & {"TABLES_CONNECTION", "TABLES_URL"}:
        problems.append("TABLES_URL: is missing; give the storage account's table address")
    return problems


def _not_unique(marketplaces: list[MarketplaceSetting]) -> list[str]:
    named = {
        "id": [repr(one.id) for one in marketplaces],
        "prefix": [repr(one.prefix) for one in marketplaces],
        "shops.id": [repr(shop.id) for one in marketplaces for shop in one.shops],
        "shops.shop_id": [f"{shop.shop_id} of {one.id!r}" for one in marketplaces for shop in one.shops],
    }
    return [
        f"MARKETPLACES: {field} {value} is used twice; every {field} must be unique"
        for field, values in named.items()
        for value in sorted({value for value in values if values.count(value) > 1})
    ]


def _settings(given: _AppSettings) -> Settings:
    shops = [_shop(one, shop, given.erp.company) for one in given.marketplaces for shop in one.shops]
    return Settings(
        shops={shop.id: shop for shop in shops},
        finance_supply_chain=_configuration(given.erp, given.http_timeout_seconds),
        policy=_policy(given.erp),
        shipping=_shipping(given.erp),
        shipment_overlap=given.erp.shipment_overlap,
        poll_orders_schedule=given.poll_orders_schedule,
        poll_shipments_schedule=given.poll_shipments_schedule,
        change_order_schedule=given.change_order_schedule,
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
        customers=one.customers,
        store_alias=one.store_alias,
    )
    return Shop(
        id=shop.id,
        marketplace=marketplace,
        shop_id=shop.shop_id,
        key_secret=shop.key_secret,
        orders_from=shop.orders_from.astimezone(UTC),
        company=shop.company or company,
        mode=shop.mode,
        sharing=_sharing(one, shop),
    )


def _sharing(one: MarketplaceSetting, shop: ShopSetting) -> int:
    if one.limit_scope == "shop":
        return 1
    return sum(other.key_secret == shop.key_secret for other in one.shops)


def _configuration(erp: FinanceSupplyChainSetting, timeout: float) -> Configuration:
    configuration = Configuration(
        url=erp.url, token_url=erp.token_url, client_id=erp.client_id, client_secret=erp.client_secret
    )
    return replace(
        configuration,
        order_numbers=erp.order_numbers,
        shipped_when=erp.shipped_when,
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


def _shipping(erp: FinanceSupplyChainSetting) -> ShippingPolicy:
    return ShippingPolicy(
        tracking_within=erp.tracking_within,
        ships_within=erp.ships_within,
        partial_within=erp.partial_within,
        cancellation=erp.cancellation,
    )
