"""Prima, as the registry knows it."""

from __future__ import annotations

from shared.erp.prima.capabilities import TITLE, capabilities
from shared.erp.prima.setting import PrimaSetting
from shared.erp.registration import Registration
from shared.erp.surroundings import Surroundings
from shared.model.sales_order import Capabilities
from shared.ports.erp import Erp


def _capabilities(setting: PrimaSetting) -> Capabilities:
    return capabilities(setting.configuration(timeout_seconds=0))


def _open(setting: PrimaSetting, around: Surroundings) -> Erp:
    # lxml and zeep stay out of every process that only reads the settings.
    from shared.erp.prima.connect import open_erp

    return open_erp(setting.configuration(around.timeout_seconds), around)


REGISTRATION = Registration(TITLE, PrimaSetting, _capabilities, _open)
