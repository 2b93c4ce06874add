"""Secrets by name: from the environment on one machine, from Key Vault in Azure, read again when they are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)

from shared.errors import SettingsError, Transient, Unauthorized, Unavailable
from shared.model.keys import ERP_SCOPE, shop_scope
from shared.wiring.secrets import EnvironmentSecrets, ScopedSecrets, ShopKey, VaultSecrets


@pytest.mark.parametrize(
    ("name", "setting"),
    [("mirakl-north", "SECRET_MIRAKL_NORTH"), ("key", "SECRET_KEY"), ("Mixed-Case-1", "SECRET_MIXED_CASE_1")],
)
async def test_a_secret_of_the_environment_is_found_by_its_name(name: str, setting: str) -> None:
    assert await EnvironmentSecrets({setting: "the key"}).secret(name) == "the key"


@pytest.mark.parametrize("environment", [{}, {"SECRET_MIRAKL_NORTH": ""}])
async def test_a_secret_that_is_missing_is_named_with_its_setting(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"SECRET_MIRAKL_NORTH: is missing.*'mirakl-north'"):
        await EnvironmentSecrets(environment).secret("mirakl-north")


async def test_the_environment_is_asked_each_time() -> None:
    environment = {"SECRET_KEY": "old"}
    secrets = EnvironmentSecrets(environment)
    assert await secrets.secret("key") == "old"
    environment["SECRET_KEY"] = "new"
    assert await secrets.secret("key", fresh=True) == "new"


@dataclass
class Vault:
    """Key Vault with versions that somebody renews; counts what is read."""

    held: dict[str, str] = field(default_factory=dict)
    failure: Exception | None = None
    reads: int = 0

    async def get_secret(self, name: str) -> SimpleNamespace:
        self.reads += 1
        if self.failure is not None:
            raise self.failure
        return SimpleNamespace(value=self.held[name])


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    vault = Vault({"mirakl-north": "first"})
    monkeypatch.setattr("azure.keyvault.secrets.aio.SecretClient", lambda *_: vault)
    return vault


async def test_the_vault_is_read_once_and_again_when_the_key_is_refused(vault: Vault) -> None:
    secrets = VaultSecrets("https://vault.example.com", "")
    key = ShopKey(secrets, "north-de", "mirakl-north")
    assert [await key.key(), await key.key()] == ["first", "first"]
    assert vault.reads == 1
    vault.held["mirakl-north"] = "renewed"
    assert await key.key() == "first"
    assert await key.key(fresh=True) == "renewed"
    assert await key.key() == "renewed"
    assert vault.reads == 2


def _http(status: int) -> HttpResponseError:
    problem = HttpResponseError(f"HTTP {status}")
    problem.status_code = status
    return problem


FAILURES = [
    (ResourceNotFoundError("no"), Unauthorized, "the vault has no secret 'mirakl-north'; add it"),
    (_http(403), Unauthorized, "give the app's identity Key Vault Secrets User"),
    (ClientAuthenticationError("no identity"), Unauthorized, "give the app's identity"),
    (_http(503), Unavailable, "the key vault cannot be read"),
    (ServiceRequestError("no route"), Unavailable, "the key vault cannot be read"),
]


@pytest.mark.parametrize(("failure", "error", "remedy"), FAILURES)
async def test_a_secret_that_cannot_be_had_pauses_its_shop_and_kills_no_message(
    vault: Vault, failure: Exception, error: type[Transient], remedy: str
) -> None:
    vault.failure = failure
    with pytest.raises(error, match=remedy) as told:
        await ShopKey(VaultSecrets("https://vault.example.com", ""), "north-de", "mirakl-north").key()
    assert told.value.scope == shop_scope("north-de")


async def test_a_missing_setting_pauses_whoever_asks_for_it() -> None:
    with pytest.raises(Unauthorized, match="SECRET_DYNAMICS: is missing") as told:
        await ScopedSecrets(EnvironmentSecrets({}), ERP_SCOPE)("dynamics")
    assert told.value.scope == ERP_SCOPE
