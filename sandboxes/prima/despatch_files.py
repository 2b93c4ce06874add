"""The warehouse's despatch files: CSV text of rows, asked for, or written into a folder by the clock."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sandboxes.prima.despatch_rows import DespatchRow, visible
from sandboxes.prima.installation import Installation
from sandboxes.prima.world import World


def text(world: World, rows: Sequence[DespatchRow]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=world.despatch_delimiter, lineterminator="\n")
    writer.writerow([header for header, _ in world.despatch_columns])
    for row in rows:
        cells = row.cells(date_format=world.date_format, separator=world.tracking_separator)
        writer.writerow([cells[column] for _, column in world.despatch_columns])
    return out.getvalue()


@dataclass
class DespatchFiles:
    """A file is written under another name first, so that one under its own name is whole."""

    installation: Installation
    _written: int = 0
    _files: int = 0
    _last: datetime | None = None

    def run_due(self, now: datetime) -> None:
        settings = self.installation.world
        pause = timedelta(seconds=settings.despatch_every_seconds)
        if not settings.despatch_folder or (self._last is not None and now - self._last < pause):
            return
        rows = visible(self.installation.rows, after=self._written, now=now)
        if rows:
            self._write(Path(settings.despatch_folder), rows)
            self._last, self._written = now, rows[-1].position

    def _write(self, folder: Path, rows: Sequence[DespatchRow]) -> None:
        self._files += 1
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f"despatch-{self._files:06}.csv.part"
        half.write_text(text(self.installation.world, rows), encoding="iso-8859-1", errors="replace")
        half.rename(half.with_suffix(""))
