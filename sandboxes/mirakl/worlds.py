"""Ready-made worlds: the trading day's two marketplaces, and a small one for tests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sandboxes.mirakl.offer_terms import Catalogue, WantedOffer
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.shops import ORDER_ACCEPT, ORDER_READ, SHOP_ADMIN, ApiKey, Shop
from sandboxes.mirakl.wishes import Mix, Placement
from sandboxes.mirakl.world import World

NORTH_KEY, NORTH_OUTLET_KEY, SOUTH_KEY = "sandbox-key-north", "sandbox-key-north-outlet", "sandbox-key-south"


def demo(
    epoch: datetime,
    *,
    earlier: int = 3,
    window: timedelta = timedelta(hours=24),
    seed: int = 1,
    multi_shipment: Collection[str] = (),
    offers: bool = False,
    synthetic: int = 0,
) -> World:
    """Two marketplaces, three shops: `north` (EUR, taxes included) with two shops, one under a key of its own, and
    `south` (GBP, taxes excluded, registered carriers only). `multi_shipment` names those that allow it. Each shop
    has `earlier` orders that wait since an hour before the day: whoever goes live at the epoch has to leave them alone.
    With `offers` each shop sells by offers of the skus that shoppers draw from, and of `synthetic` more.
    """
    north = Platform(
        code="north", name="Sandbox North", order_tax_mode="TAX_INCLUDED", acceptance_window=window,
        debit_delay=timedelta(minutes=5), multi_shipment="north" in multi_shipment,
    )  # fmt: skip
    south = Platform(
        code="south", name="Sandbox South", order_tax_mode="TAX_EXCLUDED", acceptance_window=window,
        debit_delay=timedelta(minutes=10), order_taxes="aggregated", error_shape="errors",
        timezone="Europe/London", multi_shipment="south" in multi_shipment, alternative_carriers=False,
    )  # fmt: skip
    shops = (
        Shop(platform="north", id=2001, name="Sandbox North main", currency="EUR", country="FRA"),
        Shop(platform="north", id=2002, name="Sandbox North outlet", currency="EUR", country="DEU"),
        Shop(platform="south", id=2001, name="Sandbox South", currency="GBP", country="GBR", partial_acceptance=False),
    )
    return World(
        platforms=(north, south),
        shops=shops,
        keys=(
            ApiKey(platform="north", key=NORTH_KEY, shops=(2001,)),
            ApiKey(platform="north", key=NORTH_OUTLET_KEY, shops=(2002,)),
            ApiKey(platform="south", key=SOUTH_KEY, shops=(2001,)),
        ),
        earlier=tuple(
            Placement(shop=shop.label, count=earlier, seed=seed + number, at=epoch - timedelta(hours=1))
            for number, shop in enumerate(shops)
        ),
        catalogues=tuple(sample_catalogue(shop.label, synthetic) for shop in shops) if offers else (),
        seed=seed,
    )


def sample_catalogue(shop: str, synthetic: int = 0, quantity: int = 10) -> Catalogue:
    """An offer for every sku of drawn orders."""
    wanted = tuple(WantedOffer(sku=sku, quantity=quantity) for sku in Mix().skus)
    return Catalogue(shop=shop, offers=wanted, synthetic=synthetic, quantity=quantity)


def small(*, multi_shipment: bool = False) -> World:
    """One instance, two shops: an administrator's key for both (2001 is its default shop), one that may only read,
    one that may only accept."""
    return World(
        platforms=(Platform(code="north", order_tax_mode="TAX_INCLUDED", limits={}, multi_shipment=multi_shipment),),
        shops=(Shop(platform="north", id=2001), Shop(platform="north", id=2002, partial_acceptance=False)),
        keys=(
            ApiKey(platform="north", key="key-admin", shops=(2001, 2002), roles=(SHOP_ADMIN,)),
            ApiKey(platform="north", key="key-reader", shops=(2001,), roles=(ORDER_READ,)),
            ApiKey(platform="north", key="key-accepter", shops=(2001,), roles=(ORDER_ACCEPT,)),
        ),
    )
