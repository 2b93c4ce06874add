"""The real function_app.py on parts that local/sabotage.py has spoiled; nothing in `shared/` knows of it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.processes import ROOT
from local.sabotage import SABOTAGES
from shared.settings import Settings
from shared.wiring import real_parts

_build = real_parts.real_parts


def _spoiled(settings: Settings, environment: Mapping[str, str]) -> real_parts.RealParts:
    built = _build(settings, environment)
    return replace(built, parts=SABOTAGES[os.environ["SABOTAGE"]](built.parts))


def _real_app() -> Any:
    """By its file: this module has its name."""
    spec = importlib.util.spec_from_file_location("real_function_app", ROOT / "function_app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.app


real_parts.real_parts = _spoiled
app = _real_app()
