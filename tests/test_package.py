"""The package as deployment builds it, alone in a fresh folder and environment, indexed by Azure's own library."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest

from local.once import once
from local.package import build
from local.processes import ROOT, WORK
from shared.bus.queues import QUEUES

WORKER = ("azure-functions-runtime==1.3.0", "azurefunctions-extensions-base==1.2.0")
INDEX = """
import asyncio, json, sys
from pathlib import Path
from local.host.worker import Worker

async def main():
    worker = Worker()
    await worker.load(Path.cwd())
    print(json.dumps({one.name: dict(one.binding) for one in worker.functions}))
    worker.close()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(build(folder / "package.zip")) as package:
        package.extractall(folder / "app")
    return folder / "app"


def test_nothing_is_deployed_but_the_app(unpacked: Path) -> None:
    """A new folder at the top is either the app's, and named here, or stands in .funcignore."""
    expected = {"function_app.py", "functions", "host.json", "requirements.txt", "shared"}
    assert {path.name for path in unpacked.iterdir()} == expected
    suffixes = {path.suffix for path in unpacked.rglob("*") if path.is_file()}
    assert suffixes <= {".py", ".json", ".txt", ".md", ".csv"}


def test_equal_contents_make_equal_packages(tmp_path: Path) -> None:
    assert build(tmp_path / "one.zip").read_bytes() == build(tmp_path / "two.zip").read_bytes()


@pytest.mark.slow
def test_it_is_indexed_with_its_own_requirements_only(unpacked: Path, tmp_path: Path) -> None:
    indexed = _index(unpacked, tmp_path)
    assert set(indexed) == _declared()
    for name in QUEUES:
        assert indexed[name.replace("-", "_")]["queueName"] == name


def _declared() -> set[str]:
    """The functions that the modules of `functions/` put on a blueprint, registered by function_app.py or not."""
    return {
        node.name
        for module in (ROOT / "functions").glob("*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
        and any(ast.unparse(decorator).startswith("blueprint.") for decorator in node.decorator_list)
    }


def _index(app: Path, folder: Path) -> Mapping[str, Mapping[str, object]]:
    """In a process that sees the package, its requirements, the worker library and the two modules that drive it."""
    for name in ("__init__.py", "control.py", "worker.py"):
        (folder / "local" / "host").mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "local" / "host" / name, folder / "local" / "host")
    settings = json.loads((ROOT / "local.settings.example.json").read_text())["Values"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **settings}
    requirements = app / "requirements.txt"
    inputs = requirements.read_bytes() + "".join(WORKER).encode() + sys.version.encode()
    python = once(WORK / "package", inputs, partial(_make, requirements)) / "bin" / "python"
    return dict(json.loads(_run([str(python), "-c", INDEX], cwd=app, env=environment).splitlines()[-1]))


def _make(requirements: Path, home: Path) -> None:
    """A fresh environment with these requirements and the worker library, as Azure has it beside the app."""
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "-r", str(requirements)], cwd=home)
    # It declares Python 3.13 and runs on 3.11 and 3.12 as well.
    _run([*pip, "--no-deps", "--ignore-requires-python", *WORKER], cwd=home)


def _run(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
