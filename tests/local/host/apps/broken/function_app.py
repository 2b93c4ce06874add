"""An app whose settings cannot be used."""

from __future__ import annotations


class SettingsError(Exception):
    """As the bridge's own: its text names the settings and the remedy."""


raise SettingsError("MARKETPLACES: not set; write the JSON that docs/settings.md shows\nERP: not set")
