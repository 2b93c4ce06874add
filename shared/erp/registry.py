"""Every ERP that the bridge knows, by the `kind` of the setting `ERP`: one line each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from shared.erp.registration import Registration

ERPS: Mapping[str, str] = {
    "finance_supply_chain": "shared.erp.finance_supply_chain.registration",
    "business_central": "shared.erp.business_central.registration",
    "prima": "shared.erp.prima.registration",
}


def registration(kind: str) -> Registration:
    """Imported only when it is asked for: a client has one ERP. Raises KeyError."""
    found: Registration = import_module(ERPS[kind]).REGISTRATION
    return found
