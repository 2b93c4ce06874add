"""The part of host.json that this host obeys."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from local.host.settings import SettingsProblem

_OVERRIDE = "AzureFunctionsJobHost__extensions__serviceBus__"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Defaults are those of the Service Bus extension 5.x; all of them count per process."""

    max_concurrent_calls: int
    max_concurrent_sessions: int = 8
    max_auto_lock_renewal: timedelta = timedelta(minutes=5)
    session_idle: timedelta = timedelta(seconds=60)
    route_prefix: str = "api"


def read(app: Path, settings: Mapping[str, str]) -> Configuration:
    """From `host.json`, each Service Bus option overridable by its `AzureFunctionsJobHost__…` setting.

    Raises SettingsProblem, also for what the app could rely on and this host does not do.
    """
    try:
        content = json.loads((app / "host.json").read_text())
    except (OSError, ValueError):
        raise SettingsProblem("host.json: missing, or not valid JSON") from None
    extensions = content.get("extensions", {})
    options = {**extensions.get("serviceBus", {}), **_overrides(settings)}
    if str(options.get("autoCompleteMessages", True)).lower() != "true" or int(options.get("prefetchCount", 0)):
        raise SettingsProblem("host.json: this host knows autoCompleteMessages true and prefetchCount 0 only")
    return Configuration(
        max_concurrent_calls=_count(options, "maxConcurrentCalls", 16 * (os.cpu_count() or 1)),
        max_concurrent_sessions=_count(options, "maxConcurrentSessions", 8),
        max_auto_lock_renewal=_span(options, "maxAutoLockRenewalDuration", timedelta(minutes=5)),
        session_idle=_span(options, "sessionIdleTimeout", timedelta(seconds=60)),
        route_prefix=extensions.get("http", {}).get("routePrefix", "api").strip("/"),
    )


def _overrides(settings: Mapping[str, str]) -> Mapping[str, str]:
    return {name.removeprefix(_OVERRIDE): value for name, value in settings.items() if name.startswith(_OVERRIDE)}


def _count(options: Mapping[str, Any], name: str, default: int) -> int:
    written = str(options.get(name, default))
    if not written.isdigit() or int(written) < 1:
        raise SettingsProblem(f"host.json: {name} must be a whole number from 1")
    return int(written)


def _span(options: Mapping[str, Any], name: str, default: timedelta) -> timedelta:
    """A .NET time span: `[d.]hh:mm:ss`."""
    if name not in options:
        return default
    found = re.fullmatch(r"(?:(\d+)\.)?(\d+):(\d+):(\d+)", str(options[name]))
    if found is None:
        raise SettingsProblem(f"host.json: {name} must be written hh:mm:ss")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
