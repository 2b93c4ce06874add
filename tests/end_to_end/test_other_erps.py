"""The same app with another ERP behind it: an order is there once although the answer was lost, and is shipped back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from local.demo.erps import BUSINESS_CENTRAL, PRIMA
from tests.end_to_end import running
from tests.end_to_end.running import Running, Scenario
from tests.end_to_end.test_shipping import carriers
from tests.local.running import complete

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.xdist_group("stack")]


@pytest.fixture(scope="module", params=[BUSINESS_CENTRAL, PRIMA], ids=lambda erp: erp.title)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = complete(running.start(tmp_path_factory.mktemp(request.param.kind), request.param))
    yield started
    complete(running.end(started.stack))


@pytest.fixture
async def scene(other: Running) -> AsyncIterator[Scenario]:
    async with running.scenario(other) as played:
        yield played


async def test_an_order_whose_answer_is_lost_is_there_once_and_shipped_back(scene: Scenario) -> None:
    erp, stage = scene.stage.demo, scene.stage
    await stage.erp.fail({"kind": "reset_after", "operation": erp.place, **erp.about("NO-LOST-1")})
    references = [*await scene.place("north/2001", "LOST-1"), *await scene.place("south/2001", "PLAIN-1")]
    await scene.once(*references)
    await scene.ship(*references)
    orders = await scene.shipped(*references)
    assert {one["order_id"]: carriers(one) for one in orders} == {
        "LOST-1": [("CA1", "TRACK-NO-LOST-1")],
        "PLAIN-1": [("CA1", "TRACK-SO-PLAIN-1")],
    }
    numbers = {one["reference"][3:]: one["number"] for one in await scene.in_erp(*references)}
    assert {one["order_id"]: one["seller_reference"]["value"] for one in orders} == numbers
    evidence = await scene.once(*references)
    assert evidence.erp_survived == {"reset_after": 1}
