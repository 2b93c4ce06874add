"""The query options of a collection: what is selected, in which order, how much of it, and the link to the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from sandboxes.finance_supply_chain import odata_filter
from sandboxes.finance_supply_chain.conditions import Node
from sandboxes.finance_supply_chain.edm import Value, fold
from sandboxes.finance_supply_chain.entities import ENTITY_SETS
from sandboxes.finance_supply_chain.entity_set import EntitySet
from sandboxes.finance_supply_chain.errors import Refusal, query_invalid
from sandboxes.finance_supply_chain.odata_filter import unknown_property
from sandboxes.finance_supply_chain.records import Row
from sandboxes.wire import Request

CROSS_COMPANY = "cross-company"
_SUPPORTED = ("$filter", "$count", "$orderby", "$skip", "$top", "$expand", "$select")
_EXPAND = re.compile(r"(\w+)(?:\((.*)\))?")
Direction = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class Expansion:
    navigation: str
    target: EntitySet
    select: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """`select` empty means every property; `top` None means as much as there is, page by page."""

    filter: Node | None = None
    select: tuple[str, ...] = ()
    order: tuple[tuple[str, Direction], ...] = ()
    skip: int = 0
    top: int | None = None
    count: bool = False
    expand: tuple[Expansion, ...] = ()
    cross_company: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    total: int
    more: bool


def read(request: Request, entity_set: EntitySet) -> Query:
    """Raises Refusal (400) for an option that is not supported or not well formed."""
    options = _options(request)
    return Query(
        filter=_filter(options, entity_set),
        select=_select(options.get("$select"), entity_set),
        order=_order(options.get("$orderby"), entity_set),
        skip=_natural(options, "$skip") or 0,
        top=_natural(options, "$top"),
        count=_flag(options.get("$count")),
        expand=_expand(options.get("$expand"), entity_set),
        cross_company=crosses_companies(request),
    )


def crosses_companies(request: Request) -> bool:
    return fold(request.parameter(CROSS_COMPANY) or "") == "true"


def unknown_options(request: Request) -> list[str]:
    """Custom options that nobody reads: they are taken without effect."""
    return [name for name, _ in request.query if not name.startswith("$") and name != CROSS_COMPANY]


def _options(request: Request) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in request.query:
        if name.startswith("$") and name not in _SUPPORTED:
            raise query_invalid(f"The query parameter '{name}' is not supported.")
        if name in options:
            raise query_invalid(f"Query option '{name}' was specified more than once, but it must be at most once.")
        options[name] = value
    return options


def _filter(options: Mapping[str, str], entity_set: EntitySet) -> Node | None:
    if "$filter" not in options:
        return None
    return odata_filter.parse(options["$filter"], entity_set.properties, entity_set.type_name)


def _select(text: str | None, entity_set: EntitySet) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",")) if text is not None else ()
    for name in names:
        if name not in entity_set.properties:
            raise unknown_property(name, entity_set.type_name)
    return names


def _order(text: str | None, entity_set: EntitySet) -> tuple[tuple[str, Direction], ...]:
    return tuple(_ordering(part, entity_set) for part in text.split(",")) if text is not None else ()


def _ordering(part: str, entity_set: EntitySet) -> tuple[str, Direction]:
    name, _, direction = part.strip().partition(" ")
    if name not in entity_set.properties:
        raise unknown_property(name, entity_set.type_name)
    match direction.strip():
        case "" | "asc":
            return name, "asc"
        case "desc":
            return name, "desc"
    raise query_invalid("Syntax error in $orderby: 'asc' or 'desc' was expected after the property.")


def _natural(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise query_invalid(
            f"Invalid value '{text}' for {name} query option found. It requires a non-negative integer."
        )
    return int(text)


def _flag(text: str | None) -> bool:
    if text not in (None, "true", "false"):
        raise query_invalid(
            f"Invalid value '{text}' for $count query option found. Valid values are 'true' and 'false'."
        )
    return text == "true"


def _expand(text: str | None, entity_set: EntitySet) -> tuple[Expansion, ...]:
    if text is None:
        return ()
    found = _EXPAND.fullmatch(text.strip())
    if found is None:
        raise query_invalid("Syntax error in $expand: one navigation property was expected.")
    name, nested = found[1], found[2]
    if name not in entity_set.navigation:
        raise unknown_property(name, entity_set.type_name)
    target = ENTITY_SETS[entity_set.navigation[name]]
    return (Expansion(name, target, _nested_select(nested, target)),)


def _nested_select(nested: str | None, target: EntitySet) -> tuple[str, ...]:
    if nested is None:
        return ()
    option, _, value = nested.strip().partition("=")
    if option != "$select":
        raise query_invalid(f"'{option}' is not supported inside $expand: only the first level is expanded.")
    return _select(value, target)


def page(query: Query, rows: Iterable[Row], limit: int) -> Page:
    """The rows that match, in order, cut to what the caller and the server allow at once."""
    found = [row for row in rows if query.filter is None or query.filter.matches(row.values)]
    for name, direction in reversed(query.order):
        found.sort(key=lambda row, name=name: _sortable(row.values[name]), reverse=direction == "desc")  # type: ignore[misc]
    allowed = limit if query.top is None else min(limit, query.top)
    shown = found[query.skip : query.skip + allowed]
    more = allowed == limit and len(found) > query.skip + allowed
    return Page(shown, len(found), more)


def next_link(request: Request, url: str, query: Query, limit: int) -> str:
    """The same URL from the next row on; it shifts when rows come or go meanwhile, as the real one does."""
    rest = query.top - limit if query.top is not None and query.top > limit else limit
    kept = [(name, value) for name, value in request.query if name not in ("$skip", "$top")]
    options = [*kept, ("$skip", str(query.skip + limit)), ("$top", str(rest))]
    return url + "?" + "&".join(f"{quote(name, safe='$-')}={quote(value, safe='')}" for name, value in options)


def _sortable(value: Value) -> Value:
    return fold(value) if isinstance(value, str) else value


def single(query: Query) -> None:
    """Raises Refusal where options that only a collection takes come with a key."""
    if query.filter or query.order or query.skip or query.top is not None or query.count:
        raise _only_for_collections()


def _only_for_collections() -> Refusal:
    return query_invalid("The requested resource is not a collection: only $select and $expand can be applied to it.")
