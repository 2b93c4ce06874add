"""Expensive folders that depend on their inputs only: made once, whoever comes first, and never half."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def once(parent: Path, inputs: bytes, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled for these `inputs`; two processes that start together wait for one another.

    A folder that an interrupted run left is thrown away and made again.
    """
    home = parent / hashlib.sha256(inputs).hexdigest()[:16]
    complete = home / "complete"
    if not complete.exists():
        with alone(parent):
            if not complete.exists():
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir(parents=True)
                make(home)
                complete.touch()
    return home


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else holds `folder` meanwhile, in this process or another."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
