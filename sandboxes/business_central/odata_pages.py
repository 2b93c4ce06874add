"""Pages of a collection: in order, cut to what is allowed at once, with a link to the rest that never shifts."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from sandboxes.business_central.edm import Value, written
from sandboxes.business_central.odata_query import Query, no_token
from sandboxes.wire import Request

_PAGE_SIZE = re.compile(r"(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*(\d+)", re.IGNORECASE)
Found = tuple[int, Mapping[str, Value]]
"""A row's place in its table, and what it is (or was, in a copy that lags)."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Found]
    total: int
    more: bool


def page_size(request: Request, most: int) -> int:
    found = _PAGE_SIZE.search(request.headers.get("prefer", ""))
    return min(most, max(1, int(found[1]))) if found else most


def page(query: Query, rows: Iterable[Found], limit: int) -> Page:
    """The rows that match, in order, cut to what the caller and the server allow at once."""
    found = [row for row in rows if query.filter is None or query.filter.matches(row[1])]
    total = len(found)
    for name, direction in reversed((*query.order, ("", "asc"))):
        found.sort(key=lambda row, name=name: row[1][name] if name else row[0], reverse=direction == "desc")  # type: ignore[misc]
    if query.after is not None:
        found = _behind(query, found)
    allowed = limit if query.top is None else min(limit, query.top)
    more = len(found) > allowed and allowed == limit and query.top != limit
    return Page(found[:allowed], total, more)


def _behind(query: Query, found: Sequence[Found]) -> list[Found]:
    try:
        return [row for row in found if _follows(_key(query, row), query)]
    except (TypeError, ValueError):
        raise no_token() from None


def _key(query: Query, row: Found) -> list[Any]:
    return [*(_comparable(row[1][name]) for name, _ in query.order), row[0]]


def _comparable(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else written(value)


def _follows(key: Sequence[Any], query: Query) -> bool:
    """Behind the token's row, in the order that was asked for: rows that come or go meanwhile shift nothing."""
    assert query.after is not None, "only asked for a page that continues"
    directions = [*(direction for _, direction in query.order), "asc"]
    for own, last, direction in zip(key, query.after, directions, strict=True):
        if own != last:
            return bool(own > last) == (direction == "asc")
    return False


def next_link(request: Request, url: str, query: Query, page_: Page) -> str:
    """The same URL with a token of the page's last row; what was asked for with `$top` is counted down."""
    token = base64.urlsafe_b64encode(json.dumps(_key(query, page_.rows[-1])).encode()).decode()
    kept = [(name, value) for name, value in request.query if name not in ("$skiptoken", "$top")]
    top = [("$top", str(query.top - len(page_.rows)))] if query.top is not None else []
    options = [*kept, *top, ("$skiptoken", token)]
    return url + "?" + "&".join(f"{quote(name, safe='$-')}={quote(value, safe='')}" for name, value in options)
