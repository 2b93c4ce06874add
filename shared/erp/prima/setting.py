"""The client's Prima and how orders are created in it, as the setting `ERP` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from shared.erp.prima.codec.letters import Policy
from shared.erp.prima.configuration import MATRIX, SETTLE, Configuration, DespatchByStatus, Dimension, Payment
from shared.erp.prima.endpoint import TARGET_URI, Basic, Endpoint, Names, unprotected
from shared.erp.prima.order_numbers import overlapping
from shared.erp.prima.quiet_hours import QuietHours
from shared.erp.prima.setting_parts import PaymentSetting, QuietHoursSetting, RangeSetting
from shared.erp.prima.status_words import WORDS, Role
from shared.erp.setting import ErpSetting
from shared.model.sales_order import NumberFormat
from shared.model.setting_values import Positive, SecretName, is_private

_WHY: Mapping[str, str] = {
    "price": "say `unit` or `line`: Prima reads an order line's Price as that of one piece or as that of the whole "
    "line, nothing public tells which, and the wrong one multiplies or divides every order of more than one piece. "
    "Create a held order of two pieces on the test instance (create_held) and look at its amount",
    "vat_inclusive": "say true or false: it has to be what Prima's price books say (another one is E:548 for every "
    "order) and what the marketplaces' prices are; Prima's people see it on the price book",
}
"""What has no default, because no default is safe."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("write a time zone such as Europe/London or UTC") from None
    return name


class PrimaSetting(ErpSetting):
    kind: Literal["prima"]
    settle: Positive = SETTLE
    lanes: Annotated[int, Field(ge=1, le=2)] = 1
    url: str
    plain_http_host: str = ""
    target_uri: str = TARGET_URI
    wsdl: str = ""
    operation: str = ""
    request_part: str = ""
    response_part: str = ""
    company_part: str = ""
    names_company: bool = True
    user: str = ""
    password: SecretName | None = None
    price: Literal["unit", "line"]
    vat_inclusive: bool
    order_numbers: Annotated[dict[str, RangeSetting], Field(min_length=1)]
    impossible_number: str = ""
    unknown_order: str = ""
    reference_in: Literal["CustomerRef", "TPGUID"] = "CustomerRef"
    letters: Policy = "reference"
    lengths: dict[str, int] = Field(default_factory=dict)
    matrix: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=4)] = MATRIX
    unit: str = "pcs"
    order_channel: str = ""
    order_category: str = ""
    source_media: str = ""
    payment: PaymentSetting | None = None
    create_held: bool = False
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    status_words: dict[str, Role] = Field(default_factory=dict)
    despatch_by_status: bool = True
    status_carrier: str = ""
    status_service: str = ""
    status_delivery_mode: str = ""
    minimum_interval: Annotated[timedelta, Field(ge=timedelta(0), le=timedelta(seconds=10))] = timedelta(0)
    quiet_hours: tuple[QuietHoursSetting, ...] = ()
    same_rejections: Annotated[int, Field(ge=2, le=100)] = 5

    @model_validator(mode="before")
    @classmethod
    def _are_chosen(cls, given: Any) -> Any:
        missing = [name for name in _WHY if isinstance(given, Mapping) and name not in given]
        if missing:
            raise ValueError("; ".join(f"{name} is missing: {_WHY[name]}" for name in missing))
        return given

    @model_validator(mode="after")
    def _can_be_used(self) -> PrimaSetting:
        named = urlsplit(self.url).hostname == self.plain_http_host.lower()
        problems = [unprotected(self.url, allowed=named or is_private(self.url))]
        problems += overlapping(self._ranges)
        if bool(self.user) != bool(self.password):
            problems.append("user and password (the name of a secret) are both given, or neither")
        if len(set(self.matrix)) < len(self.matrix):
            problems.append("matrix names a dimension twice")
        if found := "; ".join(filter(None, problems)):
            raise ValueError(found)
        return self

    def refused(self, *, per_shopper: bool, shops: frozenset[str]) -> tuple[str, ...]:  # noqa: ARG002 -- Prima can
        without = sorted(shops - self.order_numbers.keys())
        problems = [
            f"order_numbers has no range for the shop {shop}; add one that nobody else uses" for shop in without
        ]
        if self.hold_until_compared:
            problems.append("hold_until_compared: Prima shows no totals and lets no order go; remove it")
        return tuple(problems)

    @property
    def _ranges(self) -> dict[str, NumberFormat]:
        return {shop: NumberFormat(one.prefix, one.digits, one.first) for shop, one in self.order_numbers.items()}

    def configuration(self, timeout_seconds: float) -> Configuration:
        zone = ZoneInfo(self.time_zone)
        return Configuration(
            endpoint=self._endpoint(timeout_seconds),
            company=self.company,
            price=self.price,
            vat_inclusive=self.vat_inclusive,
            ranges=self._ranges,
            names_company=self.names_company,
            settle=self.settle,
            lanes=self.lanes,
            minimum_interval=self.minimum_interval,
            quiet_hours=tuple(QuietHours(one.begins, one.ends, zone) for one in self.quiet_hours),
            same_rejections=self.same_rejections,
            impossible_number=self.impossible_number,
            unknown_order=self.unknown_order,
            reference_in=self.reference_in,
            letters=self.letters,
            matrix=self.matrix,
            unit=self.unit,
            order_channel=self.order_channel,
            order_category=self.order_category,
            source_media=self.source_media,
            payment=Payment(**self.payment.model_dump()) if self.payment else None,
            create_held=self.create_held,
            zone=zone,
            lengths=self.lengths,
            words={**WORDS, **self.status_words},
            despatch=self._despatch,
        )

    def _endpoint(self, timeout_seconds: float) -> Endpoint:
        return Endpoint(
            url=self.url,
            target_uri=self.target_uri,
            names=Names(self.operation, self.request_part, self.response_part, self.company_part),
            pinned_wsdl=self.wsdl,
            authorization=Basic(self.user, self.password) if self.password else None,
            timeout_seconds=timeout_seconds,
        )

    @property
    def _despatch(self) -> DespatchByStatus | None:
        told = DespatchByStatus(self.status_carrier, self.status_service, self.status_delivery_mode)
        return told if self.despatch_by_status else None
