"""The kinds of exceptions: each is raised somewhere, and each has its runbook, whose commands exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest

from cli.__main__ import main
from shared.exceptions import KINDS
from tests.parity.pages import ROOT, code, rows, sections

RUNBOOKS = ROOT / "docs/runbooks"
PAGES = [path.stem for path in sorted(RUNBOOKS.glob("*.md")) if path.stem != "README"]
PARTS = ["What you see", "What it means", "What to do", "When it closes"]


def raised_in(path: Path) -> Iterator[str]:
    """The kinds that a module's `Rejected(…)` name, directly or by a variable that holds one of several, and those of
    its table of late waits.
    """
    tree = ast.parse(path.read_text("utf-8"))
    for row in ast.walk(tree):
        if isinstance(row, ast.Call) and isinstance(row.func, ast.Name) and row.func.id == "Late":
            yield from _texts(row.args[0], {})
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            assigned = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Rejected":
                    yield from _texts(call.args[0], assigned)


def _texts(node: ast.expr, assigned: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(kind)):
            yield kind
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, assigned)
            yield from _texts(other, assigned)
        case ast.Name(id=name):
            yield from _texts(assigned[name], assigned)
        case ast.Attribute(value=ast.Name(id="found"), attr="kind"):
            return  # a row of the table
        case _:
            raise AssertionError(f"line {node.lineno}: Rejected(…) with a kind that cannot be read from the code")


def test_every_kind_is_raised_and_nothing_else_is() -> None:
    modules = [path for room in ("shared", "functions", "cli") for path in (ROOT / room).rglob("*.py")]
    assert {kind for path in modules for kind in raised_in(path)} == set(KINDS)


def test_every_kind_has_its_runbook_and_the_first_page_lists_them_all() -> None:
    assert sorted(KINDS) == PAGES
    first = (RUNBOOKS / "README.md").read_text("utf-8")
    assert sorted(re.findall(r"\]\((\w+)\.md\)", first)) == sorted(KINDS)


@pytest.mark.parametrize("kind", PAGES)
def test_a_runbook_says_what_the_code_says(kind: str) -> None:
    known = KINDS[kind]
    _, (title, top), *parts = sections(f"docs/runbooks/{kind}.md")
    assert (title, code("\n".join(top))) == (known.title, kind)
    assert [name for name, _ in parts] == PARTS
    assert all("".join(text).strip() for _, text in parts)
    [row] = rows(top)
    assert row["Owner"] == (known.owner or "the mapping table's owner")
    assert row["Due"] == _in_words(known.due)
    assert row["Escalates"] == f"{_in_words(known.escalates)} later"


def _in_words(wait: timedelta) -> str:
    hours = int(wait.total_seconds() // 3600)
    return {0: "at once", 1: "1 hour"}.get(hours, f"{hours} hours")


COMMANDS = sorted(
    {
        " ".join(found.split())
        for path in RUNBOOKS.glob("*.md")
        for found in re.findall(r"`(bridge [^`]+)`", path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_a_runbook_can_be_typed(command: str) -> None:
    group: click.Command = main
    words = command.split()[1:]
    while isinstance(group, click.Group):
        assert words[0] in group.commands, f"bridge {command}: there is no such command"
        group = group.commands[words.pop(0)]
    context = click.Context(group)
    # FILE arguments of imports must exist only when they are typed.
    given = [str(RUNBOOKS / "README.md") if word.endswith(".csv") else word for word in words]
    given = ["items" if word == "TABLE" else word for word in given]
    if given or not any(parameter.required for parameter in group.params):
        group.parse_args(context, given)


def test_a_kind_named_in_a_command_is_a_kind() -> None:
    named = {match for command in COMMANDS for match in re.findall(r"--kind (\w+)", command)}
    assert named <= set(KINDS)
