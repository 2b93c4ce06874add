"""The operations this sandbox knows: method, path, roles and documented query parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.shops import (
    ANY_ROLE,
    OFFER_READ,
    OFFER_STOCK_WRITE,
    OFFER_TRACKING_READ,
    OFFER_WRITE,
    ORDER_ACCEPT,
    ORDER_EDIT,
    ORDER_READ,
    ORDER_SETTINGS_READ,
    ORDER_SHIP,
    ORDER_TRACKING_WRITE,
    SHIPPING_SETTINGS_READ,
    SHOP_ADMIN,
)

FILES = "/api/orders/async-export/files"
OFFERS = "/api/offers"
IMPORTS, STOCK_IMPORTS = f"{OFFERS}/imports", f"{OFFERS}/stock/imports"
OFFER_EXPORT = f"{OFFERS}/export/async"
OFFER_FILES = f"{OFFER_EXPORT}/file"
JSON, CSV, BYTES = "application/json", "text/csv", "application/octet-stream"

OR11_PARAMETERS = frozenset(
    {
        "order_ids", "order_references_for_customer", "order_references_for_seller", "order_state_codes",
        "channel_codes", "only_null_channel", "start_date", "end_date", "start_update_date", "end_update_date",
        "customer_debited", "payment_workflow", "has_incident", "fulfillment_center_code", "order_tax_mode",
        "shop_id", "locale", "max", "offset", "sort", "order",
    }
)  # fmt: skip

ST11_PARAMETERS = frozenset(
    {
        "order_id", "shipment_state_code", "shipment_customer_debit_state_code", "last_updated_from",
        "last_updated_to", "shop_id", "limit", "page_token", "sort",
    }
)  # fmt: skip

OF21_PARAMETERS = frozenset({"offer_state_codes", "product_id", "shop_id", "sku", "max", "offset", "order"})


@dataclass(frozen=True, slots=True)
class Route:
    """`roles`: any of them will do; none at all means that no key is asked for. `body`: JSON is expected; `form`: a
    multipart form. `answers` are the kinds of content that the operation has.
    """

    operation: str
    method: str
    path: re.Pattern[str]
    roles: tuple[str, ...]
    parameters: frozenset[str] = frozenset({"shop_id"})
    body: bool = False
    form: bool = False
    answers: tuple[str, ...] = (JSON,)


OFFER_READING = (SHOP_ADMIN, OFFER_READ)
OFFER_TRACKING = (SHOP_ADMIN, OFFER_WRITE, OFFER_TRACKING_READ)
STOCK_WRITING = (SHOP_ADMIN, OFFER_STOCK_WRITE)

OFFER_ROUTES = (
    Route("OF01", "POST", re.compile(IMPORTS), (SHOP_ADMIN, OFFER_WRITE), form=True),
    Route("OF02", "GET", re.compile(IMPORTS + r"/([^/]+)"), OFFER_TRACKING),
    Route("OF03", "GET", re.compile(IMPORTS + r"/([^/]+)/error_report"), OFFER_TRACKING, answers=(BYTES,)),
    Route("OF21", "GET", re.compile(OFFERS), OFFER_READING, OF21_PARAMETERS),
    Route("OF22", "GET", re.compile(OFFERS + r"/(\d+)"), OFFER_READING),
    Route("OF52", "POST", re.compile(OFFER_EXPORT), (ANY_ROLE,), body=True),
    Route("OF53", "GET", re.compile(OFFER_EXPORT + r"/status/([^/]+)"), (ANY_ROLE,)),
    Route(
        "OF54",
        "GET",
        re.compile(OFFER_FILES + r"/([^/]+)"),
        (ANY_ROLE,),
        frozenset({"shop_id", "file"}),
        answers=(JSON, CSV),
    ),
    Route("STO01", "POST", re.compile(STOCK_IMPORTS), STOCK_WRITING, form=True),
    Route("STO02", "GET", re.compile(STOCK_IMPORTS + r"/([^/]+)/status"), STOCK_WRITING),
    Route("STO03", "GET", re.compile(STOCK_IMPORTS + r"/([^/]+)/error_report"), STOCK_WRITING, answers=(CSV,)),
)

ROUTES = (
    *OFFER_ROUTES,
    Route("OR04", "PUT", re.compile(r"/api/orders"), (SHOP_ADMIN, ORDER_EDIT), body=True),
    Route("OR11", "GET", re.compile(r"/api/orders"), (SHOP_ADMIN, ORDER_READ), OR11_PARAMETERS),
    Route(
        "OR13",
        "POST",
        re.compile(r"/api/orders/async-export"),
        (SHOP_ADMIN, ORDER_READ),
        frozenset({"shop_id", "locale"}),
        body=True,
    ),
    Route("OR14", "GET", re.compile(r"/api/orders/async-export/status/([^/]+)"), (SHOP_ADMIN, ORDER_READ)),
    Route("OR15", "GET", re.compile(FILES + r"/([^/]+)"), (SHOP_ADMIN, ORDER_READ), frozenset({"shop_id", "file"})),
    Route("OR21", "PUT", re.compile(r"/api/orders/([^/]+)/accept"), (SHOP_ADMIN, ORDER_ACCEPT), body=True),
    Route("OR23", "PUT", re.compile(r"/api/orders/([^/]+)/tracking"), (SHOP_ADMIN, ORDER_TRACKING_WRITE), body=True),
    Route("OR24", "PUT", re.compile(r"/api/orders/([^/]+)/ship"), (SHOP_ADMIN, ORDER_SHIP)),
    Route("PC01", "GET", re.compile(r"/api/platform/configuration"), (SHOP_ADMIN,)),
    Route(
        "RE01",
        "GET",
        re.compile(r"/api/reasons"),
        (SHOP_ADMIN, ORDER_SETTINGS_READ),
        frozenset({"shop_id", "locale"}),
    ),
    Route("SH21", "GET", re.compile(r"/api/shipping/carriers"), (SHOP_ADMIN, SHIPPING_SETTINGS_READ)),
    Route("ST01", "POST", re.compile(r"/api/shipments"), (SHOP_ADMIN, ORDER_SHIP), body=True),
    Route("ST11", "GET", re.compile(r"/api/shipments"), (SHOP_ADMIN, ORDER_READ), ST11_PARAMETERS),
    Route("ST23", "POST", re.compile(r"/api/shipments/tracking"), (SHOP_ADMIN, ORDER_TRACKING_WRITE), body=True),
    Route("ST24", "PUT", re.compile(r"/api/shipments/ship"), (SHOP_ADMIN, ORDER_SHIP), body=True),
    Route("V01", "GET", re.compile(r"/api/version"), ()),
)


def find_route(method: str, path: str) -> tuple[Route, str]:
    """The route and the decoded id in its path. 404 for an unknown path, 405 for an unknown method of a known one."""
    found = list(_on_path(path))
    for route, subject in found:
        if route.method == method:
            return route, subject
    if found:
        allowed = ", ".join(sorted(route.method for route, _ in found))
        raise Refusal(405, "Method Not Allowed", headers={"allow": allowed})
    raise Refusal(404, "Not Found")


def _on_path(path: str) -> Iterator[tuple[Route, str]]:
    for route in ROUTES:
        match = route.path.fullmatch(path)
        if match:
            yield route, unquote(match.group(1)) if match.groups() else ""
