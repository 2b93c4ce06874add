"""The made-up client of the trading day and the simulation: its settings and its mapping tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from local.demo.demo_erp import DemoErp
from local.verdict import Client
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.world import World

_MAPPINGS = Path(__file__).parent / "mappings"
_LATE = Path(__file__).parent / "late"
PREFIXES = {"north": "NO", "south": "SO"}
SHOPS = {"north/2001": "north-main", "north/2002": "north-outlet", "south/2001": "south-main"}
"""The sandbox's shops and the slugs that the client gave them."""

_MINUTE = 60
WAREHOUSE: dict[str, object] = {
    "ships_after_seconds": 15 * _MINUTE,
    "ships_spread_seconds": 30 * _MINUTE,
    "picked_seconds": 4 * _MINUTE,
    "looks_again_seconds": 5 * _MINUTE,
    "partial_share": 0.15,
    "rest_after_seconds": 20 * _MINUTE,
    "unknown_carrier_share": 0.08,
    "letter_share": 0.08,
    "tracking": {"with": 0.55, "after": 0.35, "late": 0.01, "never": 0.005, "changed": 0.085},
    "tracking_after_seconds": 20 * _MINUTE,
    "late_tracking_seconds": 40 * _MINUTE,
    "changed_after_seconds": 25 * _MINUTE,
    "two_numbers_share": 0.05,
}
"""How the sandbox ERP's warehouse ships: most parcels within the hour, a few in parts, with late numbers or none."""
CARRIERS = {
    ("north", "CARRIER-1"): "CA1",
    ("north", "CARRIER-2"): "Carrier Two",
    ("north", "LETTER"): "LTR",
    ("south", "CARRIER-1"): "CA1",
    ("south", "CARRIER-2"): "CA2",
    ("south", "LETTER"): "LTR",
}
"""What each of the ERP's carriers is called on each marketplace, once everything is mapped (south: see `late_file`)."""
BY_STATUS = "LETTER"
"""The carrier of whatever left where nothing but the order's status tells: nobody has a tracking number."""
UNTRACKED = frozenset({"LETTER"})
UNMAPPED = ("south", "CARRIER-2")
"""The marketplace and the ERP's carrier whose row comes late."""


def mapping_file(erp: DemoErp, table: str) -> Path:
    """The ERP's own table where it needs one."""
    own = _MAPPINGS / erp.kind / f"{table}.csv"
    return own if own.exists() else _MAPPINGS / f"{table}.csv"


def late_file(erp: DemoErp, table: str) -> Path:
    """Rows that are missing in the table until somebody adds them."""
    own = _LATE / erp.kind / f"{table}.csv"
    return own if own.exists() else _LATE / f"{table}.csv"


def platforms(world: World, erp: DemoErp) -> Sequence[Platform]:
    """Mirakl's platforms, whose prices the ERP can take."""
    if erp.tax_mode == "each its own":
        return world.platforms
    return [replace(one, order_tax_mode=erp.tax_mode) for one in world.platforms]


def client(
    erp: DemoErp,
    *,
    live_from: datetime,
    patience: timedelta = timedelta(0),
    per_shopper: Set[str] = frozenset(),
    by_status: bool = False,
) -> Client:
    """What the judge is told of this client. `by_status`: its ERP shows no shipping documents, and none are dropped."""
    return Client(
        PREFIXES,
        SHOPS,
        live_from,
        patience=patience,
        carriers=CARRIERS,
        untracked=UNTRACKED,
        per_shopper=frozenset(per_shopper),
        place=erp.place,
        references=erp.references,
        vanishing=erp.vanishing,
        lists_shipments=erp.lists_shipments,
        by_status=BY_STATUS if by_status else "",
        found_by=erp.look_up if erp.accounts == "told once" else "",
    )


def settings(
    erp: DemoErp,
    *,
    mirakl: str,
    address: str,
    epoch: datetime,
    windows: dict[str, timedelta],
    accelerate: float = 1.0,
    timeout: float = 30,
    terms: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, str]:
    """App settings for Mirakl and the ERP at `address`; go-live is the epoch. `terms` are more fields of `ERP`."""
    return {
        "MARKETPLACES": json.dumps([_marketplace(name, mirakl, epoch, windows[name]) for name in PREFIXES]),
        "ERP": json.dumps({**erp.setting(address), **terms}),
        "POLL_ORDERS_SCHEDULE": "0 * * * * *",
        "POLL_SHIPMENTS_SCHEDULE": "30 */5 * * * *",
        "CHANGE_ORDER_SCHEDULE": "15 */30 * * * *",
        "WATCH_SCHEDULE": "30 */2 * * * *",
        "HTTP_TIMEOUT_SECONDS": str(timeout),
        "ACCELERATE": str(accelerate),
        "ACCELERATE_EPOCH": epoch.isoformat(),
        **erp.secrets,
        "SECRET_MIRAKL_NORTH_MAIN": "sandbox-key-north",
        "SECRET_MIRAKL_NORTH_OUTLET": "sandbox-key-north-outlet",
        "SECRET_MIRAKL_SOUTH_MAIN": "sandbox-key-south",
    }


def _marketplace(name: str, mirakl: str, epoch: datetime, window: timedelta) -> dict[str, object]:
    return {
        "id": name,
        "prefix": PREFIXES[name],
        "url": f"{mirakl}/{name}",
        "acceptance_window": f"PT{int(window.total_seconds())}S",
        "tax_source": "mirakl",
        "tax_liability": {"*": "seller"},
        "or11_minimum_interval": "PT1M",
        "limit_scope": "key",
        "export_above": 400,
        "shops": [
            {
                "id": slug,
                "shop_id": int(label.split("/")[1]),
                "key_secret": f"mirakl-{slug}",
                "orders_from": epoch.isoformat(),
            }
            for label, slug in SHOPS.items()
            if label.startswith(name + "/")
        ],
    }
