"""`$metadata` and the service document: what the installation says it has."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from sandboxes.finance_supply_chain.edm import ENUMS, NAMESPACE, Property
from sandboxes.finance_supply_chain.entities import ENTITY_SETS
from sandboxes.finance_supply_chain.entity_set import EntitySet
from sandboxes.wire import Response

_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"


def document() -> Response:
    """The EDMX; as in reality it says nothing about the lengths of texts."""
    return Response(200, "".join(_lines()).encode(), {"content-type": "application/xml", "odata-version": "4.0"})


def service_document(root: str) -> Response:
    sets = [{"name": name, "kind": "EntitySet", "url": name} for name in ENTITY_SETS]
    return Response.of(200, {"@odata.context": f"{root}$metadata", "value": sets})


def _lines() -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="{_EDMX}"><edmx:DataServices>'
    yield f'<Schema Namespace="{NAMESPACE}" xmlns="{_EDM}">'
    for name, members in ENUMS.items():
        yield f'<EnumType Name="{name}">'
        yield from (f'<Member Name="{one}" Value="{number}"/>' for number, one in enumerate(members))
        yield "</EnumType>"
    for entity_set in ENTITY_SETS.values():
        yield from _entity_type(entity_set)
    yield '<EntityContainer Name="Resources">'
    yield from (f'<EntitySet Name="{n}" EntityType="{NAMESPACE}.{s.type_name}"/>' for n, s in ENTITY_SETS.items())
    yield "</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"


def _entity_type(entity_set: EntitySet) -> Iterator[str]:
    yield f'<EntityType Name="{entity_set.type_name}"><Key>'
    yield from (f'<PropertyRef Name="{name}"/>' for name in entity_set.key)
    yield "</Key>"
    yield from (_property(one, entity_set) for one in entity_set.properties.values())
    for name, target in entity_set.navigation.items():
        target_type = ENTITY_SETS[target].type_name
        yield f'<NavigationProperty Name="{name}" Type="Collection({NAMESPACE}.{target_type})"/>'
    yield "</EntityType>"


def _property(one: Property, entity_set: EntitySet) -> str:
    nullable = "" if one.nullable and one.name not in entity_set.key else ' Nullable="false"'
    return f"<Property Name={quoteattr(one.name)} Type={quoteattr(one.type_name)}{nullable}/>"
