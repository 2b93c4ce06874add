"""An ERP's sandbox inside the process, and which of its calls a day lets fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.demo.demo_erp import DemoErp
from sandboxes.server import Control

if TYPE_CHECKING:
    from tests.simulation.world import Choices

Installed = tuple[Any, Mapping[str, Control]]
"""A sandbox (`wire.Sandbox`, with whatever else its own ERP has) and its controls."""


@dataclass(frozen=True, slots=True)
class FarEnd:
    """`install` sets the sandbox up with settings of its world. `calls` are operations that fail, the oftener named
    the oftener; `kinds` are faults of its own.

    `setting` is what the day's choices change in the setting `ERP`, `world` what they change in the sandbox.
    `app` are more app settings. `places` is the operation that creates orders, and `doubled` the one whose late commit no key of the ERP's refuses.
    """

    demo: DemoErp
    install: Callable[[Mapping[str, Any]], Installed]
    calls: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    setting: Callable[[Choices], Mapping[str, object]] = lambda _: {}
    world: Callable[[Choices], Mapping[str, object]] = lambda _: {}
    app: Callable[[Choices], Mapping[str, str]] = lambda _: {}
    places: Callable[[Choices], str] = lambda _: "create"
    doubled: Callable[[Choices], str] = lambda _: ""

    def opened(self, choices: Choices) -> Installed:
        return self.install({**self.demo.world, **self.world(choices), **choices.warehouse, **self.demo.warehouse})
