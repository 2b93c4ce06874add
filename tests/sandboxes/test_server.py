"""What a sandbox's socket answers to whoever conducts the day with a wrong hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandboxes.faults import FaultySandbox
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.worlds import small
from sandboxes.server import ScaledClock, application

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def control(content: Mapping[str, Any], now: datetime) -> Any:
    if "count" not in content:
        raise ValueError("name a count")
    return {"count": content["count"]}


@pytest.mark.parametrize(
    ("name", "body", "status", "answer"),
    [
        ("count", '{"count": 3}', 200, {"count": 3}),
        ("count", "{}", 400, {"message": "name a count"}),
        ("other", "{}", 404, {"message": "no control 'other'"}),
        ("clear_faults", "", 200, {}),
    ],
)
async def test_a_control_that_refuses_says_why(name: str, body: str, status: int, answer: Any) -> None:
    faulty = FaultySandbox(MiraklSandbox(small(), START))
    app = application(faulty, ScaledClock(START, 1.0), {"count": control})
    async with TestClient(TestServer(app)) as conductor:
        answered = await conductor.post(f"/_sandbox/{name}", data=body)
        assert (answered.status, await answered.json()) == (status, answer)


async def test_a_body_that_is_not_json_is_refused() -> None:
    app = application(FaultySandbox(MiraklSandbox(small(), START)), ScaledClock(START, 1.0), {"count": control})
    async with TestClient(TestServer(app)) as conductor:
        assert (await conductor.post("/_sandbox/count", data="{count")).status == 400
