"""The emulator's file is the one list of queues again, and the broker reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.broker.configuration import ConfigurationProblem, queue, read, seconds, with_locks_of
from local.broker.terms import Settings
from local.emulator_config import CONFIG, NotEmulated, config, written
from shared.bus.queues import QUEUES, Queue


def test_the_committed_file_is_what_would_be_written() -> None:
    assert CONFIG.read_text() == written(config()), "run python -m local.emulator_config"


def test_the_broker_reads_every_queue_of_it() -> None:
    found = {one.name: one for one in read(CONFIG)}
    assert set(found) == set(QUEUES)
    for name, wanted in QUEUES.items():
        assert found[name].requires_session == wanted.requires_session
        assert found[name].lock_seconds == seconds(wanted.lock_duration, name)
        assert found[name].max_delivery_count == wanted.max_delivery_count
        assert found[name].dead_letters_expired == wanted.dead_letters_expired


QUEUE = Queue("q", False, "PT1M", 5, "PT30M", True)


@pytest.mark.parametrize(("wanted", "emulated"), [("PT1M", "PT5M"), ("PT30M", "PT30M"), ("P14D", "PT1H")])
def test_a_life_is_as_near_as_the_emulator_comes(wanted: str, emulated: str) -> None:
    content = config({"q": replace(QUEUE, time_to_live=wanted)})
    (only,) = content["UserConfig"]["Namespaces"][0]["Queues"]
    assert only["Properties"]["DefaultMessageTimeToLive"] == emulated


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (replace(QUEUE, lock_duration="PT6M"), "lockDuration"),
        (replace(QUEUE, lock_duration="PT1S"), "lockDuration"),
        (replace(QUEUE, max_delivery_count=11), "maxDeliveryCount"),
    ],
)
def test_what_the_emulator_cannot_have_is_named(wrong: Queue, named: str) -> None:
    with pytest.raises(NotEmulated, match=f"q: {named}"):
        config({"q": wrong})


def test_what_a_queue_leaves_out_is_as_the_emulator_has_it() -> None:
    assert queue("q", {}) == Settings("q", False, 60.0, 3, 3600.0, False)


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"RequiresDuplicateDetection": True}, "RequiresDuplicateDetection"),
        ({"ForwardTo": "other"}, "ForwardTo"),
        ({"MaxDeliverycount": 3}, "MaxDeliverycount"),
        ({"LockDuration": "1 minute"}, "1 minute"),
    ],
)
def test_what_the_broker_does_not_do_is_refused_by_name(properties: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationProblem, match=named):
        queue("q", properties)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "Config.json"),
        ("{}", "UserConfig"),
        (json.dumps({"UserConfig": {"Namespaces": [{"Topics": [1]}]}}), "Topics"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(content: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "Config.json"
    path.write_text(content)
    with pytest.raises(ConfigurationProblem, match=named):
        read(path)


def test_switched_off_properties_are_no_trouble() -> None:
    assert queue("q", {"ForwardTo": "", "RequiresDuplicateDetection": False}) == queue("q", {})


def test_locks_can_be_set_for_all_queues() -> None:
    assert {one.lock_seconds for one in with_locks_of(read(CONFIG), 2.5)} == {2.5}


@pytest.mark.parametrize(("text", "wanted"), [("PT5S", 5), ("PT1M30S", 90), ("P14D", 1209600), ("P1DT1H", 90000)])
def test_durations(text: str, wanted: float) -> None:
    assert seconds(text, "q") == wanted
