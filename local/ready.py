"""Make this machine ready for `make run` and `make test`: the environment and Azurite, or say what is missing.

Runs on the machine's own Python with nothing installed; does nothing when everything is as it should be.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
WORKER = "azure-functions-runtime==1.3.0"
"""Microsoft's worker library declares Python 3.13; it runs on 3.11 and 3.12 as well (docs/verification.md)."""


def main() -> int:
    missing = _missing()
    if missing:
        print("This machine cannot run the bridge yet:")
        for what in missing:
            print(f"  - {what}")
        return 2
    with _alone():
        _environment()
    return 0


def _missing() -> list[str]:
    found = []
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file runs before anything has checked
        found.append(f"Python 3.11 or later (this is {sys.version.split()[0]}): apt-get install python3.11")
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        found.append(f"Python's venv module: apt-get install {name}-venv")
    if _is_ready():
        return found
    if not any(shutil.which(compiler) for compiler in ("cc", "gcc", "clang")):
        found.append("a C compiler (the AMQP library is built from source): apt-get install gcc")
    if not Path(sysconfig.get_paths()["include"], "Python.h").exists():
        found.append(f"Python's C headers (Python.h): apt-get install {name}-dev")
    return found


def _digest() -> str:
    contents = b"".join((ROOT / name).read_bytes() for name in REQUIREMENTS) + WORKER.encode()
    return hashlib.sha256(contents + sys.version.encode()).hexdigest()


def _is_ready() -> bool:
    stamp = VENV / ".ready"
    return stamp.exists() and stamp.read_text() == _digest()


def _environment() -> None:
    if _is_ready():
        return
    began = time.monotonic()
    print("Setting up .venv (once; about a minute) ...", flush=True)
    python = str(VENV / "bin" / "python")
    if not Path(python).exists():
        _do(sys.executable, "-m", "venv", str(VENV))
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _do(*pip, *(part for name in REQUIREMENTS for part in ("-r", str(ROOT / name))))
    if sys.version_info < (3, 13):
        _do(*pip, "--no-deps", "--ignore-requires-python", WORKER)
    (VENV / ".ready").write_text(_digest())
    print(f"Ready after {time.monotonic() - began:.0f} s.", flush=True)


def _do(*argv: str) -> None:
    done = subprocess.run(argv, cwd=ROOT, check=False)
    if done.returncode:
        print(f"This step of the set-up failed: {' '.join(argv)}")
        raise SystemExit(2)


class _alone:  # noqa: N801 -- reads as a word where it is used
    """Two first runs side by side set up one after the other."""

    def __enter__(self) -> None:
        folder = ROOT / ".work"
        folder.mkdir(exist_ok=True)
        self._lock = os.open(folder / "ready.lock", os.O_CREAT | os.O_RDWR)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)


if __name__ == "__main__":
    sys.exit(main())
