"""Every wrong request about offers and stock that this sandbox refuses as a call; wrong lines are no wrong requests.

`source` names the page of Mirakl's seller API documentation; `(chosen)` marks what no public page settles.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandboxes.mirakl.offer_terms import WantedOffer
from tests.sandboxes.mirakl.seller import IMPORTS, STOCK_IMPORTS, Seller, form, stocked
from tests.sandboxes.mirakl.wrong_request import Wrong, send

STATUSES = "General notes, HTTP status codes"
FILE = "offer-sku;quantity\nA;3\n"
EXPORT = "/api/offers/export/async"
READER: dict[str, Any] = {"key": "key-reader", "status": 403}


def upload(
    name: str,
    url: str,
    files: dict[str, str],
    about: str = "",
    status: int = 400,
    source: str = "STO01",
    **fields: str,
) -> Wrong:
    body, kind = form(files, fields)
    return Wrong(name, source, "POST", url, status, body=body, about=about, headers={"content-type": kind})


def raw(name: str, body: bytes, kind: str, status: int = 400, source: str = STATUSES) -> Wrong:
    return Wrong(name, source, "POST", STOCK_IMPORTS, status, body=body, headers={"content-type": kind})


def export(name: str, about: str = "", source: str = "OF52", **body: Any) -> Wrong:
    return Wrong(f"OF52 {name}", source, "POST", EXPORT, 400, body=body, about=about)


PLAIN, MULTIPART = form({}, {"file": FILE})
SINCE = "2026-03-02T08:00:00Z"

WRONG = (
    Wrong("STO01 without a key", STATUSES, "POST", STOCK_IMPORTS, 401, key=""),
    Wrong("may only read, sends stock", "STO01, roles", "POST", STOCK_IMPORTS, **READER),
    Wrong("may only read, follows stock", "STO02, roles", "GET", f"{STOCK_IMPORTS}/x/status", **READER),
    Wrong("may only read, sends offers", "OF01, roles", "POST", IMPORTS, **READER),
    Wrong("may only read, follows offers", "OF02, roles", "GET", f"{IMPORTS}/2001", **READER),
    Wrong("may only read, lists offers", "OF21, roles", "GET", "/api/offers", **READER),
    Wrong("a shop of somebody else", STATUSES, "POST", f"{STOCK_IMPORTS}?shop_id=9", 403),
    Wrong("stock imports are not listed", STATUSES, "GET", STOCK_IMPORTS, 405),
    Wrong("OF24 is not for stock", "OF24 (not simulated)", "POST", "/api/offers", 405, body={"offers": []}),
    Wrong("STO01 in JSON", STATUSES, "POST", STOCK_IMPORTS, 415, body={"file": FILE}),
    raw("STO01 as the bare file", FILE.encode(), "text/csv", 415),
    raw("STO01 without a boundary", PLAIN, "multipart/form-data"),
    raw("STO01 with another boundary", PLAIN, "multipart/form-data; boundary=other"),
    raw("STO01 cut short", PLAIN[:-9], MULTIPART),
    raw("STO01 with a field for a file (chosen)", PLAIN, MULTIPART, source="STO01 (chosen)"),
    raw("STO01 without a body", b"", MULTIPART),
    upload("STO01 under another name", STOCK_IMPORTS, {"stock": FILE}, "file"),
    upload("STO01 with an empty file", STOCK_IMPORTS, {"file": "\n"}, "file", source="STO01 (chosen)"),
    Wrong("STO02 of an unknown import", STATUSES, "GET", f"{STOCK_IMPORTS}/0000/status", 404),
    Wrong("STO03 in JSON", "STO03 (text/csv only)", "GET", f"{STOCK_IMPORTS}/0000/error_report", 406),
    Wrong(
        "STO03 of an unknown import", STATUSES, "GET", f"{STOCK_IMPORTS}/0000/error_report", 404,
        headers={"accept": "text/csv"},
    ),
    upload("OF01 without a mode", IMPORTS, {"file": "sku\nA\n"}, "import_mode", source="OF01"),
    upload("OF01 in another mode", IMPORTS, {"file": "sku\nA\n"}, "import_mode", source="OF01", import_mode="FULL"),
    upload("OF01 without a file", IMPORTS, {}, "file", source="OF01", import_mode="NORMAL"),
    upload(
        "OF01 with products, perhaps", IMPORTS, {"file": "sku\nA\n"}, "with_products", source="OF01",
        import_mode="NORMAL", with_products="maybe",
    ),
    Wrong("OF02 of an unknown import", STATUSES, "GET", f"{IMPORTS}/99", 404),
    Wrong("OF03 of an unknown import", STATUSES, "GET", f"{IMPORTS}/99/error_report", 404, headers={"accept": "*/*"}),
    Wrong("OF21 with too large a page", "General notes, offset pagination", "GET", "/api/offers?max=101", 400),
    Wrong("OF22 of an unknown offer", STATUSES, "GET", "/api/offers/1", 404),
    Wrong("OF52 as text", STATUSES, "POST", EXPORT, 415, body={}, headers={"content-type": "text/plain"}),
    Wrong("OF52 with a list", "OF52", "POST", EXPORT, 400, body=[]),
    Wrong("OF52 without a body", "OF52 (chosen)", "POST", EXPORT, 400),
    export("both since a date and inactive", "inactive", include_inactive_offers=True, last_request_date=SINCE),
    export("both, even if false", "inactive", include_inactive_offers=False, last_request_date=SINCE),
    export("of an unknown kind", "export_type", export_type="application/xml"),
    export("since a date without an offset", "last_request_date", last_request_date="2026-03-02T08:00:00"),
    export("inactive as a text", "include_inactive_offers", include_inactive_offers="yes"),
    export("few items a file", "items_per_chunk", "OF52 (minimum 10000)", items_per_chunk=500),
    export("huge file", "megabytes_per_chunk", "OF52 (maximum 1000)", megabytes_per_chunk=1001),
    export("fields as a text", "include_fields", include_fields="quantity"),
    Wrong("OF53 of an unknown export", STATUSES, "GET", f"{EXPORT}/status/0000", 404),
    Wrong("OF54 of an unknown export", STATUSES, "GET", f"{EXPORT}/file/0000?file=of52-export%2Foffers%2F0.json", 404),
)  # fmt: skip


def a_shop() -> Seller:
    return stocked(WantedOffer(sku="A", quantity=10))


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_request_gets_the_documented_answer_and_changes_nothing(wrong: Wrong) -> None:
    shop = a_shop()
    before = shop.stock()

    status, content = send(shop, wrong)

    assert status == wrong.status == content["status"]
    assert wrong.about in content["message"]
    assert shop.stock() == before


def test_every_row_has_a_name_of_its_own_and_a_source() -> None:
    assert len({wrong.name for wrong in WRONG}) == len(WRONG) >= 40
    assert all(wrong.source for wrong in WRONG)


def test_a_refusal_never_repeats_what_was_sent() -> None:
    shop = a_shop()

    for wrong in WRONG:
        _, content = send(shop, wrong)
        assert not [word for word in ("key-", "FULL", "maybe", "xml", "T08:00:00") if word in json.dumps(content)]


def test_what_is_right_is_let_in() -> None:
    assert send(a_shop(), upload("right", STOCK_IMPORTS, {"file": FILE}))[0] == 201
    right = upload("right", IMPORTS, {"file": "sku;quantity\nA;1\n"}, import_mode="NORMAL", with_products="false")
    assert send(a_shop(), right)[0] == 201
