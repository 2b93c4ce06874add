"""Who calls, on which instance, for which shop: 401 and 403 come before anything is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandboxes.mirakl.parameters import Query, integer
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.shops import ApiKey, Shop
from sandboxes.mirakl.world import World
from sandboxes.wire import Request

LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Instance:
    """The operator's instance that a URL names: `base` is what its own URLs start with, `path` what follows."""

    platform: Platform
    base: str
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised call. `subject` is the decoded id in its path, empty where the operation has none.

    What Mirakl silently passes over is noted in `ignored`, by name and never by value; in `doubled`, which orders an
    ST01 carried more than one shipment of.
    """

    request: Request
    now: datetime
    platform: Platform
    base: str
    key: ApiKey
    shop: Shop
    subject: str
    ignored: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def find_instance(world: World, request: Request) -> Instance | None:
    """By path prefix (`/north/api/…`, on a loopback socket), by host (`north.example.com`), or the only one."""
    host = request.headers.get("host", "localhost")
    scheme = "http" if host.partition(":")[0] in LOOPBACK else "https"
    first, _, rest = request.path.removeprefix("/").partition("/")
    prefixed = world.platform(first)
    if prefixed:
        return Instance(prefixed, f"{scheme}://{host}/{first}", f"/{rest}")
    only = world.platforms[0] if len(world.platforms) == 1 else None
    named = world.platform(host.partition(".")[0]) or only
    return Instance(named, f"{scheme}://{host}", request.path) if named else None


def find_key(keys: Sequence[ApiKey], platform: Platform, request: Request) -> ApiKey:
    """The raw key in `Authorization`, without `Bearer`; a key is good for one instance only."""
    given = request.headers.get("authorization", "")
    for key in keys:
        if key.platform == platform.code and key.key == given:
            return key
    raise Refusal(401, "Unauthorized")


def find_shop(world: World, key: ApiKey, request: Request) -> Shop:
    """`shop_id`, else the user's default shop. Another user's shop is denied (403)."""
    wanted = Query(request).read("shop_id", integer(1)) or key.shops[0]
    if wanted not in key.shops:
        raise Refusal(403, "Access denied to this shop")
    return world.shop(f"{key.platform}/{wanted}")
