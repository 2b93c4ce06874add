"""Becomes the program named, having asked the kernel to kill it when its parent dies: `tether.py <parent> argv…`."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2): kept across execve


def main(parent: int, argv: list[str]) -> None:
    """Linux only; elsewhere a parent that is killed hard leaves its children to be found by their process group."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            raise SystemExit(1)
    try:
        os.execvp(argv[0], argv)  # noqa: S606 -- the caller's own command, no shell
    except OSError as problem:
        raise SystemExit(f"cannot start {argv[0]}: {problem.strerror}") from None


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
