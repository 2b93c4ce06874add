"""What ERPs offer, for people: the same subjects in the same words, and something in the place of what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from shared.erp.business_central.capabilities import capabilities as business_central
from shared.erp.finance_supply_chain.capabilities import capabilities as finance_supply_chain
from shared.model.sales_order import Capabilities
from tests.erp.business_central import drafts as bc
from tests.erp.business_central.sandbox_world import TRACKING
from tests.erp.finance_supply_chain import drafts as fo

ALL: Mapping[str, Capabilities] = {
    "F&O": finance_supply_chain(fo.configuration()),
    "F&O, numbers drawn": finance_supply_chain(replace(fo.configuration(), order_numbers="automatic")),
    "BC": business_central(bc.configuration()),
    "BC with everything": business_central(bc.configuration(tracking=TRACKING, shoppers=True, release="none")),
}


@pytest.mark.parametrize("can", ALL.values(), ids=ALL)
def test_the_same_subjects_in_the_same_order(can: Capabilities) -> None:
    assert [one.what for one in can.offers] == [one.what for one in ALL["F&O"].offers]
    assert all(one.how for one in can.offers)


@pytest.mark.parametrize("can", ALL.values(), ids=ALL)
def test_something_stands_in_for_what_is_not_offered_and_for_nothing_else(can: Capabilities) -> None:
    assert [one.what for one in can.offers if bool(one.instead) == one.offered] == []


@pytest.mark.parametrize("can", ALL.values(), ids=ALL)
def test_people_are_told_what_the_flows_are(can: Capabilities) -> None:
    offered = {one.what: one.offered for one in can.offers}
    assert offered["orders held"] == can.holds
    assert offered["lines cancelled"] == can.cancels_lines
    assert offered["orders released"] == can.releases
    assert offered["tracking numbers"] == can.tracks
    assert offered["a customer for each shopper"] == (can.shoppers != "no")


def test_one_writer_and_the_settle_time_are_said_in_these_words() -> None:
    (once,) = (one for one in ALL["BC"].offers if one.what == "each order once")
    assert "one writer per order" in once.how
    assert "settle time 20 minutes counted from sending (8 queued + 8 running + margin)" in once.how
