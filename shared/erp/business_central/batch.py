"""`POST $batch`: several reads in one call, as JSON, and the answers inside."""

from __future__ import annotations

from collections.abc import Sequence

from shared.erp.microsoft.odata import Row, Unreadable, dumps, loads
from shared.erp.transport import Answer

MOST = 100
"""Operations that Business Central takes in one batch."""


def reads(paths: Sequence[str]) -> bytes:
    """GET of each path (behind the API's root), carried out in this order."""
    requests = [{"id": str(number), "method": "GET", "url": path} for number, path in enumerate(paths, start=1)]
    return dumps({"requests": requests})


def answers(answer: Answer, count: int) -> tuple[Answer, ...]:
    """The answers inside, in the order of the requests, whatever the order in which they come. Raises Unreadable."""
    found = loads(answer).get("responses")
    if not isinstance(found, list):
        raise Unreadable("no batch answer")
    by_id = {one.get("id"): one for one in found if isinstance(one, dict)}
    try:
        return tuple(_answer(by_id[str(number)]) for number in range(1, count + 1))
    except (KeyError, TypeError, ValueError):
        raise Unreadable("the batch answer is not whole") from None


def _answer(one: Row) -> Answer:
    headers = {str(name).lower(): str(value) for name, value in (one.get("headers") or {}).items()}
    return Answer(int(one["status"]), dumps(one.get("body") or {}), headers)
