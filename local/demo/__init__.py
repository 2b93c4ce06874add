"""The made-up client of the trading day and the simulation: its settings and its mapping tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

MAPPINGS = Path(__file__).parent / "mappings"
LATE = Path(__file__).parent / "late"
"""Rows that are missing in `MAPPINGS` until somebody adds them."""
PREFIXES = {"north": "NO", "south": "SO"}
SHOPS = {"north/2001": "north-main", "north/2002": "north-outlet", "south/2001": "south-main"}
"""The sandbox's shops and the slugs that the client gave them."""
ERP_WORLD = {
    "countries": {"SWE": "SE", "POL": "PL", "JPN": "JP"},
    "tax_rates": {"GST050": "5", "PST070": "7"},
    "companies": {
        "usmf": {
            "tax_groups": {"GSTPST": ["GST050", "PST070"]},
            "item_tax_groups": {"GSTPST": ["GST050", "PST070"]},
        }
    },
}
"""What the sandbox ERP has set up besides its own demonstration."""

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
"""What each of the ERP's carriers is called on each marketplace, once everything is mapped (south: `LATE`)."""
UNTRACKED = frozenset({"LETTER"})
UNMAPPED = ("south", "CARRIER-2")
"""The marketplace and the ERP's carrier whose row is in `LATE`."""


def settings(
    *,
    mirakl: str,
    erp: str,
    epoch: datetime,
    windows: dict[str, timedelta],
    accelerate: float = 1.0,
    timeout: float = 30,
    erp_terms: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, str]:
    """App settings for these two addresses; go-live is the epoch. `erp_terms` are more fields of `ERP`."""
    return {
        "MARKETPLACES": json.dumps([_marketplace(name, mirakl, epoch, windows[name]) for name in PREFIXES]),
        "ERP": json.dumps(
            {
                "kind": "finance_supply_chain",
                "url": erp,
                "token_url": f"{erp}/sandbox-tenant/oauth2/v2.0/token",
                "client_id": "11111111-1111-1111-1111-111111111111",
                "client_secret": "dynamics-client-secret",
                "company": "usmf",
                **erp_terms,
            }
        ),
        "POLL_ORDERS_SCHEDULE": "0 * * * * *",
        "POLL_SHIPMENTS_SCHEDULE": "30 */5 * * * *",
        "CHANGE_ORDER_SCHEDULE": "15 */30 * * * *",
        "WATCH_SCHEDULE": "30 */2 * * * *",
        "HTTP_TIMEOUT_SECONDS": str(timeout),
        "ACCELERATE": str(accelerate),
        "ACCELERATE_EPOCH": epoch.isoformat(),
        "SECRET_DYNAMICS_CLIENT_SECRET": "sandbox-secret",
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
