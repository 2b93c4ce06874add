"""An app, a setting or a queue that cannot be used ends the host with code 2 and one text that says which."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from local.processes import ChildFailed
from tests.local.host.conftest import APPS, Stack

pytestmark = pytest.mark.stack


async def _refused(stack: Stack, app: str = "orders", **settings: str) -> str:
    """What it says, without a traceback."""
    with pytest.raises(ChildFailed, match="exit code 2"):
        await stack.host(app=app, **settings)
    said = next(stack.folder.glob("host-*.log")).read_text()
    assert "Traceback" not in said
    return said


async def test_an_app_that_cannot_be_imported_says_why(stack: Stack) -> None:
    said = await _refused(stack, app="broken")
    assert said == (
        "function_app.py cannot be loaded: SettingsError: MARKETPLACES: not set; "
        "write the JSON that docs/settings.md shows\nERP: not set\n"
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TICK_SCHEDULE": "0 * * * *"}, "tick: schedule '0 * * * *': write six fields"),
        ({"BUS": ""}, "BUS: work connects by it; set it to a connection string"),
        ({"BUS": "Endpoint=nonsense"}, "BUS: not a Service Bus connection string"),
        ({"ACCELERATE": "1000"}, "ACCELERATE: write a number from 1 to 240"),
        ({"WORK_QUEUE": "not-in-the-file"}, "MessagingEntityNotFoundError"),
        ({"LANES_QUEUE": "not-in-the-file"}, "MessagingEntityNotFoundError"),
    ],
)
async def test_what_is_set_wrongly_is_named(settings: dict[str, str], said: str, stack: Stack) -> None:
    assert said in await _refused(stack, **settings)


async def test_a_queue_with_sessions_is_not_read_without(stack: Stack) -> None:
    assert "session" in (await _refused(stack, WORK_QUEUE=stack.lanes)).lower()


async def test_settings_may_come_from_a_file(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(json.dumps({"Values": {"ACCELERATE": "0"}}))
    with pytest.raises(ChildFailed, match="ACCELERATE: write"):
        await stack.host("--settings", str(file))


async def test_an_empty_folder_has_no_functions(stack: Stack, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    shutil.copy(APPS / "orders" / "host.json", folder)
    assert "has no function_app.py" in await _refused(stack, app=str(folder))
