"""Every invocation goes through here: counted, and one log line when it fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from azure.servicebus import ServiceBusReceivedMessage

from local.host.metadata import body_of, metadata_of, overwritten_by_body, trace_parent
from local.host.tally import Tally
from local.host.worker import Function, Result, Worker

log = logging.getLogger("local.host")


class Invocations:
    """`stopping` is set once the host drains: nobody begins anything then."""

    def __init__(self, worker: Worker, tally: Tally) -> None:
        self.worker = worker
        self.tally = tally
        self.stopping = asyncio.Event()

    async def run(
        self, function: Function, value: Any, *, metadata: Mapping[str, Any] | None = None, parent: str = ""
    ) -> Result:
        self.tally.running[function.name] += 1
        try:
            result = await self.worker.invoke(function, value, metadata=metadata, trace_parent=parent)
        finally:
            self.tally.running[function.name] -= 1
        self.tally.ended(function.name, "succeeded" if result.ok else "failed")
        if not result.ok:
            log.warning("%s failed: %s", function.name, result.failure)
        return result

    async def run_message(self, function: Function, message: ServiceBusReceivedMessage) -> bool:
        """True when the message is to be completed, False when it is to be abandoned."""
        body = body_of(message)
        told = overwritten_by_body(metadata_of(message), body)
        result = await self.run(function, self.worker.datum(body), metadata=told, parent=trace_parent(message))
        return result.ok

    def unsettled(self, function: Function, problem: Exception) -> None:
        """The invocation ended but Service Bus did not take the verdict; the message comes again."""
        self.tally.ended(function.name, "unsettled")
        log.warning("%s: its message could not be settled: %s", function.name, type(problem).__name__)
