"""The one place that knows the real classes: built once per process, from settings that were checked first."""

from __future__ import annotations

import os

from shared.settings import Settings, load
from shared.wiring import real_parts
from shared.wiring.assembly import Bridge, assemble
from shared.wiring.parts import Parts

__all__ = ["Bridge", "Parts", "assemble", "bridge", "start"]


class _Process:
    """What this process runs on; settings are read once, clients are made when the first trigger needs them."""

    settings: Settings | None = None
    bridge: Bridge | None = None


def start() -> Settings:
    """Read and check the settings. Raises SettingsError naming every setting and its remedy."""
    if _Process.settings is None:
        _Process.settings = load(os.environ)
    return _Process.settings


def bridge() -> Bridge:
    """The process's bridge; must be called inside the event loop that will use it."""
    if _Process.bridge is None:
        settings = start()
        _Process.bridge = assemble(settings, real_parts.real_parts(settings, os.environ).parts)
    return _Process.bridge
