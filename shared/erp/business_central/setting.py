"""The client's Business Central environment and how orders are created in it, as the setting `ERP` tells it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from shared.erp.business_central.configuration import (
    ChannelDimension,
    ChargeLines,
    Configuration,
    Release,
    TrackingFields,
)
from shared.erp.setting import ErpSetting
from shared.model.setting_values import Json, OutsideAddress, Positive, SecretName


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("name a time zone of the IANA list, such as Europe/Paris") from None
    return name


def _path(path: str) -> str:
    """Behind the environment's address."""
    rest = path.replace("'{company_name}'", "").replace("{company}", "")
    if not path[:1].isalnum() or not path.isascii() or any(sign in rest for sign in "{}?# "):
        raise ValueError("write it as ODataV4/Company('{company_name}')/<set> or api/<…>/companies({company})/<set>")
    return path


FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class TrackingSource(Json):
    """Any OData rows with tracking numbers: a page that the client published, or an API page of their own."""

    path: Annotated[str, AfterValidator(_path)]
    order: FieldName
    document: FieldName
    number: FieldName
    url: FieldName | None = None
    carrier: FieldName | None = None
    service: FieldName | None = None

    @property
    def fields(self) -> TrackingFields:
        return TrackingFields(
            path=self.path,
            order=self.order,
            document=self.document,
            number=self.number,
            url=self.url or "",
            carrier=self.carrier or "",
            service=self.service or "",
        )


_NO_SHOPPERS = (
    "customers = per_shopper needs customer_numbers = manual and customer_template = true: have customers numbered by "
    "hand and made from a template with posting groups, and confirm both, or use per_marketplace"
)


class BusinessCentralSetting(ErpSetting):
    kind: Literal["business_central"]
    url: OutsideAddress
    token_url: OutsideAddress
    client_id: str
    client_secret: SecretName
    time_zone: Annotated[str, AfterValidator(_zone)]
    channel_dimension: ChannelDimension
    settle: Positive = timedelta(minutes=20)
    lanes: Annotated[int, Field(ge=1, le=4)] = 4
    release: Release = "client_job"
    release_action: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")] | None = None
    charge_lines: ChargeLines = "item"
    tracking_source: TrackingSource | None = None
    customer_numbers: Literal["manual", "automatic"] = "automatic"
    customer_template: bool = False

    @model_validator(mode="after")
    def _promises(self) -> BusinessCentralSetting:
        if self.hold_until_compared:
            raise ValueError("hold_until_compared: Business Central has no hold; remove it, or leave it false")
        if (self.release == "action") != (self.release_action is not None):
            raise ValueError("release_action names the bound action of release = action; give both or neither")
        return self

    def refused(self, *, per_shopper: bool, shops: frozenset[str]) -> tuple[str, ...]:  # noqa: ARG002 -- an ERP's own
        if not per_shopper or self._takes_shoppers:
            return ()
        return (_NO_SHOPPERS,)

    @property
    def _takes_shoppers(self) -> bool:
        """The API has no field for posting groups, and a customer without them cannot order."""
        return self.customer_numbers == "manual" and self.customer_template

    def configuration(self, timeout_seconds: float) -> Configuration:
        return Configuration(
            url=self.url,
            token_url=self.token_url,
            client_id=self.client_id,
            client_secret=self.client_secret,
            time_zone=ZoneInfo(self.time_zone),
            channel_dimension=self.channel_dimension,
            release=self.release,
            release_action=self.release_action or "",
            charge_lines=self.charge_lines,
            tracking=self.tracking_source.fields if self.tracking_source else None,
            shoppers=self._takes_shoppers,
            settle=self.settle,
            lanes=self.lanes,
            timeout_seconds=timeout_seconds,
        )
