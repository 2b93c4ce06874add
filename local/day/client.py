"""What the client's people do during the day, with the commands that they have."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

from local import demo
from local.day.stage import Stage, counted
from local.processes import ROOT

SETTINGS_FILE = "local.settings.json"
LATE_ITEMS = demo.MAPPINGS.parent / "late" / "items.csv"
MISSING_SKU = "SKU-013"


@dataclass(frozen=True, slots=True)
class ImportMissingItem:
    """ecommerce adds the row that orders wait for: `bridge mappings import items …`."""

    async def play(self, stage: Stage) -> None:
        waiting = len(await stage.tables.open_exceptions("mapping_missing"))
        said = await bridge(stage, "--who", "ecommerce", "mappings", "import", "items", str(LATE_ITEMS), "--yes")
        told = said.removeprefix("Written. ")
        stage.say(f"{counted(waiting, 'exception')} for {MISSING_SKU}; bridge mappings import: {told}")


async def bridge(stage: Stage, *arguments: str) -> str:
    """Run the command against this run's stack; the last line that it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "--settings", str(stage.folder / SETTINGS_FILE), *arguments,
        cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said, _ = await process.communicate()
    except BaseException:
        process.kill()
        raise
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {process.returncode}"
