"""What the platform's operator has switched on (PC01), as far as the bridge depends on it."""

from __future__ import annotations

from typing import Any, cast, get_args

from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import unusable
from shared.model.order import PlatformTaxMode
from shared.ports.marketplace import PlatformConfiguration


class MiraklPlatform:
    """Port `Platform`."""

    def __init__(self, client: MiraklClient) -> None:
        self._client = client

    async def configuration(self) -> PlatformConfiguration:
        """PC01. An unknown tax mode is None: nobody may guess whether prices include tax."""
        content = await self._client.pc01()
        features = _object(content, "features")
        if not features:
            raise unusable("PC01", self._client.shop, "the answer has no features")
        mode = features.get("order_tax_mode")
        acceptance = _object(features, "order_workflows").get("order_acceptance")
        return PlatformConfiguration(
            order_tax_mode=cast("PlatformTaxMode", mode) if mode in get_args(PlatformTaxMode) else None,
            order_acceptance=acceptance if isinstance(acceptance, str) else "",
            multi_shipment=_object(features, "shipment").get("multi_shipment") is True,
            alternative_carriers=features.get("disable_seller_alternative_carrier") is not True,
        )


def _object(content: Any, name: str) -> dict[str, Any]:
    found = content.get(name) if isinstance(content, dict) else None
    return found if isinstance(found, dict) else {}
