"""A small world with books of its own: a shelf, orders, an ERP that shows both late, and readings that arrive anyhow.

What marketplaces sell is seen at once, what the web channel sells only by a reading: what is shown must never be more
than the shelf less what is owed, but for what the web channel sold since the youngest reading that came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st

from shared.model.in_flight import Left, LineInErp, LineInFlight
from shared.model.stock import DemandMoment, Reading, StockSource
from shared.rules.stock.readings import newer
from tests.rules.stock.builders import MINUTE, at, figures, line, number, reading, terms

LAG = 5
"""Minutes, and every step takes one: what the ERP shows is this old."""

Step = tuple[str, int, int]
"""What happens, which order (or reading) it happens to, and how many pieces are concerned."""

KINDS = (
    *("buy", "buy", "create", "create", "send", "lose", "settle", "settle", "receive", "web"),
    *("ship", "ship", "ship", "by_hand", "delete", "cancel"),
    *("ask", "ask", "ask", "answer", "answer", "answer", "arrive", "arrive", "arrive"),
)
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(1, 6)), min_size=40, max_size=80)
WORLDS = st.tuples(st.sampled_from(["created", "shipped"]), STEPS)


@dataclass(slots=True)
class Bought:
    """`owed` is what Mirakl waits for and has not left; `in_erp` what the ERP still has to deliver of it."""

    line: LineInFlight
    owed: int
    in_erp: int = 0
    sent: bool = False
    arrived: bool = False
    left: int = 0


@dataclass(slots=True)
class Rule:
    """The parts of the rule that can be switched off one by one."""

    keep: Callable[[Reading | None, Reading], Reading] = newer
    lines: Callable[[Sequence[LineInFlight]], Sequence[LineInFlight]] = lambda lines: lines
    supply_last: bool = True
    lag: int = LAG


@dataclass(slots=True)
class World:
    moment: DemandMoment
    rule: Rule = field(default_factory=Rule)
    shelf: int = 12
    minute: int = 0
    orders: list[Bought] = field(default_factory=list)
    books: list[tuple[int, int]] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    on_the_way: list[tuple[int, Reading]] = field(default_factory=list)
    known: Reading | None = None
    youngest: int = -LAG
    web_sales: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.books = [(self.shelf, 0)]
        self.known = reading(self.shelf, started=-LAG)

    @property
    def free(self) -> int:
        return self.shelf - sum(one.owed for one in self.orders)

    @property
    def unseen(self) -> int:
        """What the web channel sold and no reading that came can show."""
        return sum(pieces for minute, pieces in self.web_sales if minute > self.youngest)

    @property
    def shown(self) -> int:
        assert self.known is not None
        source = StockSource("world", demand=self.moment, less=("demand",) if self.moment == "created" else ())
        return number(self.known, *self.rule.lines([one.line for one in self.orders]), terms=terms(source=source))

    def step(self, kind: str, which: int, pieces: int) -> None:
        self.minute += 1
        if kind in ("buy", "receive", "web", "ask", "answer", "arrive"):
            getattr(self, kind)(which, pieces)
        elif self.orders:
            getattr(self, kind)(self.orders[which % len(self.orders)], pieces)
        self.books.append((self.shelf, sum(one.in_erp for one in self.orders)))

    # what people do

    def buy(self, _: int, pieces: int) -> None:
        if pieces <= self.free:
            self.orders.append(Bought(line(pieces, order=f"N-{len(self.orders)}", placed=self.minute), pieces))

    def receive(self, _: int, pieces: int) -> None:
        self.shelf += pieces

    def web(self, _: int, pieces: int) -> None:
        if pieces <= self.free:
            self.shelf -= pieces
            self.web_sales.append((self.minute, pieces))

    def ship(self, one: Bought, pieces: int) -> None:
        pieces = min(pieces, one.in_erp)
        self.shelf -= pieces
        one.in_erp -= pieces
        one.left += pieces
        one.owed = max(0, one.owed - pieces)
        if one.line.erp.state == "created" and pieces:
            self._erp(one, left=(*one.line.erp.left, Left(Decimal(pieces), self.now)))

    def by_hand(self, one: Bought, _: int) -> None:
        """Without the ERP, and Mirakl is told."""
        if not one.sent and one.owed:
            self.shelf -= one.owed
            one.owed, one.sent = 0, True
            one.line = replace(one.line, shipped=self.now)

    def delete(self, one: Bought, _: int) -> None:
        """A clerk takes out of the ERP what has not left."""
        if one.line.erp.state == "created":
            one.in_erp = 0
            self._erp(one, stands=Decimal(one.left))

    def cancel(self, one: Bought, _: int) -> None:
        if one.owed and not one.left:
            one.owed = 0
            one.line = replace(one.line, remains=Decimal(0))

    # what the bridge does, and what comes of it

    def send(self, one: Bought, pieces: int) -> None:
        """The answer is lost; whether the order is there stays open until it is settled."""
        if not one.sent and one.line.remains:
            one.sent, one.arrived, one.in_erp = True, True, int(one.line.remains)
            one.line = replace(one.line, erp=LineInErp("in_doubt", one.line.remains))

    def create(self, one: Bought, pieces: int) -> None:
        """Sent and answered."""
        self.send(one, pieces)
        self.settle(one, pieces)

    def lose(self, one: Bought, pieces: int) -> None:
        if not one.sent and one.line.remains:
            one.sent = True
            one.line = replace(one.line, erp=LineInErp("in_doubt", one.line.remains))

    def settle(self, one: Bought, _: int) -> None:
        if one.line.erp.state != "in_doubt":
            return
        if not one.arrived:
            one.sent, one.line = False, replace(one.line, erp=LineInErp())
            return
        left = (Left(Decimal(one.left), self.now),) if one.left else ()
        self._erp(one, state="created", created=self.now, left=left)

    # what is read

    def ask(self, _: int, __: int) -> None:
        """The first of the two questions that make a reading."""
        shelf, demand = self._books()
        self.asked.append((self.minute, demand if self.rule.supply_last else shelf))

    def answer(self, which: int, _: int) -> None:
        """The second one; the reading is on its way."""
        if self.asked:
            started, first = self.asked.pop(which % len(self.asked))
            shelf, demand = self._books()
            supply, owed = (shelf, first) if self.rule.supply_last else (first, demand)
            arrived = reading(figures(supply, demand=owed), started=started - self.rule.lag)
            self.on_the_way.append((started, arrived))

    def arrive(self, which: int, _: int) -> None:
        if self.on_the_way:
            started, arrived = self.on_the_way.pop(which % len(self.on_the_way))
            self.youngest = max(self.youngest, started - LAG)
            self.known = self.rule.keep(self.known, arrived)

    @property
    def now(self) -> datetime:
        return at(0) + self.minute * MINUTE

    def _books(self) -> tuple[int, int]:
        """Shelf and open demand as the ERP shows them now: late."""
        return self.books[max(0, self.minute - LAG)]

    def _erp(self, one: Bought, **changes: object) -> None:
        one.line = replace(one.line, erp=replace(one.line.erp, **changes))  # type: ignore[arg-type]
