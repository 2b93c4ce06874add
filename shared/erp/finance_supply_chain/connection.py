"""F&O's calls: collections, a change set, and single entities; what the answers mean is told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.erp.finance_supply_chain import batch
from shared.erp.finance_supply_chain.configuration import REMEDIES, Configuration
from shared.erp.finance_supply_chain.odata import address, error_text
from shared.erp.microsoft.calls import Calls
from shared.erp.microsoft.odata import Page, Row, Unreadable, dumps, loads
from shared.erp.microsoft.tokens import Tokens
from shared.erp.surroundings import Surroundings
from shared.erp.transport import Answer, unusable

_CLIENT_ERRORS = range(400, 500)


class Connection:
    """One environment, with one token."""

    def __init__(self, configuration: Configuration, around: Surroundings) -> None:
        tokens = Tokens(around.http, configuration.client, around.secret, around.clock)
        self._calls = Calls(around.http, tokens, REMEDIES, configuration.timeout_seconds)
        self._url = configuration.url

    async def read(self, entity_set: str, **options: str) -> tuple[Row, ...]:
        """GET of a collection with these query options, page after page. Raises as `page`."""
        found: list[Row] = []
        while True:
            skip = {"skip": str(len(found))} if found else {}
            one = await self.page(entity_set, **options, **skip)
            found += one.rows
            if not one.next or not one.rows:
                return tuple(found)

    async def page(self, entity_set: str, **options: str) -> Page:
        """GET of a collection, as much of it as one answer holds. Raises Unavailable, Throttled or Unauthorized."""
        return await self._calls.page(address(self._url, entity_set, **options), f"GET {entity_set}")

    async def create(self, posts: Sequence[batch.Post]) -> tuple[Answer, ...]:
        """POST $batch, all in one changeset: the answers inside it, or the one error that refuses the whole.

        Raises Unavailable (never sent), Throttled, Unauthorized or UnknownOutcome.
        """
        operation, url = "POST $batch", f"{self._url.rstrip('/')}/data/$batch"
        sent = batch.changeset(self._url, posts)
        headers = {"Content-Type": sent.content_type}
        answer = await self._calls.exchange("POST", url, operation, content=sent.content, headers=headers)
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
        operation, url = f"{method} {resource.partition('(')[0]}", address(self._url, resource)
        content = None if body is None else dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        answer = await self._calls.exchange(method, url, operation, content=content, headers=headers)
        if _is_success(answer) or _is_refusal(answer):
            return answer
        raise unusable(answer, operation=operation, write=True)


def _is_success(answer: Answer) -> bool:
    """204, or an entity: a page of HTML with a 2xx is no word of F&O's."""
    try:
        return answer.status == 204 or (answer.succeeded and bool(loads(answer)))
    except Unreadable:
        return False


def _is_refusal(answer: Answer) -> bool:
    """A 4xx that OData itself wrote; the same status from a gateway says nothing about F&O."""
    return answer.status in _CLIENT_ERRORS and error_text(answer) is not None
