"""The address of a resource: entity set, key, and what follows the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from sandboxes.finance_supply_chain.edm import NAMESPACE, Property, Value, moment_of
from sandboxes.finance_supply_chain.entities import ENTITY_SETS
from sandboxes.finance_supply_chain.entity_set import EntitySet
from sandboxes.finance_supply_chain.errors import body_invalid, no_such_resource
from sandboxes.wire import Request

ROOT = "/data/"
_RESOURCE = re.compile(r"(?P<name>\w+)(?:\((?P<key>.*)\))?(?:/(?P<rest>[$\w]+))?")
_PAIR = re.compile(r"\s*(\w+)\s*=\s*(?:'((?:[^']|'')*)'|([\w.:+-]+))\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Address:
    """`key` is None for the whole set; `rest` is empty, `$count`, or a navigation property."""

    entity_set: EntitySet
    key: Mapping[str, Value] | None
    rest: str = ""


def parse(path: str) -> Address:
    """Raises Refusal: 404 for what is not there (names count their case), 400 for an incomplete key."""
    found = _RESOURCE.fullmatch(unquote(path.removeprefix(ROOT)))
    if found is None or found["name"] not in ENTITY_SETS:
        raise no_such_resource(path)
    entity_set = ENTITY_SETS[found["name"]]
    key = None if found["key"] is None else _key(found["key"], entity_set)
    rest = found["rest"] or ""
    if rest and rest not in ("$count" if key is None else "", *(entity_set.navigation if key is not None else ())):
        raise no_such_resource(path)
    return Address(entity_set, key, rest)


def _key(text: str, entity_set: EntitySet) -> Mapping[str, Value]:
    pairs: dict[str, tuple[str | None, str]] = {}
    at = 0
    while at < len(text):
        found = _PAIR.match(text, at)
        if found is None:
            raise body_invalid("The key in the URI is not well formed: name='value' pairs were expected.")
        pairs[found[1]] = (found[2], found[3])
        at = found.end()
    if set(pairs) != set(entity_set.key):
        raise body_invalid(
            "The number of keys specified in the URI does not match number of key properties for the resource "
            f"'{NAMESPACE}.{entity_set.type_name}'."
        )
    return {name: _literal(entity_set.properties[name], *pairs[name]) for name in entity_set.key}


def _literal(one: Property, quoted: str | None, bare: str) -> Value:
    """Texts stand in quotes, numbers and moments do not."""
    if one.kind == "String" and quoted is not None:
        return quoted.replace("''", "'")
    if one.kind == "Int64" and quoted is None and bare.isascii() and bare.isdigit():
        return int(bare)
    moment = moment_of(bare) if one.kind == "DateTimeOffset" and quoted is None else None
    if moment is None:
        raise body_invalid(f"The key in the URI is not well formed: '{one.name}' is of type '{one.type_name}'.")
    return moment


def written(entity_set: EntitySet, key: Mapping[str, str]) -> str:
    """The address of one record whose key is text, relative to the root."""
    pairs = ",".join(f"{name}='{quote(_escaped(key[name]), safe='')}'" for name in entity_set.key)
    return f"{entity_set.name}({pairs})"


def _escaped(text: str) -> str:
    return text.replace("'", "''")


def root(request: Request) -> str:
    """The service root as the caller wrote it; a request has no scheme, so loopback is http and any other https."""
    host = request.headers.get("host", "finance.example.com")
    scheme = "http" if host.startswith(("127.0.0.1", "localhost")) else "https"
    return f"{scheme}://{host}{ROOT}"
