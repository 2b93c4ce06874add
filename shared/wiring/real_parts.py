"""The real parts: Azure's SDKs, httpx, and secrets; one client of each kind per process."""

from __future__ import annotations

import random
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from shared.bus.dead_letters import ServiceBusDeadLetters
from shared.bus.outbox import ServiceBusOutbox, connect
from shared.erp.registry import registration
from shared.erp.surroundings import Surroundings
from shared.mirakl.acceptance import MiraklAcceptance
from shared.mirakl.client import MiraklClient
from shared.mirakl.http import MiraklHttp
from shared.mirakl.lists import MiraklLists
from shared.mirakl.multi_shipping import MiraklMultiShipping
from shared.mirakl.order_numbers import MiraklOrderNumbers
from shared.mirakl.orders import MiraklOrderExport, MiraklOrders
from shared.mirakl.platform import MiraklPlatform
from shared.mirakl.reader import read_order
from shared.mirakl.shipping import MiraklShipping
from shared.model.keys import ERP_SCOPE
from shared.model.shop import Shop
from shared.ports.own import Clock, DeadLetters, DespatchFiles, Outbox
from shared.settings import Settings
from shared.store.azure_tables import AzureTables
from shared.wiring.clock import ScaledClock
from shared.wiring.despatch_parts import despatch_files
from shared.wiring.parts import MarketplacePorts, Parts
from shared.wiring.secrets import EnvironmentSecrets, ScopedSecrets, Secrets, ShopKey, VaultSecrets
from shared.wiring.table_parts import TableParts, table_parts

if TYPE_CHECKING:
    from azure.identity.aio import ManagedIdentityCredential

Closes = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class RealParts:
    """What the bridge runs on, what the terminal edits, and how to let go of it."""

    parts: Parts
    tables: TableParts
    closing: tuple[Closes, ...]

    async def close(self) -> None:
        for each in self.closing:
            await each()


def real_parts(settings: Settings, environment: Mapping[str, str]) -> RealParts:
    """Raises SettingsError."""
    clock = ScaledClock(settings.accelerate_epoch, settings.accelerate)
    credential = _credential(settings)
    tables = AzureTables.connect(connection=settings.tables, url=settings.tables_url, credential=credential)
    bus = connect(connection=settings.service_bus, namespace=settings.service_bus_namespace, credential=credential)
    http = httpx.AsyncClient(timeout=settings.http_timeout_seconds)
    kept = table_parts(tables, clock, acceleration=settings.accelerate)
    lanes = settings.erp.lanes
    outbox = ServiceBusOutbox(bus, lanes=lanes, wall=_wall, acceleration=settings.accelerate)
    dead_letters = ServiceBusDeadLetters(bus)
    files, close_files = despatch_files(settings.despatch_files, at=clock.at, credential=lambda: _identity(settings))
    parts = outside_parts(
        settings,
        kept,
        clock=clock,
        http=http,
        secrets=_secrets(settings, environment),
        outbox=outbox,
        dead_letters=dead_letters,
        randomness=random.Random(),
        despatch=files,
    )
    closing = (outbox.close, dead_letters.close, bus.close, http.aclose, tables.close, close_files)
    return RealParts(parts, kept, closing)


def outside_parts(
    settings: Settings,
    kept: TableParts,
    *,
    clock: Clock,
    http: httpx.AsyncClient,
    secrets: Secrets,
    outbox: Outbox,
    dead_letters: DeadLetters,
    randomness: random.Random,
    despatch: DespatchFiles | None = None,
) -> Parts:
    """The parts over any HTTP client, tables and queues."""

    def marketplace(shop: Shop) -> MarketplacePorts:
        keys = ShopKey(secrets, shop.id, shop.key_secret)
        timeout = settings.http_timeout_seconds
        wire = MiraklHttp(shop.marketplace.url, client=http, keys=keys, clock=clock, timeout_seconds=timeout)
        client = MiraklClient(shop, wire)
        return MarketplacePorts(
            orders=MiraklOrders(client, clock),
            export=MiraklOrderExport(client, clock),
            acceptance=MiraklAcceptance(client),
            platform=MiraklPlatform(client),
            shipping=MiraklShipping(client),
            multi_shipping=MiraklMultiShipping(client),
            order_numbers=MiraklOrderNumbers(client),
            lists=MiraklLists(client),
        )

    around = Surroundings(http, ScopedSecrets(secrets, ERP_SCOPE), clock, kept.lists, settings.http_timeout_seconds)
    erp = registration(settings.erp.kind).open(settings.erp, around)
    return Parts(
        clock=clock,
        progress=kept.progress,
        work=kept.work,
        exceptions=kept.exceptions,
        cursors=kept.cursors,
        budget=kept.budget,
        pauses=kept.pauses,
        mappings=kept.mappings,
        lists=kept.lists,
        audit=kept.audit,
        outbox=outbox,
        dead_letters=dead_letters,
        marketplace=marketplace,
        sales_orders=erp.sales_orders,
        changes=erp.changes,
        customers=erp.customers,
        shipments=erp.shipments,
        invoices=erp.invoices,
        shipment_cursors=kept.shipment_cursors,
        lookup=kept.lookup,
        numbers=kept.numbers,
        accounts=kept.accounts,
        reader=read_order,
        jitter=randomness.random,
        token=lambda: uuid.UUID(int=randomness.getrandbits(128), version=4).hex,
        despatch_files=despatch,
    )


def _wall() -> datetime:
    return datetime.now(UTC)


def _credential(settings: Settings) -> ManagedIdentityCredential | None:
    return None if settings.tables and settings.service_bus else _identity(settings)


def _identity(settings: Settings) -> ManagedIdentityCredential:
    from azure.identity.aio import ManagedIdentityCredential

    return ManagedIdentityCredential(client_id=settings.managed_identity or None)


def _secrets(settings: Settings, environment: Mapping[str, str]) -> Secrets:
    if settings.key_vault_url:
        return VaultSecrets(settings.key_vault_url, settings.managed_identity)
    return EnvironmentSecrets(environment)
