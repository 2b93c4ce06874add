"""App settings as the host hands them to the app: the environment, then the Values of a local.settings.json."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsProblem(Exception):
    """The host cannot start with these settings; the text names the setting and the remedy, never a value."""


def prepare(environment: MutableMapping[str, str], settings_file: Path | None) -> None:
    """Make `environment` what the app will see: as in Azure, every setting is an environment variable.

    A variable that is set already wins over the file, as with Core Tools. Raises SettingsProblem.
    """
    for name, value in _values(settings_file).items():
        environment.setdefault(name, value)
    environment.pop("CONTAINER_NAME", None)  # the worker library would take this machine for Azure's
    for name in ("NO_PROXY", "no_proxy"):
        named = [one for one in environment.get(name, "").split(",") if one]
        environment[name] = ",".join(dict.fromkeys([*named, *LOOPBACK]))


def expand(text: str, settings: Mapping[str, str]) -> str:
    """Replace every `%NAME%` by that app setting, as the host does in bindings. Raises SettingsProblem."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in settings:
            raise SettingsProblem(f"{name}: a trigger names this app setting (%{name}%); set it")
        return settings[name]

    return re.sub(r"%([^%]+)%", value, text)


def _values(settings_file: Path | None) -> Mapping[str, str]:
    if settings_file is None:
        return {}
    try:
        values = json.loads(settings_file.read_text())["Values"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingsProblem(f"{settings_file.name}: not a readable JSON file with an object named Values") from None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise SettingsProblem(f"{settings_file.name}: every value in Values must be a string")
    return values
