"""Each ERP as the simulation has it; a day's seed says whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from local.demo import BY_STATUS
from local.demo.erps import BUSINESS_CENTRAL, FINANCE_SUPPLY_CHAIN, PRIMA
from local.demo.erps.prima import files
from sandboxes.business_central import worlds as central_worlds
from sandboxes.business_central.controls import controls as central_controls
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.finance_supply_chain import worlds as finance_worlds
from sandboxes.finance_supply_chain.controls import controls as finance_controls
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from sandboxes.prima import worlds as prima_worlds
from sandboxes.prima.controls import controls as prima_controls
from sandboxes.prima.sandbox import Prima
from tests.simulation.far_end import FarEnd, Installed

if TYPE_CHECKING:
    from tests.simulation.world import Choices


def _finance(world: Mapping[str, Any]) -> Installed:
    sandbox = FinanceSupplyChain(finance_worlds.overridden(finance_worlds.demo(), world))
    return sandbox, finance_controls(sandbox)


def _central(world: Mapping[str, Any]) -> Installed:
    sandbox = BusinessCentral(central_worlds.overridden(central_worlds.demo(), world))
    return sandbox, central_controls(sandbox)


def _prima(world: Mapping[str, Any]) -> Installed:
    sandbox = Prima(prima_worlds.overridden(prima_worlds.demo(), world))
    return sandbox, prima_controls(sandbox)


def _by_hand(choices: Choices) -> Mapping[str, object]:
    return {"number_sequence": {"derived": "manual", "automatic": "automatic"}[choices.order_numbers]}


def _by_status(choices: Choices) -> Mapping[str, object]:
    told = {"despatch_by_status": True, "status_carrier": BY_STATUS, "untracked": "ship"}
    return told if choices.by_status else {}


_FINANCE = FarEnd(
    FINANCE_SUPPLY_CHAIN,
    _finance,
    calls=("batch", "batch", "create", "read", "read", "update", "delete", "*"),
    setting=lambda choices: {"order_numbers": choices.order_numbers, "cancellation": choices.cancellation},
    world=_by_hand,
    places=lambda choices: "create" if choices.order_numbers == "automatic" else "batch",
    doubled=lambda choices: "create" if choices.order_numbers == "automatic" else "",
)
_CENTRAL = FarEnd(
    BUSINESS_CENTRAL,
    _central,
    calls=("create", "create", "batch", "batch", "read", "read", "update", "delete", "tracking", "*"),
    kinds=("unavailable_after", "gateway_after"),
    setting=lambda choices: {"cancellation": choices.cancellation},
    doubled=lambda _: "create",
)
_PRIMA = FarEnd(
    PRIMA,
    _prima,
    calls=("order", "order", "order", "status", "status", "*"),
    kinds=(
        "fault_10893_before",
        "fault_10893_after",
        "fault_10921_before",
        "fault_10921_after",
        "another_order",
        "broken_status",
        "dev_mode",
        "cut_inside",
    ),
    places=lambda _: "order",
    setting=_by_status,
    app=lambda choices: {} if choices.by_status else {"DESPATCH_FILES": files("in memory")},
)
FAR_ENDS: Mapping[str, FarEnd] = {one.demo.kind: one for one in (_FINANCE, _CENTRAL, _PRIMA)}


def in_turn(seed: int) -> str:
    return tuple(FAR_ENDS)[seed % len(FAR_ENDS)]
