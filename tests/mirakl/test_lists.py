"""SH21 and RE01, and what of them is passed over."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Unavailable
from shared.mirakl.lists import MiraklLists
from shared.model.shipment import RegisteredCarrier
from shared.ports.marketplace import MarketplaceLists
from tests.mirakl.far_end import FarEnd, answering, client_of

URL = "https://carrier-one.example.com/track?number={trackingId}"
ONE = {"code": "CA1", "label": "Carrier One", "standard_code": None, "tracking_url": URL}


def lists(far_end: FarEnd) -> MarketplaceLists:
    return MiraklLists(client_of(far_end))


@pytest.mark.parametrize(
    ("listed", "carriers"),
    [
        ([], ()),
        ([ONE], (RegisteredCarrier("CA1", "Carrier One", URL),)),
        (
            [ONE, {"code": 7, "label": None}],
            (RegisteredCarrier("CA1", "Carrier One", URL), RegisteredCarrier("7", "")),
        ),
        ([None, "x", {"label": "no code"}, {"code": ["CA1"]}, ONE], (RegisteredCarrier("CA1", "Carrier One", URL),)),
        ([ONE | {"label": ["x"], "tracking_url": None}], (RegisteredCarrier("CA1", ""),)),
    ],
)
async def test_the_registered_carriers(listed: list[Any], carriers: tuple[RegisteredCarrier, ...]) -> None:
    assert await lists(answering({"carriers": listed})).carriers() == carriers


def reason(code: Any, label: Any, kind: Any = "CANCELATION", right: Any = True) -> dict[str, Any]:
    return {"code": code, "label": label, "type": kind, "is_shop_right": right}


async def test_the_reasons_for_which_the_shop_may_cancel() -> None:
    listed = [
        reason("34", "Cancelled before shipping"),
        reason(35, None),
        reason("15", "Out of stock", kind="REFUND"),
        reason("36", "The operator's own", right=False),
        reason("37", "Not said", right=None),
        reason("38", "New", kind="A_NEW_TYPE"),
        reason(None, "No code"),
        None,
    ]
    far_end = answering({"reasons": listed, "total_count": 8})
    assert await lists(far_end).reasons() == {"34": "Cancelled before shipping", "35": ""}


@pytest.mark.parametrize("content", [{}, [], None, {"carriers": None, "reasons": None}, {"carriers": {}, "reasons": 1}])
async def test_an_answer_without_the_list_withdraws_nothing(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await lists(answering(content)).carriers()
    assert raised.value.scope == "shop:north-de:SH21"
    with pytest.raises(Unavailable) as raised:
        await lists(answering(content)).reasons()
    assert raised.value.scope == "shop:north-de:RE01"
