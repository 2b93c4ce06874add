"""What an ERP's folder offers to whoever knows it by its `kind` only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.erp.setting import ErpSetting
from shared.erp.surroundings import Surroundings
from shared.model.sales_order import Capabilities
from shared.ports.erp import Erp


@dataclass(frozen=True, slots=True)
class Registration:
    """`setting` is what stands in `ERP`; `capabilities` and `open` take one of it. `open` raises SettingsError."""

    title: str
    setting: type[ErpSetting]
    capabilities: Callable[[Any], Capabilities]
    open: Callable[[Any, Surroundings], Erp]
