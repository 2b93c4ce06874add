"""Business Central's calls: collections, several at once, single entities; what answers mean is told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from shared.erp.business_central import batch
from shared.erp.business_central.configuration import REMEDIES, Configuration
from shared.erp.business_central.odata import error_code
from shared.erp.microsoft.calls import Calls
from shared.erp.microsoft.odata import Page, Row, Unreadable, dumps, loads, page
from shared.erp.microsoft.tokens import Tokens
from shared.erp.surroundings import Surroundings
from shared.erp.transport import Answer, nothing_happened, unusable
from shared.errors import Unavailable
from shared.model.keys import ERP_SCOPE

_TIMED_OUT = 408
_CLIENT_ERRORS = range(400, 500)
_ENGLISH = {"Accept-Language": "en-US"}
"""For people who read the texts side by side; nothing is decided by them."""


class Connection:
    """One environment, with one token. `Data-Access-Intent` is never sent: the replica lags behind commits."""

    def __init__(self, configuration: Configuration, around: Surroundings) -> None:
        tokens = Tokens(around.http, configuration.client, around.secret, around.clock)
        self._calls = Calls(around.http, tokens, REMEDIES, configuration.timeout_seconds)
        self._environment = configuration.url.rstrip("/")
        self._root = f"{self._environment}/api/v2.0"

    async def page(self, path: str, operation: str) -> Page:
        """GET of a collection behind the API's root. Raises Unavailable, Throttled or Unauthorized."""
        return await self._calls.page(f"{self._root}/{path}", operation, headers=_ENGLISH)

    async def read(self, path: str, operation: str) -> tuple[Row, ...]:
        """All of a collection, page after page. Raises as `page`."""
        return await self._rest(await self.page(path, operation), operation)

    async def rows(self, path: str, operation: str) -> tuple[Row, ...]:
        """As `read`, of a path behind the environment: a published page, or an API page of the client's own."""
        url = f"{self._environment}/{path}"
        return await self._rest(await self._calls.page(url, operation, headers=_ENGLISH), operation)

    async def all_of(self, paths: Sequence[str], operation: str) -> tuple[tuple[Row, ...], ...]:
        """These collections, all or none, a hundred a call. Raises as `page`."""
        found: list[tuple[Row, ...]] = []
        for answer in await self.answers(paths, operation):
            if answer.status != 200:
                raise unusable(answer, operation=operation, write=False)
            try:
                first = page(answer)
            except Unreadable as problem:
                raise unusable(answer, operation=operation, write=False, why=str(problem)) from None
            found.append(await self._rest(first, operation))
        return tuple(found)

    async def answers(self, paths: Sequence[str], operation: str) -> tuple[Answer, ...]:
        """POST $batch of reads: whatever is answered to each. Raises as `page`, also for one that was turned away."""
        found: list[Answer] = []
        for start in range(0, len(paths), batch.MOST):
            found += await self._batch(paths[start : start + batch.MOST], operation)
        for answer in found:
            if refused := nothing_happened(answer, operation=operation, remedies=REMEDIES):
                raise refused
        return tuple(found)

    async def create(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST of one entity: a success, or a refusal after which nothing of it is there.

        Raises Unavailable (never sent), Throttled, Unauthorized or UnknownOutcome.
        """
        return await self._write("POST", path, dumps(body), {"Content-Type": "application/json"})

    async def act(self, path: str) -> Answer:
        """POST of a bound action, which has no body. Raises as `create`."""
        return await self._write("POST", path, None, {})

    async def remove(self, path: str, etag: str) -> Answer:
        """DELETE of one entity as it was read; a 404 of Business Central's own: it is gone. Raises as `create`."""
        return await self._write("DELETE", path, None, {"If-Match": etag})

    async def _batch(self, paths: Sequence[str], operation: str) -> tuple[Answer, ...]:
        answer = await self._calls.exchange(
            "POST",
            f"{self._root}/$batch",
            operation,
            content=batch.reads(paths),
            headers={**_ENGLISH, "Content-Type": "application/json", "Prefer": "odata.continue-on-error"},
            write=False,
        )
        if not answer.succeeded:
            raise unusable(answer, operation=operation, write=False)
        try:
            return batch.answers(answer, len(paths))
        except Unreadable as problem:
            raise unusable(answer, operation=operation, write=False, why=str(problem)) from None

    async def _rest(self, first: Page, operation: str) -> tuple[Row, ...]:
        found, one, seen = list(first.rows), first, set[str]()
        while one.next:
            if one.next in seen:
                raise Unavailable(f"{operation}: a page is said to follow itself", scope=ERP_SCOPE)
            seen.add(one.next)
            if _origin(one.next) != _origin(self._environment):
                raise Unavailable(f"{operation}: the next page is said to be on another host", scope=ERP_SCOPE)
            one = await self._calls.page(one.next, operation, headers=_ENGLISH)
            found += one.rows
        return tuple(found)

    async def _write(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        operation = f"{method} {_named(path)}"
        answer = await self._calls.exchange(
            method, f"{self._root}/{path}", operation, content=content, headers={**_ENGLISH, **headers}
        )
        if _is_success(answer) or _is_refusal(answer):
            return answer
        raise unusable(answer, operation=operation, write=True)


def _origin(url: str) -> tuple[str, str]:
    """Our token goes nowhere else."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _named(path: str) -> str:
    """`salesOrders`, without ids and options."""
    return path.partition("?")[0].partition("/")[2].partition("(")[0]


def _is_success(answer: Answer) -> bool:
    """204, or an entity: a page of HTML with a 2xx is no word of Business Central's."""
    try:
        return answer.status == 204 or (answer.succeeded and bool(loads(answer)))
    except Unreadable:
        return False


def _is_refusal(answer: Answer) -> bool:
    """A coded 4xx: the transaction was rolled back. A time-out and what a gateway says leave it in doubt."""
    return answer.status in _CLIENT_ERRORS and answer.status != _TIMED_OUT and error_code(answer) is not None
