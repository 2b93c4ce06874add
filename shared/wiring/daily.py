"""PC01 once a day and shop: the day's row in Table Storage counts for every process, which reads it once."""

from __future__ import annotations

import dataclasses
import json

from shared.model.shop import Shop
from shared.ports.marketplace import Platform, PlatformConfiguration
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
