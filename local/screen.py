"""The day on a terminal: one page of rich, or a line every few seconds where there is no terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from local.day.observer import Light, Observer, Row, View, Waiting
from local.day.stage import News, counted

WIDTH, HEIGHT = 100, 30
BAR = 40
NEWS_LINES = 11
FIRST_HALF = 3
LIGHTS: dict[Light, tuple[str, str]] = {
    "up": ("green", "answers"),
    "failing": ("yellow", "answers badly"),
    "down": ("red", "off"),
    "quiet": ("dim", "not asked yet"),
}
TITLES = {"north": "north   EUR, tax included", "south": "south   GBP, tax excluded"}
KEYS = "e ERP off/on   m Mirakl errors   k kill the worker   d everything twice   Ctrl-C ends the day"
_REFRESH_SECONDS = 0.5
_LINE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Screen:
    """`title` says which day this is; `opening` is when it began."""

    title: str
    opening: datetime
    observer: Observer
    news: News

    async def show(self, console: Console) -> None:
        """Until it is cancelled; then the terminal shows again what it showed before."""
        with Live(self.page(), console=console, screen=True, auto_refresh=False) as live:
            while True:
                live.update(self.page(), refresh=True)
                await asyncio.sleep(_REFRESH_SECONDS)

    async def print_lines(self) -> None:
        """A line every five seconds, until it is cancelled."""
        while True:
            await asyncio.sleep(_LINE_SECONDS)
            print(f"{self.observer.stage.now():%H:%M}  {line(self.observer.view)}", flush=True)

    def page(self) -> RenderableType:
        view = self.observer.view
        since = (view.now - self.opening).total_seconds() / 60
        head = Text(f"{self.title}   {view.now:%H:%M} ({int(since // 60)}:{int(since % 60):02d} h of trading)", "bold")
        parts: list[RenderableType] = [head, Text(), _orders(view.rows), Text(), _window(view.oldest)]
        parts += [
            Text(),
            _lights(view),
            _counts(view),
            Text(),
            *_followed(self.observer.followed, view.followed),
            Text(),
        ]
        parts += [Text("What happens", "bold"), *_lines(self.news), Text(), Text(KEYS, "dim")]
        return Group(*parts)


def line(view: View) -> str:
    """The whole view in one line."""
    rows = "; ".join(map(line_of, view.rows))
    oldest = f"oldest waiting {view.oldest.share:.0%} of its window" if view.oldest else "none waits for acceptance"
    lights = f"Mirakl {LIGHTS[view.mirakl][1]}, ERP {LIGHTS[view.erp][1]}, {counted(view.workers, 'worker')}"
    return f"{rows} | {oldest} | {lights}"


def line_of(row: Row) -> str:
    return f"{row.name} {row.placed} placed, {row.accepted} accepted, {row.in_erp} in ERP, {_shipped(row)} shipped"


def _orders(rows: Sequence[Row]) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("marketplace")
    for column in ("placed", "accepted", "in the ERP", "shipped / left"):
        table.add_column(column, justify="right")
    for row in rows:
        counts = (str(row.placed), str(row.accepted), str(row.in_erp), _shipped(row))
        table.add_row(TITLES.get(row.name, row.name), *counts)
    return table


def _shipped(row: Row) -> str:
    """In Mirakl, of those that have left the warehouse."""
    return f"{row.shipped}/{row.left}"


def _window(oldest: Waiting | None) -> Text:
    text = Text("oldest waiting for acceptance  ", "dim")
    if oldest is None:
        return text.append("none", "green")
    filled = min(BAR, round(BAR * oldest.share))
    colour = "green" if oldest.share < 0.5 else "yellow" if oldest.share < 0.75 else "red"
    text.append("█" * filled, colour).append("░" * (BAR - filled), "dim")
    return text.append(f"  {oldest.share:.0%} of its window", "default")


def _lights(view: View) -> Text:
    text = Text()
    for name, light in (("Mirakl", view.mirakl), ("ERP", view.erp)):
        colour, word = LIGHTS[light]
        text.append("● ", colour).append(f"{name} {word}   ", "default")
    text.append("● ", "green" if view.workers else "red").append(f"{counted(view.workers, 'worker')}   ", "default")
    return text


def _counts(view: View) -> Text:
    bus = ", ".join(f"{count} {what}" for what, count in view.bus.items())
    stand = sum(view.exceptions.values())
    return Text(f"messages: {bus or 'none'}   open exceptions: {stand}", "dim")


def _followed(name: str, told: Sequence[str]) -> tuple[Text, Text]:
    """Always two lines: until it is paid, and from the ERP to the shopper."""
    first, second = told[:FIRST_HALF], told[FIRST_HALF:]
    begins = Text(f"{name}  ", "bold cyan").append(" → ".join(first) or "is not placed yet", "default")
    return begins, Text("  → " + " → ".join(second) if second else "", "default")


def _lines(news: News) -> list[Text]:
    latest = list(news.lines)[-NEWS_LINES:]
    shown = [
        Text(f"{at:%H:%M}  ", "dim", no_wrap=True, overflow="ellipsis").append(text, "default") for at, text in latest
    ]
    return [*shown, *(Text() for _ in range(NEWS_LINES - len(shown)))]
