"""Dynamics 365 Business Central, as the demo's client has it: a job releases orders, a page shows tracking numbers."""

from __future__ import annotations

from local.demo.demo_erp import DemoErp


def _setting(address: str) -> dict[str, object]:
    return {
        "kind": "business_central",
        "url": f"{address}/v2.0/sandbox-tenant/production",
        "token_url": f"{address}/sandbox-tenant/oauth2/v2.0/token",
        "client_id": "11111111-1111-1111-1111-111111111111",
        "client_secret": "dynamics-client-secret",
        "company": "CRONUS",
        "time_zone": "Europe/Paris",
        "channel_dimension": "shortcut_1",
        "release": "client_job",
        "customer_numbers": "manual",
        "customer_template": True,
        "tracking_source": {
            "path": "ODataV4/Company('{company_name}')/PostedSalesShipments",
            "order": "Order_No",
            "document": "No",
            "number": "Package_Tracking_No",
            "carrier": "Shipping_Agent_Code",
            "service": "Shipping_Agent_Service_Code",
        },
    }


BUSINESS_CENTRAL = DemoErp(
    kind="business_central",
    title="Business Central",
    setting=_setting,
    secrets={"SECRET_DYNAMICS_CLIENT_SECRET": "sandbox-secret"},
    place="create",
    look_up="batch",
    reads=("read", "tracking"),
    slip="posted shipment",
    world={"releases_after_seconds": 120, "invoices_after_seconds": 1800},
    day={"tracking_within": "PT30M"},
    pointless={"number": "the ERP draws the numbers: whatever we say is not asked for"},
    lost=("unavailable_after", "gateway_after"),
    references="upper case",
    vanishing=True,
    lacks={"price_book": "no price book has a VAT flag that every order must repeat"},
)
