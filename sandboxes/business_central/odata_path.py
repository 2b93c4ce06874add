"""The address of a resource: environment, company, entity set, id, and what follows the id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from sandboxes.business_central.edm import guid_of
from sandboxes.business_central.entities import ENTITY_SETS
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import bad_request, no_resource
from sandboxes.wire import Request

_ENVIRONMENT = re.compile(r"/v2\.0/(?P<tenant>[^/]+)/(?P<environment>[^/]+)/(?P<rest>.*)", re.IGNORECASE)
_SEGMENT = re.compile(r"(?P<name>[\w.$]+)(?:\((?P<key>[^()]*)\))?")
_PAGE = re.compile(r"ODataV4/Company\('(?P<company>(?:[^']|'')*)'\)/(?P<name>\w+)")
API = "api/v2.0/"


@dataclass(frozen=True, slots=True)
class Place:
    """`rest` is what follows the environment, decoded."""

    tenant: str
    environment: str
    rest: str

    @property
    def is_api(self) -> bool:
        return self.rest.startswith(API)

    @property
    def api_rest(self) -> str:
        return self.rest.removeprefix(API)


@dataclass(frozen=True, slots=True)
class Address:
    """`company` is an id, empty for the companies themselves; `parent` names the record that was come from.

    `rest` is empty, `$count`, or the name of a bound action.
    """

    entity_set: EntitySet
    company: str = ""
    key: str | None = None
    parent: tuple[EntitySet, str] | None = None
    rest: str = ""


def place(path: str) -> Place | None:
    found = _ENVIRONMENT.fullmatch(path)
    return Place(found["tenant"], found["environment"], unquote(found["rest"])) if found else None


def parse(rest: str) -> Address:
    """`companies(…)/salesOrders(…)/…`. Raises Refusal: 404 for what is not there (names count their case)."""
    names = [_segment(one) for one in rest.split("/")]
    if names[0][0] != "companies":
        raise no_resource(names[0][0])
    company = names[0][1]
    if len(names) == 1:
        return Address(ENTITY_SETS["companies"], key=company)
    if company is None:
        raise no_resource(names[1][0])
    return _inside(company, names[1:])


def _inside(company: str, names: list[tuple[str, str | None]]) -> Address:
    name, key = names[0]
    if name not in ENTITY_SETS or name == "companies":
        raise no_resource(name)
    address = Address(ENTITY_SETS[name], company, key)
    for name, key in names[1:]:
        address = _step(address, name, key)
    return address


def _step(address: Address, name: str, key: str | None) -> Address:
    one = address.entity_set
    if address.rest:
        raise no_resource(name)
    if name == "$count" and address.key is None:
        return Address(one, address.company, None, address.parent, name)
    if address.key is not None and name in one.navigation:
        return Address(ENTITY_SETS[one.navigation[name]], address.company, key, (one, address.key))
    if address.key is not None and name.startswith("Microsoft.NAV."):
        return Address(one, address.company, address.key, rest=name.removeprefix("Microsoft.NAV."))
    raise no_resource(name)


def _segment(text: str) -> tuple[str, str | None]:
    found = _SEGMENT.fullmatch(text)
    if found is None:
        raise no_resource(text)
    if found["key"] is None:
        return found["name"], None
    key = guid_of(found["key"])
    if key is None:
        raise bad_request(f"The key '{found['key']}' of the segment '{found['name']}' is not a valid Edm.Guid.")
    return found["name"], key


def published(rest: str) -> tuple[str, str] | None:
    """Company and name of a page that was published as a web service."""
    found = _PAGE.fullmatch(rest)
    return (found["company"].replace("''", "'"), found["name"]) if found else None


def root(request: Request) -> str:
    """Scheme and host as the caller wrote them; a request has no scheme, so loopback is http and any other https."""
    host = request.headers.get("host", "api.businesscentral.dynamics.com")
    scheme = "http" if host.startswith(("127.0.0.1", "localhost")) else "https"
    return f"{scheme}://{host}"


def service(request: Request) -> str:
    """The address of the API's root, as the caller wrote it."""
    return root(request) + request.path.partition("/companies")[0].removesuffix("/$batch") + "/"
