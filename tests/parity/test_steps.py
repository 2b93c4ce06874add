"""One word per step: function, flow, queue, test; and the queues as the code, the host and the emulator know them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, get_args

import pytest
from azure.functions import FunctionApp

from local import emulator_config
from local.broker.configuration import seconds
from shared import wiring
from shared.bus.queues import QUEUES, queue_of
from shared.flows.requeue import QUEUED_STEPS
from shared.model.steps import POLLS, StepName
from tests.parity.pages import ROOT

FLOWS = {path.stem for path in (ROOT / "shared/flows").glob("*.py")}
HOST: dict[str, Any] = json.loads((ROOT / "host.json").read_text("utf-8"))
BUS = HOST["extensions"]["serviceBus"]


@pytest.fixture
def function_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """`function_app.py` as the worker imports it, with the settings of the example."""
    values = json.loads((ROOT / "local.settings.example.json").read_text("utf-8"))["Values"]
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(wiring._Process, "settings", None)
    monkeypatch.delitem(sys.modules, "function_app", raising=False)
    import function_app

    yield function_app
    sys.modules.pop("function_app", None)


def triggers(app: FunctionApp) -> dict[str, dict[str, Any]]:
    """Every function's trigger by the function's name."""
    found = {}
    for function in app.get_functions():
        trigger = function.get_trigger()
        assert trigger is not None
        found[str(function.get_function_name())] = trigger.get_dict_repr()
    return found


def _is_poll(queue: str) -> bool:
    return queue.replace("-", "_") in POLLS


def queue_triggers(app: FunctionApp) -> dict[str, dict[str, Any]]:
    return {name: trigger for name, trigger in triggers(app).items() if trigger["type"] == "serviceBusTrigger"}


def test_every_queue_is_read_by_the_function_of_its_name(function_app: ModuleType) -> None:
    read = {name: trigger["queueName"] for name, trigger in queue_triggers(function_app.app).items()}
    assert read == {queue.replace("-", "_"): queue for queue in QUEUES}


def test_sessions_and_connections_are_as_the_list_of_queues_says(function_app: ModuleType) -> None:
    for trigger in queue_triggers(function_app.app).values():
        assert trigger.get("isSessionsEnabled", False) is QUEUES[trigger["queueName"]].requires_session
        assert trigger["connection"] == "ServiceBusConnection"


def test_timers_take_their_schedules_from_settings_that_exist(function_app: ModuleType) -> None:
    timers = {
        name: one["schedule"] for name, one in triggers(function_app.app).items() if one["type"] == "timerTrigger"
    }
    assert timers == {
        "poll_orders_timer": "%POLL_ORDERS_SCHEDULE%",
        "poll_shipments_timer": "%POLL_SHIPMENTS_SCHEDULE%",
        "change_order_timer": "%CHANGE_ORDER_SCHEDULE%",
        "watch": "%WATCH_SCHEDULE%",
    }


def test_the_table_of_contents_registers_every_trigger_module(function_app: ModuleType) -> None:
    modules = [step.__name__ for step in (*function_app.STORY, *function_app.OPERATIONS)]
    written = {path.stem for path in (ROOT / "functions").glob("*.py") if "blueprint" in path.read_text("utf-8")}
    assert {name.removeprefix("functions.") for name in modules} == written
    assert written <= FLOWS


def test_every_step_has_its_flow_and_the_flow_its_tests() -> None:
    steps = {*get_args(StepName), *POLLS, "watch"}
    assert steps <= FLOWS
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests/flows").glob("test_*.py")}
    assert steps <= tested


def test_steps_that_can_be_sent_again_are_those_with_a_queue_that_orders_travel_on() -> None:
    assert {queue_of(step).name for step in QUEUED_STEPS} == {queue for queue in QUEUES if not _is_poll(queue)}


def test_the_emulator_s_file_is_the_one_that_the_list_of_queues_makes() -> None:
    written = (ROOT / "infra/Config.json").read_text("utf-8")
    assert written == emulator_config.written(emulator_config.config()), "run python -m local.emulator_config"


def test_a_lock_is_renewed_for_at_least_as_long_as_it_lasts_at_first() -> None:
    hours, minutes, whole = map(int, BUS["maxAutoLockRenewalDuration"].split(":"))
    renewed = 3600 * hours + 60 * minutes + whole
    assert all(seconds(queue.lock_duration, queue.name) <= renewed for queue in QUEUES.values())
    hours, minutes, whole = map(int, HOST["functionTimeout"].split(":"))
    assert renewed <= 3600 * hours + 60 * minutes + whole


def test_the_host_settles_one_message_after_the_other_and_reads_none_ahead() -> None:
    """Prefetched messages would lose their locks while they wait; a batch would share one fate."""
    assert (BUS["autoCompleteMessages"], BUS["prefetchCount"]) == (True, 0)


def test_what_nobody_deals_with_in_five_deliveries_is_dead_lettered() -> None:
    assert {queue.max_delivery_count for queue in QUEUES.values()} == {5}


def test_orders_outlive_a_long_weekend_in_their_queues_and_polls_do_not_pile_up() -> None:
    for queue in QUEUES.values():
        days = seconds(queue.time_to_live, queue.name) / 86400
        assert (queue.dead_letters_expired, days > 7) == ((False, False) if _is_poll(queue.name) else (True, True))
