"""The bridge's own side of a local run: Table Storage, the Service Bus broker and the worker, each a process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from local import azurite, demo
from local.broker.configuration import connection_string
from local.demo.demo_erp import DemoErp
from local.emulator_config import CONFIG
from local.processes import ROOT, Child, Children
from shared.model.mappings import TABLES
from shared.rules import mapping_files
from shared.settings import load
from shared.store.azure_tables import AzureTables
from shared.wiring.clock import ScaledClock
from shared.wiring.table_parts import table_parts

APP = ROOT
SABOTAGED_APP = ROOT / "local" / "sabotaged"
BROKER_READY = r"^listening on (?P<port>\d+)\nstatus on (?P<status>\d+)$"
HOST_READY = r"^admin on (?P<port>\d+)\nhost ready: (?P<functions>\d+) functions$"


@dataclass
class Stack:
    """`async with Stack(folder)`: storage and broker run; `begin(settings)` readies the tables, `start_host` the app.

    `folder` takes the logs. `tables` keeps the tables' data there; None keeps them in memory. `lock_seconds` is how
    long a queue's lock lasts, in wall seconds (None: as `infra/Config.json` says). `demo` is the ERP of the demo's
    client, whose mapping tables are filled in; None: a client's own, and nothing is.
    """

    folder: Path
    tables: Path | None = None
    lock_seconds: float | None = None
    hosts: list[Child] = field(default_factory=list)
    children: Children = field(init=False)
    environment: Mapping[str, str] = field(init=False, default_factory=dict)
    app: Path = APP
    demo: DemoErp | None = None
    _held: AsyncExitStack = field(default_factory=AsyncExitStack)
    _started: int = 0

    def __post_init__(self) -> None:
        self.children = Children(self.folder)

    async def __aenter__(self) -> Stack:
        await self._held.enter_async_context(self.children)
        try:
            storage, self.broker = await asyncio.gather(self._start_storage(), self._start_broker())
        except BaseException:
            await self._held.aclose()
            raise
        self.connections = {
            "TABLES_CONNECTION": storage.connection_string,
            "ServiceBusConnection": connection_string(self.broker.port),
        }
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._held.aclose()

    @property
    def broker_status(self) -> str:
        """The address of the broker's books and faults."""
        return f"http://127.0.0.1:{self.broker.matched['status']}"

    async def begin(self, settings: Mapping[str, str]) -> None:
        """Create the tables, and fill in the demo's mappings; `settings` are the app's but for connections.

        Raises SettingsError.
        """
        self.environment = {**settings, **self.connections}
        load(self.environment)
        async with self._tables() as tables:
            await tables.ensure_tables()
        if self.demo is not None:
            await self.fill_mappings(self.demo)

    async def fill_mappings(self, erp: DemoErp) -> None:
        """The demo client's mapping files, through the reader and writer of `bridge mappings import`."""
        settings = load(self.environment)
        clock = ScaledClock(settings.accelerate_epoch, settings.accelerate)
        async with self._tables() as tables:
            writer = table_parts(tables, clock).mapping_writer
            for table in TABLES:
                file = demo.mapping_file(erp, table)
                reading = mapping_files.read(table, file.read_text("utf-8"))
                if reading.problems:
                    raise ValueError(f"{file.relative_to(ROOT)}: " + "; ".join(reading.problems))
                await writer.save(table, reading.rows, who="demo")

    @asynccontextmanager
    async def _tables(self) -> AsyncIterator[AzureTables]:
        tables = AzureTables.connect(connection=self.connections["TABLES_CONNECTION"])
        try:
            yield tables
        finally:
            await tables.close()

    async def start_host(self) -> Child:
        """One more worker, listening when this returns. Raises ChildFailed."""
        self._started += 1
        argv = [sys.executable, "-m", "local.host", "--app", str(self.app), "--drain-seconds", "8"]
        environment = {**_inherited(), **self.environment}
        host = await self.children.start(f"host-{self._started}", argv, ready=HOST_READY, env=environment)
        self.hosts.append(host)
        return host

    async def stop_host(self) -> None:
        """The oldest worker finishes what it does and ends."""
        await self.hosts.pop(0).end(grace=12)

    def kill_host(self, host: Child | None = None) -> None:
        """SIGKILL: whatever it held stays locked."""
        killed = host or self.hosts[0]
        self.hosts.remove(killed)
        killed.kill()

    async def _start_storage(self) -> azurite.TableStorage:
        storage = await azurite.start(folder=self.tables, logs=self.folder)
        self.children.adopt(storage.child)
        return storage

    async def _start_broker(self) -> Child:
        argv = [sys.executable, "-m", "local.broker", "--config", str(CONFIG), "--port", "0", "--status-port", "0"]
        if self.lock_seconds is not None:
            argv += ["--lock-seconds", str(self.lock_seconds)]
        return await self.children.start("broker", argv, ready=BROKER_READY)


def _inherited() -> dict[str, str]:
    """Our environment without any app setting of it: the run's own settings are the only ones."""
    from shared.settings import NAMES

    return {name: value for name, value in os.environ.items() if name not in NAMES and not name.startswith("SECRET_")}
