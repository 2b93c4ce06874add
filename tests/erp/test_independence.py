"""No flow, rule, model or function knows an ERP by name, and no ERP knows another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.erp.registry import ERPS, registration

ROOT = Path(__file__).parents[2]
ERP_FOLDERS = sorted(path.parent.name for path in (ROOT / "shared/erp").glob("*/__init__.py"))
KNOW_NO_ERP = (
    "shared/flows",
    "shared/rules",
    "shared/model",
    "shared/ports",
    "shared/store",
    "shared/bus",
    "functions",
)
SHORT = ("F&O", "FO", "D365", "BC", "Dynamics")
"""What people call them; folders and titles are found."""


def names() -> Iterator[str]:
    for folder in {*ERP_FOLDERS, *ERPS, *(path.parent.name for path in _sandboxes())}:
        yield from (folder, folder.replace("_", " "))
    yield from (registration(kind).title for kind in ERPS)
    yield from SHORT


def _sandboxes() -> Iterator[Path]:
    """Every sandbox but the marketplace's."""
    for path in (ROOT / "sandboxes").glob("*/__main__.py"):
        if path.parent.name != "mirakl":
            yield path


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def found(text: str, name: str) -> bool:
    """As a word of its own, in code and in prose; short names in their own case."""
    flags = re.NOFLAG if name in SHORT else re.IGNORECASE
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text, flags) is not None


@pytest.mark.parametrize("folder", KNOW_NO_ERP)
def test_nobody_here_knows_an_erp_by_name(folder: str) -> None:
    files, known = sources(folder), set(names())
    assert files
    knows = {f"{path.relative_to(ROOT)}: {name}" for path in files for name in known if found(path.read_text(), name)}
    assert knows == set()


@pytest.mark.parametrize("folder", ERP_FOLDERS)
def test_an_erp_knows_no_other(folder: str) -> None:
    others = [f"shared.erp.{other}" for other in ERP_FOLDERS if other not in (folder, "microsoft")]
    knows = {
        f"{path.relative_to(ROOT)}: {other}"
        for path in sources(f"shared/erp/{folder}")
        for other in others
        if found(path.read_text(), other)
    }
    assert knows == set()


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("from shared.erp.prima import adapter", "prima", True),
        ("if erp.kind == 'business_central':", "business_central", True),
        ("# Business Central numbers its orders", "business central", True),
        ("the primary key", "prima", False),
        ("F&O's totals", "F&O", True),
        ("ABC", "BC", False),
        ("abc = bc", "BC", False),
    ],
)
def test_what_counts_as_a_name(text: str, name: str, *, expected: bool) -> None:
    assert found(text, name) == expected


def test_every_registered_erp_has_a_folder_and_a_sandbox() -> None:
    assert set(ERPS) <= set(ERP_FOLDERS)
    assert set(ERPS) <= {path.parent.name for path in _sandboxes()}
