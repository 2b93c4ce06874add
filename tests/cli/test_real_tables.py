"""The terminal over real Table Storage (Azurite): the whole way, with the clients that production uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.__main__ import main
from shared.store.azure_tables import AzureTables
from tests.local.running import complete
from tests.simulation.world import Choices, app_settings

FILE = "marketplace,code,currency\nnorth,EUR,EUR\n*,GBP,GBP\n"
STORED = "marketplace,code,currency\n*,GBP,GBP\nnorth,EUR,EUR\n"


@pytest.fixture
def settings(azurite: str, tmp_path: Path) -> Path:
    bus = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;"
    values = {**app_settings(Choices()), "TABLES_CONNECTION": azurite, "ServiceBusConnection": bus, "ACCELERATE": "1"}
    complete(_made(azurite))
    path = tmp_path / "local.settings.json"
    path.write_text(json.dumps({"Values": values}))
    return path


async def _made(connection: str) -> None:
    tables = AzureTables.connect(connection=connection)
    await tables.ensure_tables()
    await tables.close()


@pytest.mark.stack
def test_a_table_goes_in_and_comes_out_and_nothing_else_is_there(settings: Path, tmp_path: Path) -> None:
    def bridge(*words: str) -> Result:
        return CliRunner().invoke(main, ["--settings", str(settings), "--who", "an operator", *words])

    file = tmp_path / "currencies.csv"
    file.write_text(FILE)
    said = bridge("mappings", "import", "currencies", str(file), "--yes")
    assert said.output.endswith("Written. 0 orders that waited for it were sent again.\n"), said.output
    assert bridge("mappings", "export", "currencies").output == STORED
    assert "currencies: 2 rows, 0 problems (owner finance)" in bridge("mappings", "check", "currencies").output
    assert bridge("exceptions", "list").output == "No open exceptions.\n"
    assert "no shop has an order 'A/1 #?' on record" in bridge("orders", "show", "A/1 #?").output
    assert bridge("shadow", "report").output.endswith("0 calls.\n")
