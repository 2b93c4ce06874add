"""A broker inside a test's process: on a thread of its own, reachable by the real SDK and by direct calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from local.broker.broker import Broker
from local.broker.configuration import connection_string
from local.broker.terms import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inside:
    broker: Broker
    port: int
    _loop: asyncio.AbstractEventLoop

    @property
    def connection_string(self) -> str:
        return connection_string(self.port)

    def call(self, function: Callable[[], T]) -> T:
        """Run it on the broker's thread, the only one that may touch it."""

        async def there() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(10)

    def advance(self, seconds: float) -> None:
        self.call(lambda: self.broker.advance(seconds))

    def counts(self, queue: str) -> dict[str, Any]:
        counts: dict[str, Any] = self.call(self.broker.namespace.counts)[queue]
        return counts


@contextmanager
def running(queues: Iterable[Settings], port: int = 0) -> Iterator[Inside]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="local-broker", daemon=True)
    thread.start()
    broker = Broker(queues)
    try:
        listening = asyncio.run_coroutine_threadsafe(broker.start(port), loop).result(10)
        yield Inside(broker, listening, loop)
    finally:
        asyncio.run_coroutine_threadsafe(broker.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
