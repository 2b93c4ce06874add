"""Microsoft's worker library (`azure-functions-runtime`): indexes function_app.py and invokes its functions.

The library's interface is private and pinned to one version; this module is the only one that touches it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.host.control import StatusResult, request

HTTP, TIMER, SERVICE_BUS = "httpTrigger", "timerTrigger", "serviceBusTrigger"


class AppProblem(Exception):
    """function_app.py cannot be loaded, or uses what this host does not do."""


@dataclass(frozen=True, slots=True)
class Function:
    """An indexed function; `binding` is its trigger's raw binding, with the app's `%SETTING%`s unexpanded."""

    name: str
    function_id: str
    trigger: str
    binding: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """How an invocation ended; `failure` is the exception's type and place, never its text."""

    ok: bool
    value: Any = None
    failure: str = ""


class Worker:
    """One loaded app per process: the library keeps its registry in module globals."""

    def __init__(self) -> None:
        import azure_functions_runtime
        from azure_functions_runtime import native_invocation
        from azure_functions_runtime.bindings.datumdef import Datum

        self._runtime: Any = azure_functions_runtime
        self._native: Any = native_invocation
        self._datum: Any = Datum
        self.functions: tuple[Function, ...] = ()

    async def load(self, app: Path) -> None:
        """Import and index `<app>/function_app.py`. Raises AppProblem with the app's own error text."""
        logging.getLogger("azure.functions").setLevel(logging.CRITICAL)  # it logs the text of every exception
        sys.path.insert(0, str(app))
        self._runtime.start_threadpool_executor()
        answer = await self._runtime.worker_init_request(
            request("worker_init_request", capabilities={}, function_app_directory=str(app))
        )
        if answer.result.status != StatusResult.Success:
            raise AppProblem(f"function_app.py cannot be loaded: {answer.result.exception.message}")
        indexed = await self._runtime.functions_metadata_request(request("functions_metadata_request"))
        if not indexed.function_metadata_results:
            raise AppProblem(f"no functions: {app} has no function_app.py, or it registers none")
        self.functions = tuple(_function(one) for one in indexed.function_metadata_results)
        for function in self.functions:
            await self._runtime.function_load_request(
                request("function_load_request", function_id=function.function_id)
            )

    def close(self) -> None:
        self._runtime.stop_threadpool_executor()

    def datum(self, value: Any) -> Any:
        """Encoded by the host's rules: text, bytes and doubles as such, everything else as JSON."""
        kinds = {str: "string", bytes: "bytes", float: "double"}
        if type(value) in kinds:
            return self._datum(value, kinds[type(value)])
        return self._datum(json.dumps(value, default=str), "json")

    def typed(self, value: Any, kind: str) -> Any:
        return self._datum(value, kind)

    async def invoke(
        self,
        function: Function,
        value: Any,
        *,
        metadata: Mapping[str, Any] | None = None,
        trace_parent: str = "",
    ) -> Result:
        """Run it with `value` (an encoded datum) for its trigger. Never raises what the function raised."""
        encoded = {name: self.datum(one) for name, one in (metadata or {}).items()}
        invocation = asyncio.create_task(
            self._native.invocation_request_native(
                str(uuid.uuid4()), function.function_id, [(function.binding["name"], value)], encoded, trace_parent
            )
        )
        await asyncio.wait({invocation})  # a task of its own: the function's CancelledError is not ours
        if invocation.cancelled():
            return Result(False, failure="CancelledError")
        if (escaped := invocation.exception()) is not None:
            return Result(False, failure=type(escaped).__name__)
        ok, returned, _, error, trace = invocation.result()
        return Result(True, returned) if ok else Result(False, failure=_without_text(error, trace))


def _function(indexed: Any) -> Function:
    bindings = [json.loads(binding) for binding in indexed.raw_bindings]
    triggers = [binding for binding in bindings if str(binding["type"]).endswith("Trigger")]
    others = {binding["type"] for binding in bindings if binding not in triggers} - {"http"}
    if len(triggers) != 1 or triggers[0]["type"] not in (HTTP, TIMER, SERVICE_BUS) or others:
        raise AppProblem(
            f"{indexed.name}: this host knows HTTP, timer and Service Bus queue triggers and no other bindings; "
            "send messages with the SDK"
        )
    return Function(indexed.name, indexed.function_id, triggers[0]["type"], triggers[0])


def _without_text(error: str, trace: str) -> str:
    """`KeyError at create_order.py:31` from what the library says, which is the whole text and traceback."""
    kind = re.match(r"\w+", error or "")
    places = re.findall(r'^  File "(?:.*[/\\])?([^"/\\]+)", line (\d+)', trace or "", re.MULTILINE)
    place = f" at {places[-1][0]}:{places[-1][1]}" if places else ""
    return (kind.group() if kind else "Exception") + place
