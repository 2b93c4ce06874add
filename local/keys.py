"""Single keys from the terminal, read without blocking; the terminal is as it was when the block is left."""

from __future__ import annotations

import asyncio
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keys() -> Iterator[asyncio.Queue[str]]:
    """A queue of the keys pressed. Ctrl-C stays the signal that it is."""
    typed: asyncio.Queue[str] = asyncio.Queue()
    descriptor, loop = sys.stdin.fileno(), asyncio.get_running_loop()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    loop.add_reader(descriptor, lambda: typed.put_nowait(sys.stdin.read(1)))
    try:
        yield typed
    finally:
        loop.remove_reader(descriptor)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
