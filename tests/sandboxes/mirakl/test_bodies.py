"""Whatever JSON is sent is answered: no body of any shape breaks the sandbox."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.sandboxes.mirakl.seller import parcel, seller, shippable, wanted

OPERATIONS = (
    ("PUT", "/api/orders"),
    ("PUT", "/api/orders/X/accept"),
    ("PUT", "/api/orders/X/tracking"),
    ("POST", "/api/shipments"),
    ("POST", "/api/shipments/tracking"),
    ("PUT", "/api/shipments/ship"),
)
NAMES = (
    "carrier_code", "carrier_name", "id", "order_id", "order_lines", "orders", "quantity", "references",
    "order_reference_for_seller", "shipment_lines", "shipments", "shipped", "tracking", "tracking_number",
)  # fmt: skip
LEAVES = st.sampled_from([None, True, 0, 1, -1, 1.5, "", " ", "X", "X-1", "CA1"])


def nested(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(NAMES), children, max_size=4)


ANY_JSON = st.recursive(LEAVES, nested, max_leaves=12)


def almost_right(junk: Any, name: str) -> list[dict[str, Any]]:
    """Bodies with one field of an entry replaced."""
    entry = {**parcel(), "id": "X", name: junk}
    return [{"shipments": [entry]}, {"orders": [entry]}, {"order_lines": [entry]}, entry]


@given(ANY_JSON, st.sampled_from(NAMES))
def test_any_body_is_answered(junk: Any, name: str) -> None:
    shop = shippable(seller(multi_shipment=True), wanted())

    for body in (junk, *almost_right(junk, name)):
        for method, url in OPERATIONS:
            assert shop.call(method, url, body).status in (200, 201, 204, 400, 415)
