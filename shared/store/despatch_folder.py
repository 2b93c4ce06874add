"""Despatch files in a folder, such as a mounted share (the port `DespatchFiles`)."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.errors import Unauthorized, Unavailable
from shared.model.keys import DESPATCH_SCOPE
from shared.ports.own import DespatchFile
from shared.store.despatch_names import End, is_waiting, moved


def _as_it_is(wall: datetime) -> datetime:
    return wall


class FolderDespatchFiles:
    """`at` brings a file's time, which is the wall's, into the bridge's."""

    def __init__(self, folder: Path, *, at: Callable[[datetime], datetime] = _as_it_is) -> None:
        self._folder = folder
        self._at = at

    async def waiting(self, limit: int) -> Sequence[DespatchFile]:
        with _named_errors():
            return await asyncio.to_thread(self._waiting, limit)

    async def done(self, file: DespatchFile) -> None:
        with _named_errors():
            await asyncio.to_thread(self._move, file, "done")

    async def rejected(self, file: DespatchFile) -> None:
        with _named_errors():
            await asyncio.to_thread(self._move, file, "rejected")

    def _waiting(self, limit: int) -> list[DespatchFile]:
        found = (path for path in self._folder.iterdir() if is_waiting(path.name))
        stats = [(stat, path) for path in found if (stat := _stat(path)) is not None]
        oldest = sorted(stats, key=lambda one: (one[0].st_mtime_ns, one[1].name))[:limit]
        return [file for stat, path in oldest if (file := self._read(path, stat)) is not None]

    def _read(self, path: Path, before: os.stat_result) -> DespatchFile | None:
        """None where another has moved it, or somebody is writing it."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        after = _stat(path)
        if after is None or _version(after) != _version(before):
            return None
        changed = self._at(datetime.fromtimestamp(after.st_mtime, UTC))
        return DespatchFile(path.name, _version(after), changed, content)

    def _move(self, file: DespatchFile, end: End) -> None:
        path, target = self._folder / file.name, self._folder / moved(file.name, file.content, end)
        there = _stat(path)
        if there is None or _version(there) != file.version:
            return
        target.parent.mkdir(exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # another instance has moved it just now
            path.replace(target)


def _stat(path: Path) -> os.stat_result | None:
    """None for what is no file, or no more."""
    try:
        return path.stat() if path.is_file() else None
    except FileNotFoundError:
        return None


def _version(stat: os.stat_result) -> str:
    return f"{stat.st_mtime_ns}-{stat.st_size}"


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except PermissionError as problem:
        text = "the folder of despatch files refuses us: let the app read it, write to it and make folders in it"
        raise Unauthorized(text, scope=DESPATCH_SCOPE) from problem
    except OSError as problem:
        text = f"the folder of despatch files cannot be used ({type(problem).__name__})"
        raise Unavailable(text, scope=DESPATCH_SCOPE) from problem
