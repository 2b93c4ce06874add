"""What the client's people do during the day, with the commands that they have."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

from local import demo
from local.day.stage import Stage, counted
from local.processes import ROOT

SETTINGS_FILE = "local.settings.json"
MISSING_SKU = "SKU-013"


@dataclass(frozen=True, slots=True)
class ImportMissingItem:
    """ecommerce adds the row that orders wait for: `bridge mappings import items …`."""

    async def play(self, stage: Stage) -> None:
        waiting = len(await stage.tables.open_exceptions("mapping_missing"))
        said = await bridge(
            stage,
            "--who",
            "ecommerce",
            "mappings",
            "import",
            "items",
            str(demo.late_file(stage.demo, "items")),
            "--yes",
        )
        told = said.removeprefix("Written. ")
        stage.say(f"{counted(waiting, 'exception')} for {MISSING_SKU}; bridge mappings import: {told}")


@dataclass(frozen=True, slots=True)
class ImportMissingCarrier:
    """operations adds the row that parcels wait for: `bridge mappings import carriers …`."""

    async def play(self, stage: Stage) -> None:
        marketplace, carrier = demo.UNMAPPED
        waiting = len(await stage.tables.open_exceptions("carrier_unmapped"))
        file = demo.late_file(stage.demo, "carriers")
        await bridge(stage, "--who", "operations", "mappings", "import", "carriers", str(file), "--yes")
        parcels = f"{counted(waiting, 'parcel')} {'goes' if waiting == 1 else 'go'} out"
        stage.say(f"The mapping for {carrier} on {marketplace} is imported: {parcels}")


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
