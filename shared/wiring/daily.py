"""PC01 and SH21 once a day and shop: the day's row in Table Storage counts for every process, which reads it once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from shared.model.shipment import RegisteredCarrier
from shared.model.shop import Shop
from shared.ports.marketplace import MarketplaceLists, Platform, PlatformConfiguration
from shared.ports.own import Lists


class DailyPlatform:
    def __init__(self, platform: Platform, shop: Shop, lists: Lists) -> None:
        self._platform, self._lists, self._name = platform, lists, f"PC01|{shop.id}"

    async def configuration(self) -> PlatformConfiguration:
        if (kept := await self._lists.load(self._name)) is not None:
            return PlatformConfiguration(**json.loads(kept))
        configuration = await self._platform.configuration()
        await self._lists.save(self._name, json.dumps(dataclasses.asdict(configuration)))
        return configuration


class DailyCarriers:
    """The port `Carriers`."""

    def __init__(self, real: MarketplaceLists, shop: Shop, lists: Lists) -> None:
        self._real, self._lists, self._name = real, lists, f"SH21|{shop.id}"

    async def registered(self) -> Sequence[RegisteredCarrier]:
        if (kept := await self._lists.load(self._name)) is not None:
            return tuple(RegisteredCarrier(**one) for one in json.loads(kept))
        carriers = await self._real.carriers()
        await self._lists.save(self._name, json.dumps([dataclasses.asdict(one) for one in carriers]))
        return carriers
