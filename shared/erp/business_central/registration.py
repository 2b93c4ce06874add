"""Business Central, as the registry knows it."""

from __future__ import annotations

from shared.erp.business_central.capabilities import TITLE, capabilities
from shared.erp.business_central.connect import open_erp
from shared.erp.business_central.setting import BusinessCentralSetting
from shared.erp.registration import Registration
from shared.erp.surroundings import Surroundings
from shared.model.sales_order import Capabilities
from shared.ports.erp import Erp


def _capabilities(setting: BusinessCentralSetting) -> Capabilities:
    return capabilities(setting.configuration(timeout_seconds=0))


def _open(setting: BusinessCentralSetting, around: Surroundings) -> Erp:
    return open_erp(setting.configuration(around.timeout_seconds), around)


REGISTRATION = Registration(TITLE, BusinessCentralSetting, _capabilities, _open)
