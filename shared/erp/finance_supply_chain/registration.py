"""Finance & Supply Chain, as the registry knows it."""

from __future__ import annotations

from shared.erp.finance_supply_chain.capabilities import TITLE, capabilities
from shared.erp.finance_supply_chain.connect import open_erp
from shared.erp.finance_supply_chain.setting import FinanceSupplyChainSetting
from shared.erp.registration import Registration
from shared.erp.surroundings import Surroundings
from shared.model.sales_order import Capabilities
from shared.ports.erp import Erp


def _capabilities(setting: FinanceSupplyChainSetting) -> Capabilities:
    return capabilities(setting.configuration(timeout_seconds=0))


def _open(setting: FinanceSupplyChainSetting, around: Surroundings) -> Erp:
    return open_erp(setting.configuration(around.timeout_seconds), around)


REGISTRATION = Registration(TITLE, FinanceSupplyChainSetting, _capabilities, _open)
