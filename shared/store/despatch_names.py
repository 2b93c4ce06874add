"""How a despatch file is called once it is dealt with, and which files are no despatch files."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Literal

End = Literal["done", "rejected"]
_UNFINISHED = {".tmp", ".part", ".filepart"}
"""What transfer programs call a file until it is whole."""


def is_waiting(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.name.startswith(".") and path.suffix.lower() not in _UNFINISHED


def moved(name: str, content: bytes, end: End) -> str:
    """`done/out.3f9a1c2b.csv`: with a digest, because warehouses use one name every day; the same twice is one."""
    path = PurePosixPath(name)
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"{end}/{path.stem}.{digest}{path.suffix}"
