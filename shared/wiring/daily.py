"""PC01 and SH21 once a day and shop: the day's row in Table Storage counts for every process, which reads it once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import timedelta

from shared.errors import Throttled, Transient, Unavailable
from shared.model.shipment import RegisteredCarrier
from shared.model.shop import Shop
from shared.ports.marketplace import MarketplaceLists, Platform, PlatformConfiguration
from shared.ports.own import Lists

SOON = timedelta(minutes=15)
"""When to look again for the day's list, where another process may be reading it."""


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
            return _carriers(kept)
        try:
            carriers = await self._real.carriers()
        except (Throttled, Unavailable) as problem:
            return await self._known(problem)
        await self._lists.save(self._name, json.dumps([dataclasses.asdict(one) for one in carriers]))
        return carriers

    async def _known(self, problem: Transient) -> Sequence[RegisteredCarrier]:
        """Mirakl counts a day from call to call: where it has been called already, its last list stands for the day.

        An answer that is lost counts as a call, too; without any list parcels wait, but not for a day at once.
        """
        if (kept := await self._lists.load(self._name) or await self._lists.last(self._name)) is None:
            wait = min(problem.retry_after or SOON, SOON)
            kind = Throttled if isinstance(problem, Throttled) else Unavailable  # a refusal asks for more than a text
            raise kind(str(problem), scope=problem.scope, retry_after=wait) from problem
        if isinstance(problem, Throttled):
            await self._lists.save(self._name, kept)
        return _carriers(kept)


def _carriers(kept: str) -> Sequence[RegisteredCarrier]:
    return tuple(RegisteredCarrier(**one) for one in json.loads(kept))
