"""The app settings, typed and validated together; every complaint names the setting and the remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from shared.erp.registry import ERPS, registration
from shared.erp.setting import ErpSetting
from shared.errors import SettingsError
from shared.model.despatch import DespatchSetting
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.setting_values import Json, OutsideAddress, Positive, Schedule, SecretName, Slug
from shared.model.shop import CustomersPer, Marketplace, Mode, Shop, TaxLiability, TaxSource

_REMEDIES = {
    "missing": "is missing; add it (docs/settings.md says what it holds)",
    "extra_forbidden": "is not known; remove it, or correct its name (docs/settings.md lists them all)",
    "timezone_aware": "has no time zone; write its offset, such as 2026-01-31T06:00:00+01:00 or ...Z",
}
"""What pydantic finds and says without a remedy, by its type of error."""


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=Decimal)
    except ValueError as problem:
        raise ValueError("write valid JSON (docs/settings.md shows the shape)") from problem


def _known(kind: str) -> str:
    if kind not in ERPS:
        raise ValueError(f"name one of {', '.join(map(repr, ERPS))}")
    return kind


class _AnyErp(BaseModel):
    kind: Annotated[str, AfterValidator(_known)]


def _erp(value: Any) -> ErpSetting:
    """As the ERP of its `kind` reads it: which fields there are depends on the ERP."""
    given = _from_json(value)
    kind = _AnyErp.model_validate(given).kind
    return registration(kind).setting.model_validate(given)


_NEXT = "\n  - "


class ShopSetting(Json):
    """One shop of a marketplace; `key_secret` is the name of the secret that holds its API key."""

    id: Slug
    shop_id: int
    key_secret: SecretName
    orders_from: AwareDatetime
    company: str = ""
    mode: Mode = "live"


class MarketplaceSetting(Json):
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


class _AppSettings(BaseModel):
    """One field per app setting; the alias is the setting's name."""

    model_config = ConfigDict(frozen=True)

    marketplaces: Annotated[list[MarketplaceSetting], BeforeValidator(_from_json), Field(alias="MARKETPLACES")]
    erp: Annotated[SerializeAsAny[ErpSetting], BeforeValidator(_erp), Field(alias="ERP")]
    poll_orders_schedule: Schedule = Field(alias="POLL_ORDERS_SCHEDULE")
    poll_shipments_schedule: Schedule = Field(alias="POLL_SHIPMENTS_SCHEDULE")
    change_order_schedule: Schedule = Field(alias="CHANGE_ORDER_SCHEDULE")
    watch_schedule: Schedule = Field(alias="WATCH_SCHEDULE")
    http_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = Field(30.0, alias="HTTP_TIMEOUT_SECONDS")
    service_bus: str = Field("", alias="ServiceBusConnection")
    service_bus_namespace: str = Field("", alias="ServiceBusConnection__fullyQualifiedNamespace")
    despatch_files: Annotated[DespatchSetting | None, BeforeValidator(_from_json)] = Field(None, alias="DESPATCH_FILES")
    tables: str = Field("", alias="TABLES_CONNECTION")
    tables_url: OutsideAddress | None = Field(None, alias="TABLES_URL")
    key_vault_url: OutsideAddress | None = Field(None, alias="KEY_VAULT_URL")
    managed_identity: str = Field("", alias="MANAGED_IDENTITY_CLIENT_ID")
    accelerate: Annotated[float, Field(ge=1, le=240)] = Field(1.0, alias="ACCELERATE")
    accelerate_epoch: AwareDatetime | None = Field(None, alias="ACCELERATE_EPOCH")

    @model_validator(mode="after")
    def _together(self) -> _AppSettings:
        problems = _not_unique(self.marketplaces)
        per_shopper = any(one.customers == "per_shopper" for one in self.marketplaces)
        shops = frozenset(shop.id for one in self.marketplaces for shop in one.shops)
        problems += [f"ERP: {one}" for one in self.erp.refused(per_shopper=per_shopper, shops=shops)]
        if self.accelerate != 1 and self.key_vault_url:
            problems.append("ACCELERATE: is for local runs only; remove it where KEY_VAULT_URL is set")
        if problems:
            raise ValueError(_NEXT.join(problems))
        return self


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rest of the bridge gets: shops by slug, the ERP, the policy, and where our own services are."""

    shops: Mapping[str, Shop]
    erp: ErpSetting
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
    despatch_files: DespatchSetting | None = None

    @property
    def policy(self) -> CreationPolicy:
        return self.erp.creation

    @property
    def shipping(self) -> ShippingPolicy:
        return self.erp.shipping

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
        erp=given.erp,
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
        despatch_files=given.despatch_files,
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
