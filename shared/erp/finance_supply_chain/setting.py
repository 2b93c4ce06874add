"""The client's Finance & Supply Chain environment and how orders are created in it, as the setting `ERP` tells it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from shared.erp.finance_supply_chain.configuration import DEFAULT_LENGTHS, Configuration
from shared.erp.setting import ErpSetting
from shared.model.setting_values import OutsideAddress, SecretName
from shared.model.shipment import ShippedWhen


class FinanceSupplyChainSetting(ErpSetting):
    kind: Literal["finance_supply_chain"]
    url: OutsideAddress
    token_url: OutsideAddress
    client_id: str
    client_secret: SecretName
    order_numbers: Literal["derived", "automatic"] = "derived"
    lengths: dict[str, int] = Field(default_factory=dict)
    delivery_note_field: str = "DeliveryAddressDescription"
    shipped_when: ShippedWhen = "packing_slip"

    @model_validator(mode="after")
    def _promises(self) -> FinanceSupplyChainSetting:
        field = self.delivery_note_field
        if field and field not in {**DEFAULT_LENGTHS, **self.lengths}:
            raise ValueError(f"delivery_note_field {field!r} has no length; add it to lengths")
        return self

    def configuration(self, timeout_seconds: float) -> Configuration:
        return Configuration(
            url=self.url,
            token_url=self.token_url,
            client_id=self.client_id,
            client_secret=self.client_secret,
            order_numbers=self.order_numbers,
            shipped_when=self.shipped_when,
            settle=self.settle,
            lanes=self.lanes,
            timeout_seconds=timeout_seconds,
            lengths=self.lengths,
            delivery_note_field=self.delivery_note_field,
        )
