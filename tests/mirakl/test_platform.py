"""What PC01 says, and what it leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Unavailable
from shared.mirakl.platform import MiraklPlatform
from shared.ports.marketplace import Platform, PlatformConfiguration
from tests.mirakl.far_end import FarEnd, answering, client_of


def platform(far_end: FarEnd) -> Platform:
    return MiraklPlatform(client_of(far_end))


def features(**changes: Any) -> dict[str, Any]:
    whole = {
        "order_tax_mode": "TAX_INCLUDED",
        "order_workflows": {"order_acceptance": "NOT_AUTOMATIC"},
        "shipment": {"multi_shipment": True},
    }
    return {"features": whole | changes, "platform_name": "North"}


def carriers(disabled: Any) -> dict[str, Any]:
    return features(disable_seller_alternative_carrier=disabled)


@pytest.mark.parametrize(
    ("content", "configuration"),
    [
        (features(), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", multi_shipment=True)),
        (features(order_tax_mode="TAX_EXCLUDED"), PlatformConfiguration("TAX_EXCLUDED", "NOT_AUTOMATIC", True)),
        (features(order_tax_mode="TAX_NEW"), PlatformConfiguration(None, "NOT_AUTOMATIC", True)),
        (features(order_tax_mode=None), PlatformConfiguration(None, "NOT_AUTOMATIC", True)),
        (features(order_tax_mode=["TAX_INCLUDED"]), PlatformConfiguration(None, "NOT_AUTOMATIC", True)),
        (features(order_workflows={"order_acceptance": "NEW"}), PlatformConfiguration("TAX_INCLUDED", "NEW", True)),
        (features(order_workflows=None), PlatformConfiguration("TAX_INCLUDED", "", True)),
        (features(shipment={"multi_shipment": None}), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", False)),
        (features(shipment="none"), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", False)),
        (carriers(True), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", True, alternative_carriers=False)),
        (carriers(False), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", True, alternative_carriers=True)),
        (carriers(None), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", True, alternative_carriers=True)),
        (carriers("NEW"), PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", True, alternative_carriers=True)),
    ],
)
async def test_the_configuration(content: Any, configuration: PlatformConfiguration) -> None:
    assert await platform(answering(content)).configuration() == configuration


@pytest.mark.parametrize("content", [{}, [], None, {"features": None}, {"features": {}}, {"message": "Maintenance"}])
async def test_an_answer_without_features_is_none(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await platform(answering(content)).configuration()
    assert raised.value.scope == "shop:north-de:PC01"
