"""What the host reads before it starts: settings, host.json, the scaled clock, and the route templates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from local.host import configuration
from local.host.clock import ScaledClock
from local.host.configuration import Configuration
from local.host.settings import SettingsProblem, expand, prepare
from local.host.web import route

EPOCH = "2026-11-20T08:00:00+00:00"


def _host_json(folder: Path, **service_bus: Any) -> Path:
    (folder / "host.json").write_text(json.dumps({"version": "2.0", "extensions": {"serviceBus": service_bus}}))
    return folder


def test_the_environment_wins_over_the_file_and_loopback_goes_without_a_proxy(tmp_path: Path) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(json.dumps({"IsEncrypted": False, "Values": {"PREFIX": "file", "ONLY": "file"}}))
    environment = {"PREFIX": "set", "CONTAINER_NAME": "box", "http_proxy": "http://proxy:1", "no_proxy": "intranet"}
    prepare(environment, file)
    assert environment == {
        "PREFIX": "set",
        "ONLY": "file",
        "http_proxy": "http://proxy:1",
        "no_proxy": "intranet,127.0.0.1,localhost,::1",
        "NO_PROXY": "127.0.0.1,localhost,::1",
    }


@pytest.mark.parametrize("content", ["not json", "{}", "[]", '{"Values": []}', '{"Values": {"A": 1}}'])
def test_an_unusable_settings_file_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "local.settings.json"
    file.write_text(content)
    with pytest.raises(SettingsProblem, match=r"^local\.settings\.json: "):
        prepare({}, file)


def test_settings_are_expanded_in_bindings() -> None:
    assert expand("%A% at %B%x", {"A": "1", "B": "2"}) == "1 at 2x"
    with pytest.raises(SettingsProblem, match=r"^POLL: .* set it"):
        expand("%POLL%", {})


def test_host_json_is_read_with_the_extensions_defaults(tmp_path: Path) -> None:
    options = {"maxConcurrentCalls": 3, "maxAutoLockRenewalDuration": "1.00:02:03", "prefetchCount": 0}
    assert configuration.read(_host_json(tmp_path, **options), {}) == Configuration(
        max_concurrent_calls=3,
        max_concurrent_sessions=8,
        max_auto_lock_renewal=timedelta(days=1, minutes=2, seconds=3),
        session_idle=timedelta(minutes=1),
        route_prefix="api",
    )


def test_a_setting_overrides_host_json(tmp_path: Path) -> None:
    settings = {"AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentSessions": "1"}
    assert configuration.read(_host_json(tmp_path, maxConcurrentSessions=4), settings).max_concurrent_sessions == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"maxConcurrentCalls": 0}, "maxConcurrentCalls must be a whole number"),
        ({"maxConcurrentSessions": "many"}, "maxConcurrentSessions must be"),
        ({"maxAutoLockRenewalDuration": 300}, "maxAutoLockRenewalDuration must be written hh:mm:ss"),
        ({"autoCompleteMessages": False}, "autoCompleteMessages true"),
        ({"prefetchCount": 10}, "prefetchCount 0 only"),
    ],
)
def test_what_this_host_would_do_otherwise_is_refused(options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match=rf"^host\.json: .*{said}"):
        configuration.read(_host_json(tmp_path, **options), {})


def test_no_host_json_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match=r"host\.json: missing"):
        configuration.read(tmp_path, {})


def test_accelerated_time_runs_from_the_epoch() -> None:
    clock = ScaledClock.from_settings({"ACCELERATE": "60", "ACCELERATE_EPOCH": EPOCH})
    wall = datetime.now(UTC) - clock.epoch
    accelerated = clock.now() - clock.epoch
    assert timedelta(0) <= accelerated - 60 * wall < timedelta(minutes=30)
    assert 0 < clock.seconds_until(clock.now() + timedelta(hours=1)) <= 60


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ACCELERATE": "0.5"}, "ACCELERATE: write a number from 1 to 240"),
        ({"ACCELERATE": "241"}, "ACCELERATE: write"),
        ({"ACCELERATE": "fast"}, "ACCELERATE: write"),
        ({"ACCELERATE": "nan"}, "ACCELERATE: write"),
        ({"ACCELERATE": "60"}, "ACCELERATE_EPOCH: needed"),
        ({"ACCELERATE_EPOCH": "yesterday"}, "ACCELERATE_EPOCH: write ISO 8601"),
        ({"ACCELERATE_EPOCH": "2026-11-20T08:00:00"}, "with its offset"),
    ],
)
def test_an_unusable_clock_is_refused(settings: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsProblem, match=said):
        ScaledClock.from_settings(settings)


@pytest.mark.parametrize(
    ("template", "path", "matched"),
    [
        ("orders", "/orders", {}),
        ("orders/{id}", "/orders/A-1", {"id": "A-1"}),
        ("orders/{id:int}", "/orders/12", {"id": "12"}),
        ("orders/{id:int}", "/orders/A-1", None),
        ("orders/{id:guid}/lines/{line:length(1,9)}", "/orders/x/lines/y", {"id": "x", "line": "y"}),
        ("files/{*rest}", "/files/a/b", {"rest": "a/b"}),
    ],
)
def test_route_templates(template: str, path: str, matched: dict[str, str] | None) -> None:
    resource = web.UrlDispatcher().add_resource("/" + route(template))
    assert resource._match(path) == matched
