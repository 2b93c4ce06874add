"""Secrets by name: from Key Vault with the app's identity, or for local runs from `SECRET_<NAME>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from shared.errors import SettingsError


class Secrets(Protocol):
    async def secret(self, name: str, *, fresh: bool = False) -> str:
        """`fresh` reads it again, after the other side refused what we had. Raises SettingsError."""
        ...


class EnvironmentSecrets:
    """`SECRET_MIRAKL_NORTH` holds the secret `mirakl-north`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    async def secret(self, name: str, *, fresh: bool = False) -> str:  # noqa: ARG002 -- an environment has no other
        setting = "SECRET_" + name.upper().replace("-", "_")
        if not (value := self._environment.get(setting, "")):
            raise SettingsError(f"{setting}: is missing; it holds the secret {name!r} where there is no KEY_VAULT_URL")
        return value


class VaultSecrets:
    """Each secret is read once and kept until somebody asks for it fresh."""

    def __init__(self, vault_url: str, managed_identity: str) -> None:
        from azure.identity.aio import ManagedIdentityCredential
        from azure.keyvault.secrets.aio import SecretClient

        credential = ManagedIdentityCredential(client_id=managed_identity or None)
        self._client = SecretClient(vault_url, credential)
        self._known: dict[str, str] = {}

    async def secret(self, name: str, *, fresh: bool = False) -> str:
        if fresh or name not in self._known:
            self._known[name] = (await self._client.get_secret(name)).value or ""
        return self._known[name]


class ShopKey:
    """The API key of one shop, for the Mirakl client."""

    def __init__(self, secrets: Secrets, name: str) -> None:
        self._secrets, self._name = secrets, name

    async def key(self, *, fresh: bool = False) -> str:
        return await self._secrets.secret(self._name, fresh=fresh)
