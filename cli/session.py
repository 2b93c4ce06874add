"""What every command needs: the bridge of these settings, for as long as the command runs."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shared.errors import SettingsError
from shared.settings import Settings, load
from shared.wiring import Bridge, assemble
from shared.wiring.real_parts import RealParts, real_parts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session:
    settings: Settings
    environment: Mapping[str, str]
    who: str

    @classmethod
    def open(cls, path: str | None, who: str) -> Session:
        environment = {**os.environ, **(_values(path) if path else {})}
        return cls(load(environment), environment, who or getpass.getuser())

    def run(self, work: Callable[[Bridge, RealParts], Awaitable[T]]) -> T:
        async def whole() -> T:
            parts = real_parts(self.settings, self.environment)
            try:
                return await work(assemble(self.settings, parts.parts), parts)
            finally:
                await parts.close()

        return asyncio.run(whole())


def _values(path: str) -> dict[str, str]:
    try:
        content = json.loads(Path(path).read_text())
        return {name: str(value) for name, value in content["Values"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise SettingsError(
            f"{path}: is not a settings file; it holds one object 'Values' of name and text"
        ) from problem
