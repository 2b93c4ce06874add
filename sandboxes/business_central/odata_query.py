"""The query options of a collection: what is selected, in which order, how much of it, and the link to the rest."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sandboxes.business_central import odata_filter
from sandboxes.business_central.conditions import Node
from sandboxes.business_central.entities import ENTITY_SETS
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import Refusal, bad_request
from sandboxes.business_central.odata_filter import unknown_property
from sandboxes.wire import Request

_SUPPORTED = ("$filter", "$count", "$orderby", "$skiptoken", "$top", "$expand", "$select")
_EXPAND = re.compile(r"(\w+)(?:\(([^()]*)\))?")
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
    after: Sequence[Any] | None = None
    top: int | None = None
    count: bool = False
    expand: tuple[Expansion, ...] = ()


def read(request: Request, entity_set: EntitySet) -> Query:
    """Raises Refusal (400) for an option that is not supported or not well formed."""
    options = _options(request)
    return Query(
        filter=_filter(options, entity_set),
        select=_select(options.get("$select"), entity_set),
        order=_order(options.get("$orderby"), entity_set),
        after=_token(options.get("$skiptoken")),
        top=_natural(options.get("$top")),
        count=options.get("$count") == "true",
        expand=_expand(options.get("$expand"), entity_set),
    )


def unknown_options(request: Request) -> list[str]:
    """Options without a dollar sign that nobody reads: they are taken without effect."""
    return [name for name, _ in request.query if not name.startswith("$") and name not in ("tenant", "aid")]


def _options(request: Request) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in request.query:
        if name.startswith("$") and name not in _SUPPORTED:
            raise bad_request(f"The query parameter '{name}' is not supported.", "BadRequest_InvalidRequestUrl")
        if name in options:
            raise bad_request(f"Query option '{name}' was specified more than once, but it must be at most once.")
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
    raise bad_request("Syntax error in $orderby: 'asc' or 'desc' was expected after the property.")


def _natural(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise bad_request(f"Invalid value '{text}' for $top query option found. It requires a non-negative integer.")
    return int(text)


def _expand(text: str | None, entity_set: EntitySet) -> tuple[Expansion, ...]:
    if text is None:
        return ()
    parts = re.findall(r"\w+(?:\([^()]*\))?", text)
    if ",".join(parts) != text.replace(" ", ""):
        raise bad_request("Syntax error in $expand.")
    return tuple(_expansion(part, entity_set) for part in parts)


def _expansion(text: str, entity_set: EntitySet) -> Expansion:
    found = _EXPAND.fullmatch(text)
    assert found is not None, "parts are cut by the same pattern"
    name, nested = found[1], found[2]
    if name not in entity_set.navigation:
        raise unknown_property(name, entity_set.type_name)
    target = ENTITY_SETS[entity_set.navigation[name]]
    return Expansion(name, target, _nested_select(nested, target))


def _nested_select(nested: str | None, target: EntitySet) -> tuple[str, ...]:
    if not nested:
        return ()
    option, _, value = nested.strip().partition("=")
    if option != "$select":
        raise bad_request(f"The option '{option}' inside $expand is not supported.")
    return _select(value, target)


def _token(text: str | None) -> Sequence[Any] | None:
    if text is None:
        return None
    try:
        token = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, RecursionError):
        raise no_token() from None
    if not isinstance(token, list):
        raise no_token()
    return token


def no_token() -> Refusal:
    return bad_request("The $skiptoken is not one of this service.", "BadRequest_InvalidRequestUrl")


def single(query: Query) -> None:
    """Raises Refusal where options that only a collection takes come with a key."""
    if query.filter or query.order or query.after or query.top is not None or query.count:
        raise bad_request("The requested resource is not a collection: only $select and $expand can be applied to it.")
