"""One order of ours in the ERP: in its books by our reference, in its journal by the name that it has there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local import demo
from local.day.stage import Stage, until
from local.verdict import Book

_GLANCE_SECONDS = 0.1


async def in_erp(stage: Stage, reference: str) -> Book | None:
    """The order as the ERP's books have it now."""
    orders = (await stage.erp.books())["orders"]
    return next((one for one in orders if one["reference"] == reference), None)


async def placings(stage: Stage, reference: str) -> Sequence[Mapping[str, Any]]:
    """Every call that was to create it."""
    name = await _name(stage, reference)
    calls = [one for one in await stage.erp.read_journal() if one["operation"] == stage.demo.place]
    return [one for one in calls if name and one["subject"] == name]


async def placed(stage: Stage, reference: str, times: int = 1) -> bool:
    """Wait until the ERP saw so many placings of it; False, and said so, if it never does."""

    async def event() -> bool:
        return len(await placings(stage, reference)) >= times

    if await until(event, patience=stage.patience, glance=_GLANCE_SECONDS if _is_numbered(stage) else 0.03):
        return True
    stage.say(f"{reference} was never sent to the ERP")
    return False


async def _name(stage: Stage, reference: str) -> str:
    """Our reference, or the number that was allocated for it; empty while there is none."""
    if not _is_numbered(stage):
        return reference
    prefix, _, order = reference.partition("-")
    shops = [slug for label, slug in demo.SHOPS.items() if demo.PREFIXES[label.partition("/")[0]] == prefix]
    numbers = [await stage.tables.number(slug, order) for slug in shops]
    return next((one for one in numbers if one), "")


def _is_numbered(stage: Stage) -> bool:
    return stage.demo.named_by == "mentions"
