"""What the environment of `make run` says about the day."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from local.demo.demo_erp import DemoErp
from local.demo.erps import named
from local.sabotage import SABOTAGES


@dataclass(frozen=True, slots=True)
class Options:
    erp: DemoErp
    seed: int
    sabotage: str = ""
    stay: bool = False
    fast: bool = False
    faults: bool = True

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Options:
        """Raises ValueError naming the variable and what it may hold."""
        seed = environment.get("SEED", "") or str(random.randrange(1, 10_000))
        if not seed.isdigit():
            raise ValueError(f"SEED={seed}: write a whole number")
        sabotage = environment.get("SABOTAGE", "")
        if sabotage and sabotage not in SABOTAGES:
            raise ValueError(f"SABOTAGE={sabotage}: choose one of {', '.join(SABOTAGES)}")
        erp = named(environment.get("ERP", ""))
        if sabotage in erp.pointless:
            raise ValueError(f"SABOTAGE={sabotage} shows nothing with ERP={erp.kind}: {erp.pointless[sabotage]}")
        return cls(
            erp=erp,
            seed=int(seed),
            sabotage=sabotage,
            stay=environment.get("STAY", "") == "1",
            fast=environment.get("FAST", "") == "1",
            faults=environment.get("FAULTS", "") != "0",
        )

    @property
    def again(self) -> str:
        """What plays this day once more."""
        fast = " FAST=1" if self.fast else ""
        return f"SEED={self.seed}{fast} ERP={self.erp.kind}"
