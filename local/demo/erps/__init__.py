"""The ERPs that the demo's client may have, by the `kind` of the setting `ERP`; the first is the default."""

from __future__ import annotations

from collections.abc import Mapping

from local.demo.demo_erp import DemoErp
from local.demo.erps.business_central import BUSINESS_CENTRAL
from local.demo.erps.finance_supply_chain import FINANCE_SUPPLY_CHAIN
from local.demo.erps.prima import PRIMA

__all__ = ["BUSINESS_CENTRAL", "ERPS", "FINANCE_SUPPLY_CHAIN", "PRIMA", "named"]

ERPS: Mapping[str, DemoErp] = {one.kind: one for one in (FINANCE_SUPPLY_CHAIN, BUSINESS_CENTRAL, PRIMA)}


def named(kind: str) -> DemoErp:
    """The first where no name is given. Raises ValueError with the choices."""
    if not kind:
        return FINANCE_SUPPLY_CHAIN
    if kind not in ERPS:
        raise ValueError(f"ERP={kind}: choose one of {', '.join(ERPS)}")
    return ERPS[kind]
