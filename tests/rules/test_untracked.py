"""When a shipment goes without a tracking number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from shared.model.policy import ShippingPolicy
from shared.model.shipment import Carrier, ErpShipment
from shared.rules.carriers import Chosen
from shared.rules.untracked import awaited, may_go
from tests.builders import NOW, order

HOUR = timedelta(hours=1)
POLICY = ShippingPolicy(tracking_within=24 * HOUR)
FREE, BOUND = Chosen(Carrier("LTR"), True), Chosen(Carrier("CA1"), True, refused_without=True)
LEFT = ErpShipment("1", "PS-1", "NO-A", "NO-A", NOW, "EXP", "", "", ())


@pytest.mark.parametrize(
    ("untracked", "brings", "chosen", "hours", "goes"),
    [
        ("wait", "erp", FREE, 99, False),
        ("wait", "people", FREE, 99, False),
        ("ship", "erp", FREE, 23, False),
        ("ship", "erp", FREE, 24, True),
        ("ship", "files", FREE, 23, False),
        ("ship", "files", FREE, 24, True),
        ("ship", "people", FREE, 0, True),
        ("ship", "erp", BOUND, 99, False),
        ("ship", "people", BOUND, 99, False),
    ],
)
def test_it_goes_where_client_time_and_carrier_allow(
    untracked: Literal["wait", "ship"],
    brings: Literal["erp", "files", "people"],
    chosen: Chosen,
    hours: int,
    goes: bool,
) -> None:
    policy = replace(POLICY, untracked=untracked, tracking_from=brings)
    assert may_go(chosen, LEFT, order(), policy=policy, now=NOW + hours * HOUR) is goes


@pytest.mark.parametrize(
    ("brings", "said"), [("erp", "no tracking number yet"), ("files", "despatch file"), ("people", "knows no tracking")]
)
def test_who_brings_it_is_said(brings: Literal["erp", "files", "people"], said: str) -> None:
    assert said in awaited(replace(POLICY, tracking_from=brings))
