"""Dynamics 365 Finance & Supply Chain, as the demo's client has it."""

from __future__ import annotations

from local.demo.demo_erp import DemoErp

_WORLD = {
    "countries": {"SWE": "SE", "POL": "PL", "JPN": "JP"},
    "tax_rates": {"GST050": "5", "PST070": "7"},
    "companies": {
        "usmf": {
            "tax_groups": {"GSTPST": ["GST050", "PST070"]},
            "item_tax_groups": {"GSTPST": ["GST050", "PST070"]},
        }
    },
}


def _setting(address: str) -> dict[str, object]:
    return {
        "kind": "finance_supply_chain",
        "url": address,
        "token_url": f"{address}/sandbox-tenant/oauth2/v2.0/token",
        "client_id": "11111111-1111-1111-1111-111111111111",
        "client_secret": "dynamics-client-secret",
        "company": "usmf",
    }


FINANCE_SUPPLY_CHAIN = DemoErp(
    kind="finance_supply_chain",
    title="Finance & Supply Chain",
    setting=_setting,
    secrets={"SECRET_DYNAMICS_CLIENT_SECRET": "sandbox-secret"},
    place="batch",
    look_up="read",
    reads=("read",),
    slip="packing slip",
    world=_WORLD,
    day={"tracking_within": "PT30M", "lanes": 4},
    numbers="reference",
    holds=True,
    lacks={"price_book": "no price book has a VAT flag that every order must repeat"},
)
