"""`make serve SETTINGS=<file>`: the local stack against the Mirakl and the ERP that the file names, until Ctrl-C.

The tables stay in `.work/serve/<file's name>/`; the queues do not, and `watch` sends again what was in them.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.azurite import NotInstalled
from local.host.settings import SettingsProblem, prepare
from local.processes import WORK, Child, ChildFailed, cancel_on_sigterm
from local.stack import Stack
from shared.errors import BridgeError
from shared.settings import load

CANNOT = 2
CONNECTIONS = ("ServiceBusConnection", "TABLES_CONNECTION")
NOT_HERE = ("ServiceBusConnection__fullyQualifiedNamespace", "TABLES_URL", "KEY_VAULT_URL")
USAGE = "Name a settings file: make serve SETTINGS=my.settings.json (local.settings.example.json shows one)"


class InUse(Exception):
    """Another `make serve` works on these tables."""


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1]:
        print(USAGE, file=sys.stderr)
        return CANNOT
    try:
        return asyncio.run(_serve(Path(sys.argv[1])))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("\nStopped; nothing is left running. The tables are kept.")
        return 0
    except (SettingsProblem, BridgeError, ChildFailed, NotInstalled, InUse) as problem:
        print(problem, file=sys.stderr)
        return CANNOT


def settings_of(file: Path) -> Mapping[str, str]:
    """The file's values without where Azure would keep things. Raises SettingsProblem or SettingsError."""
    values: dict[str, str] = {}
    prepare(values, file)
    for name in (*CONNECTIONS, *NOT_HERE):
        values.pop(name, None)
    load({**values, **dict.fromkeys(CONNECTIONS, "the local one")})
    return values


async def _serve(file: Path) -> int:
    cancel_on_sigterm()
    values = settings_of(file)
    folder = WORK / "serve" / file.stem
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        async with Stack(folder, tables=tables) as stack:
            await stack.begin(values)
            host = await stack.start_host()
            _tell(folder, _write(folder, stack.environment), file)
            return await _until_it_ends(host)


def _write(folder: Path, environment: Mapping[str, str]) -> Path:
    """For `bridge`: the file's settings with this run's connections. It holds the secrets, so only we may read it."""
    file = folder / "local.settings.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"IsEncrypted": False, "Values": dict(environment)}, indent=2))
    return file


def _tell(folder: Path, settings: Path, given: Path) -> None:
    short = settings.relative_to(WORK.parent)
    print(
        f"""The bridge runs with {given.name}, until Ctrl-C. Tables and logs: {folder.relative_to(WORK.parent)}
  ./bridge --settings {short} mappings import items my-items.csv
  ./bridge --settings {short} exceptions list
  ./bridge --settings {short} orders show <order id>""",
        flush=True,
    )


async def _until_it_ends(host: Child) -> int:
    code = await host.wait()
    print(f"The worker ended by itself with exit code {code}; its log is {host.log.relative_to(WORK.parent)}")
    return 1


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(
                f"another make serve uses the tables in {folder.relative_to(WORK.parent)}: end it first"
            ) from None
        yield


if __name__ == "__main__":
    sys.exit(main())
