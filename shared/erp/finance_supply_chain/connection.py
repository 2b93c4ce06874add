"""The few lines that speak HTTP with F&O; what its answers mean is told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from shared.erp.finance_supply_chain import batch
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.failures import nothing_happened, transport_failure, unusable
from shared.erp.finance_supply_chain.odata import Answer, Page, Row, Unreadable, address, dumps, error_text, loads, page
from shared.erp.finance_supply_chain.tokens import Tokens

_CLIENT_ERRORS = range(400, 500)


class Connection:
    """One environment. A 401 renews the token and repeats the call once: nothing has happened yet."""

    def __init__(self, http: httpx.AsyncClient, tokens: Tokens, configuration: Configuration) -> None:
        self._http = http
        self._tokens = tokens
        self._configuration = configuration

    async def read(self, entity_set: str, **options: str) -> tuple[Row, ...]:
        """GET of a collection with these query options, page after page. Raises as `page`."""
        found: list[Row] = []
        while True:
            skip = {"skip": str(len(found))} if found else {}
            one = await self.page(entity_set, **options, **skip)
            found += one.rows
            if not one.more or not one.rows:
                return tuple(found)

    async def page(self, entity_set: str, **options: str) -> Page:
        """GET of a collection, as much of it as one answer holds. Raises Unavailable, Throttled or Unauthorized."""
        operation = f"GET {entity_set}"
        answer = await self._exchange("GET", address(self._configuration.url, entity_set, **options), operation)
        if answer.status != 200:
            raise unusable(answer, operation=operation, write=False)
        try:
            return page(answer)
        except Unreadable as problem:
            raise unusable(answer, operation=operation, write=False, why=str(problem)) from None

    async def create(self, posts: Sequence[batch.Post]) -> tuple[Answer, ...]:
        """POST $batch, all in one changeset: the answers inside it, or the one error that refuses the whole.

        Raises Unavailable (never sent), Throttled, Unauthorized or UnknownOutcome.
        """
        operation, url = "POST $batch", f"{self._configuration.url.rstrip('/')}/data/$batch"
        sent = batch.changeset(self._configuration.url, posts)
        answer = await self._exchange("POST", url, operation, content=sent.content, content_type=sent.content_type)
        if _is_refusal(answer):
            return (answer,)
        if not answer.succeeded:
            raise unusable(answer, operation=operation, write=True)
        try:
            return batch.answers(answer)
        except Unreadable as problem:
            raise unusable(answer, operation=operation, write=True, why=str(problem)) from None

    async def add(self, post: batch.Post) -> Answer:
        """POST of one entity: a success, or F&O's refusal. Raises as `create`."""
        return await self._write("POST", post.entity_set, post.body)

    async def change(self, entity: str, body: Mapping[str, Any]) -> Answer:
        """PATCH of one entity: a success, or F&O's refusal. Raises as `create`."""
        return await self._write("PATCH", entity, body)

    async def remove(self, entity: str) -> Answer:
        """DELETE of one entity: a success, or F&O's refusal (404 of OData's own: it is gone). Raises as `create`."""
        return await self._write("DELETE", entity, None)

    async def _write(self, method: str, resource: str, body: Mapping[str, Any] | None) -> Answer:
        operation = f"{method} {resource.partition('(')[0]}"
        url = address(self._configuration.url, resource)
        content = None if body is None else dumps(body)
        answer = await self._exchange(method, url, operation, content=content, content_type="application/json")
        if _is_success(answer) or _is_refusal(answer):
            return answer
        raise unusable(answer, operation=operation, write=True)

    async def _exchange(
        self, method: str, url: str, operation: str, *, content: bytes | None = None, content_type: str = ""
    ) -> Answer:
        token = await self._tokens.bearer()
        answer = await self._send(method, url, operation, token, content, content_type)
        if answer.status == 401:
            renewed = await self._tokens.renewed(token)
            answer = await self._send(method, url, operation, renewed, content, content_type)
        if refused := nothing_happened(answer, operation=operation):
            raise refused
        return answer

    async def _send(
        self, method: str, url: str, operation: str, token: str, content: bytes | None, content_type: str
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if content is not None:
            headers["Content-Type"] = content_type
        timeout = self._configuration.timeout_seconds
        try:
            response = await self._http.request(
                method, url, content=content, headers=headers, timeout=timeout, follow_redirects=False
            )
        except httpx.RequestError as problem:
            raise transport_failure(problem, operation=operation, write=method != "GET") from problem
        return Answer(response.status_code, response.content, dict(response.headers))


def _is_success(answer: Answer) -> bool:
    """204, or an entity: a page of HTML with a 2xx is no word of F&O's."""
    try:
        return answer.status == 204 or (answer.succeeded and bool(loads(answer)))
    except Unreadable:
        return False


def _is_refusal(answer: Answer) -> bool:
    """A 4xx that OData itself wrote; the same status from a gateway says nothing about F&O."""
    return answer.status in _CLIENT_ERRORS and error_text(answer) is not None
