"""What people do in the ERP: delete an order, cancel a line, ship with a carrier of their own, correct a parcel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local import demo
from local.day.stage import Stage, until
from local.verdict import Book, escaped

_GLANCE_SECONDS = 2.0
_CREATED = "step|create_order"
_LEFT_ALONE = ("DOUBT", "FOLLOW")
"""Orders that other acts, or the reader, keep an eye on."""


@dataclass(frozen=True, slots=True)
class DeleteOrder:
    """One that is not picked yet."""

    async def play(self, stage: Stage) -> None:
        async def deleted() -> str:
            for order in await _not_left(stage):
                if await _done(stage, "delete_order", number=order["number"]):
                    return str(order["reference"])
            return ""

        number = await _in_time(stage, deleted)
        stage.say(f"{number or 'No order'} is deleted in the ERP by hand, while Mirakl waits for it")


@dataclass(frozen=True, slots=True)
class CancelLine:
    """One line of an order with several, before it leaves."""

    async def play(self, stage: Stage) -> None:
        async def cancelled() -> str:
            for order in await _not_left(stage):
                lines = _goods(order)
                if len(lines) > 1 and await _done(stage, "cancel_line", number=order["number"], reference=lines[0]):
                    return f"Line {lines[0]} of {order['reference']}"
            return ""

        line = await _in_time(stage, cancelled)
        stage.say(f"{line or 'No line'} is cancelled in the ERP by hand, while Mirakl waits for it")


@dataclass(frozen=True, slots=True)
class ShipUnmapped:
    """A parcel goes with a carrier that the marketplace's mapping does not know."""

    async def play(self, stage: Stage) -> None:
        marketplace, carrier = demo.UNMAPPED

        async def sent() -> str:
            for order in await _not_left(stage, f"{demo.PREFIXES[marketplace]}-"):
                content = {"number": order["number"], "carrier": carrier, "tracking": f"SBX-{order['reference']}"}
                if await _done(stage, "ship", **content):
                    return str(order["reference"])
            return ""

        number = await _in_time(stage, sent)
        stage.say(f"{number or 'Nothing'} leaves with {carrier}, which nobody has mapped for {marketplace}")


@dataclass(frozen=True, slots=True)
class CorrectSlip:
    """A parcel that Mirakl was told of held one piece less than its shipping document said."""

    async def play(self, stage: Stage) -> None:
        async def corrected() -> str:
            shown = {str(one["order_id"]) for one in await stage.overview() if one["shipped_at"]}
            for slip, line in _correctable((await stage.erp.books())["shipments"], shown):
                less = {line["reference"]: int(line["shipped"]) - 1}
                if await _done(stage, "correct_slip", slip=slip["slip"], lines=less):
                    return f"{stage.demo.slip} {slip['slip']} of {slip['reference']}"
            return ""

        slip = await _in_time(stage, corrected)
        what = f"The {slip}" if slip else f"No {stage.demo.slip}"
        stage.say(f"{what} is corrected after Mirakl was told of it: one piece less")


async def _in_time(stage: Stage, event: Callable[[], Awaitable[str]]) -> str | None:
    return await until(event, patience=stage.patience, glance=_GLANCE_SECONDS)


async def _not_left(stage: Stage, prefix: str = "") -> Sequence[Book]:
    """The newest first: they are the last to be picked. Only those of which the bridge knows that they are there: an
    order that is deleted while its creation is in doubt is created again, and rightly so.
    """
    known = await _on_record(stage)
    books = await stage.erp.books()
    left = {one["number"] for one in books["shipments"]}
    free = (one for one in books["orders"] if one["number"] not in left and _is_free(one, prefix))
    found = [one for one in free if escaped(str(one["reference"]).partition("-")[2]) in known]
    return sorted(found, key=lambda one: str(one["created"]), reverse=True)


async def _on_record(stage: Stage) -> set[str]:
    """Order ids, escaped as in our keys, whose creation is done."""
    rows = (await stage.tables.all()).orders.items()
    done = (partition for (partition, row), values in rows if row == _CREATED and values["state"] == "done")
    return {partition.partition("|")[2] for partition in done}


def _is_free(order: Book, prefix: str) -> bool:
    reference = str(order["reference"])
    stands = order["deleted"] is None and not order["held"] and order["status"] == "Backorder"
    whole = all(line["status"] == "Backorder" and line["deleted"] is None for line in order["lines"])
    return stands and whole and reference.startswith(prefix) and not _is_left_alone(reference)


def _correctable(slips: Sequence[Book], told: set[str]) -> Iterator[tuple[Book, Book]]:
    """With a line of several pieces, and no version before it."""
    for slip in slips:
        versions = [one for one in slips if one["slip"] == slip["slip"]]
        line = next((one for one in slip["lines"] if int(one["shipped"]) > 1 and "#" not in one["reference"]), None)
        order_id = str(slip["reference"]).partition("-")[2]
        if line is not None and len(versions) == 1 and order_id in told and not _is_left_alone(order_id):
            yield slip, line


def _is_left_alone(reference: str) -> bool:
    return any(word in reference for word in _LEFT_ALONE)


def _goods(order: Book) -> list[str]:
    goods = (line for line in order["lines"] if str(line["item"]).startswith("ITEM"))
    return [str(line["reference"]) for line in goods if "#" not in str(line["reference"])]


async def _done(stage: Stage, control: str, **content: Any) -> bool:
    """False where the ERP refuses it: somebody was faster."""
    try:
        await stage.erp.do(control, **content)
    except ValueError:
        return False
    return True
