"""Secrets by name: from Key Vault with the app's identity, or for local runs from `SECRET_<NAME>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError, ResourceNotFoundError

from shared.errors import SettingsError, Transient, Unauthorized, Unavailable
from shared.model.keys import shop_scope

SCOPE = "secrets"


class Secrets(Protocol):
    async def secret(self, name: str, *, fresh: bool = False) -> str:
        """`fresh` reads it again, after the other side refused what we had.

        Raises SettingsError (there is none, or we may not read it) or Unavailable.
        """
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
            try:
                self._known[name] = (await self._client.get_secret(name)).value or ""
            except AzureError as problem:
                raise _named(problem, name) from problem
        return self._known[name]


def _named(problem: AzureError, name: str) -> SettingsError | Unavailable:
    if isinstance(problem, ResourceNotFoundError):
        return SettingsError(f"KEY_VAULT_URL: the vault has no secret {name!r}; add it, or correct its name")
    refused = isinstance(problem, HttpResponseError) and problem.status_code in (401, 403)
    if refused or isinstance(problem, ClientAuthenticationError):
        return SettingsError("KEY_VAULT_URL: the vault refuses us; give the app's identity Key Vault Secrets User")
    return Unavailable(f"the key vault cannot be read ({type(problem).__name__})", scope=SCOPE)


class ScopedSecrets:
    """Secrets for one outside system: where one cannot be had, the calls to that system pause, with one exception."""

    def __init__(self, secrets: Secrets, scope: str) -> None:
        self._secrets, self._scope = secrets, scope

    async def __call__(self, name: str, *, fresh: bool = False) -> str:
        """Raises Unauthorized or Unavailable: nothing was called."""
        try:
            return await self._secrets.secret(name, fresh=fresh)
        except SettingsError as problem:
            raise Unauthorized(str(problem), scope=self._scope) from problem
        except Transient as problem:
            raise Unavailable(str(problem), scope=self._scope) from problem


class ShopKey:
    """The API key of one shop, for the Mirakl client."""

    def __init__(self, secrets: Secrets, shop: str, name: str) -> None:
        self._secret, self._name = ScopedSecrets(secrets, shop_scope(shop)), name

    async def key(self, *, fresh: bool = False) -> str:
        return await self._secret(self._name, fresh=fresh)
