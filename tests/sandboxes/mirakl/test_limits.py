"""Call limits: 429 with Retry-After, per key or per shop, never for the operations without a number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.mirakl.limits import CallLimits, Limit
from sandboxes.mirakl.platform import call_limits
from tests.sandboxes.mirakl.seller import IMPORTS, START, STOCK_IMPORTS, Seller, place, seller, wanted

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
STRICT = {"OR11": Limit(MINUTE)}


def list_orders(of: Seller, shop_id: int = 2001) -> int:
    return of.call("GET", f"/api/orders?shop_id={shop_id}").status


def test_one_call_too_many_is_told_how_long_to_wait() -> None:
    shop = seller(limits=STRICT)
    assert list_orders(shop) == 200

    refused = shop.after(18 * SECOND).call("GET", "/api/orders")

    assert (refused.status, refused.headers["retry-after"]) == (429, "42")
    assert refused.json()["status"] == 429
    assert list_orders(shop.after(41 * SECOND)) == 429
    assert list_orders(shop.after(SECOND)) == 200, "a refused call costs nothing"
    assert shop.control("books")["throttled"] == 2


def test_two_calls_may_come_close_together_where_the_limit_says_so() -> None:
    shop = seller(limits={"OR11": Limit(MINUTE, burst=2)})

    assert [list_orders(shop) for _ in range(3)] == [200, 200, 429]
    assert [list_orders(shop.after(MINUTE)) for _ in range(3)] == [200, 200, 200]
    assert list_orders(shop) == 429


@pytest.mark.parametrize(("scope", "second_shop", "second_key"), [("key", 429, 200), ("shop", 200, 429)])
def test_what_is_counted_is_the_key_or_the_shop(scope: str, second_shop: int, second_key: int) -> None:
    shop = seller(limits=STRICT, limit_scope=scope)
    assert list_orders(shop) == 200
    shop.key = "key-reader"
    assert list_orders(shop) == second_key
    shop.key = "key-admin"

    assert list_orders(shop, 2002) == second_shop


def test_exports_every_five_minutes_and_their_status_every_two_seconds() -> None:
    shop = seller(limits=call_limits())
    body = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-31T00:00:00Z"}
    tracking = shop.call("POST", "/api/orders/async-export", body).json()["tracking_id"]

    def status(of: Seller) -> Any:
        return of.call("GET", f"/api/orders/async-export/status/{tracking}").status

    assert [status(shop), status(shop), status(shop)] == [200, 200, 429]
    assert [status(shop.after(2 * SECOND)) for _ in range(20)] == [200] * 20
    assert shop.after(4 * MINUTE).call("POST", "/api/orders/async-export", body).headers["retry-after"] == "20"


def test_references_once_a_minute_and_carriers_once_a_day() -> None:
    shop = seller(limits=call_limits())
    place(shop, wanted())
    body = {"orders": [{"order_id": "X"}]}

    assert [shop.call("PUT", "/api/orders", body).status for _ in range(2)] == [200, 429]
    assert [shop.call("GET", "/api/shipping/carriers").status for _ in range(2)] == [200, 429]
    assert [shop.call("GET", "/api/reasons").status for _ in range(5)] == [200] * 5
    assert shop.after(MINUTE).call("PUT", "/api/orders", body).status == 200
    assert shop.call("GET", "/api/shipping/carriers").headers["retry-after"] == str(86400 - 60)
    assert shop.after(timedelta(days=1)).call("GET", "/api/shipping/carriers").status == 200


STOCK_FILE = "offer-sku;quantity\nA;{}\n"


def test_stock_imports_once_a_minute_and_their_status_every_fifteen_seconds() -> None:
    shop = seller(limits=call_limits())
    sent = [shop.upload(STOCK_IMPORTS, STOCK_FILE.format(number)) for number in (1, 2)]
    assert [one.status for one in sent] == [201, 429]
    assert sent[1].headers["retry-after"] == "60"
    asked = f"{STOCK_IMPORTS}/{sent[0].json()['import_id']}"

    assert [shop.call("GET", f"{asked}/status").status for _ in range(2)] == [200, 429]
    assert shop.after(15 * SECOND).call("GET", f"{asked}/status").status == 200
    assert [shop.fetch(f"{asked}/error_report").status for _ in range(2)] == [404, 429]
    assert shop.after(45 * SECOND).upload(STOCK_IMPORTS, STOCK_FILE.format(3)).status == 201


def test_a_duplicate_file_is_a_call_like_any_other() -> None:
    shop = seller(limits=call_limits())

    assert [shop.upload(STOCK_IMPORTS, STOCK_FILE.format(1)).status for _ in range(2)] == [201, 429]


def test_offer_imports_once_a_minute_for_each_shop() -> None:
    shop = seller(limits=call_limits())

    def sent(shop_id: int) -> int:
        return shop.upload(f"{IMPORTS}?shop_id={shop_id}", "sku;quantity\nA;1\n", import_mode="NORMAL").status

    assert [sent(2001), sent(2001), sent(2002)] == [201, 429, 201]


def test_full_exports_of_offers_once_a_day_and_differential_ones_once_a_minute() -> None:
    shop = seller(limits=call_limits())
    since = {"last_request_date": "2026-03-02T08:00:00Z"}

    def exported(body: Any) -> int:
        return shop.call("POST", "/api/offers/export/async", body).status

    assert [exported({}), exported(since), exported({}), exported(since)] == [200, 200, 429, 429]
    shop.after(MINUTE)
    assert [exported(since), exported({})] == [200, 429]
    shop.after(timedelta(days=1))
    assert exported({"include_inactive_offers": True}) == 200


def test_acceptances_have_no_number() -> None:
    shop = seller(limits=call_limits())
    place(shop, *(wanted(f"N{number}") for number in range(50)))

    assert {shop.decide(f"N{number}", L1=True).status for number in range(50)} == {204}


def test_a_call_without_a_key_does_not_use_up_anybodys_share() -> None:
    shop = seller(limits=STRICT)
    shop.key = "key-nobody"
    assert list_orders(shop) == 401
    shop.key = "key-admin"

    assert list_orders(shop) == 200


@given(st.lists(st.integers(0, 90), min_size=1, max_size=40), st.integers(1, 3))
def test_never_more_than_the_interval_allows_in_any_stretch_of_time(gaps: list[int], burst: int) -> None:
    limits, limit, now = CallLimits(), Limit(MINUTE, burst), START
    let_in: list[datetime] = []
    for gap in gaps:
        now += gap * SECOND
        wait = limits.take("OR11", "key", limit, now)
        if wait == 0:
            let_in.append(now)
        else:
            assert limits.take("OR11", "key", limit, now + (wait - 1) * SECOND) > 0, "no longer than needed"

    for first, start in enumerate(let_in):
        for last in range(first, len(let_in)):
            assert last - first + 1 <= burst + (let_in[last] - start) / MINUTE


@given(st.integers(1, 3))
def test_whoever_keeps_the_interval_is_never_refused(burst: int) -> None:
    limits = CallLimits()

    assert [limits.take("OR11", "key", Limit(MINUTE, burst), START + n * MINUTE) for n in range(100)] == [0] * 100
