"""Several imports beside one another, and a file that Mirakl would take for an old one."""

from __future__ import annotations

import pytest

from shared.model.stock_imports import SentImport, StockLine
from shared.rules.stock.imports import may_send, push_again, unlike
from tests.rules.stock.builders import at

ONE, TWO, SPARE = StockLine("SKU-001", 10), StockLine("SKU-002", 7), StockLine("SKU-003", 1)


def sent(*skus: str, minutes: float, reported: float | None = None) -> SentImport:
    lines = tuple(StockLine(sku, 1) for sku in skus)
    return SentImport(f"I{minutes}", at(minutes), lines, None if reported is None else at(reported))


@pytest.mark.parametrize(
    ("imports", "minutes", "may"),
    [
        ([], 0, "everything"),
        ([sent("A", minutes=0, reported=1)], 2, "everything"),
        ([sent("A", minutes=0)], 9.9, "nothing"),
        ([sent("A", minutes=0)], 10, "decreases"),
        ([sent("A", minutes=0), sent("A", minutes=10)], 11, "nothing"),
        ([sent("A", minutes=0), sent("A", minutes=10)], 20, "decreases"),
        ([sent("A", minutes=0), sent("A", minutes=10, reported=11)], 12, "decreases"),
    ],
)
def test_what_may_be_sent_beside_them(imports: list[SentImport], minutes: float, may: str) -> None:
    assert may_send(imports, now=at(minutes)) == may


@pytest.mark.parametrize(
    ("imports", "again"),
    [
        ([sent("A", "B", minutes=0, reported=15), sent("B", "C", minutes=11, reported=12)], {"B"}),
        ([sent("B", minutes=11, reported=12), sent("B", minutes=0, reported=15)], {"B"}),
        ([sent("B", minutes=0), sent("B", minutes=11, reported=12)], set()),
        ([sent("B", minutes=0, reported=15), sent("B", minutes=11)], set()),
        ([sent("B", minutes=0, reported=10), sent("B", minutes=11, reported=12)], set()),
        ([sent("A", minutes=0, reported=15), sent("B", minutes=11, reported=12)], set()),
    ],
)
def test_what_goes_once_more(imports: list[SentImport], again: set[str]) -> None:
    assert push_again(imports) == again


@pytest.mark.parametrize(
    ("lines", "earlier", "spare", "file"),
    [
        ((ONE, TWO), [], [], (ONE, TWO)),
        ((ONE, TWO), [(ONE, TWO)], [], (TWO, ONE)),
        ((ONE, TWO), [(ONE, TWO), (TWO, ONE)], [(SPARE,)], (ONE, TWO, SPARE)),
        ((ONE,), [(ONE,)], [(TWO,), (SPARE,)], (ONE, TWO)),
        ((ONE,), [(ONE,), (ONE, TWO)], [(TWO,), (SPARE,)], (ONE, SPARE)),
        ((ONE,), [(ONE,)], [], None),
    ],
)
def test_the_next_file_differs(
    lines: tuple[StockLine, ...],
    earlier: list[tuple[StockLine, ...]],
    spare: list[tuple[StockLine, ...]],
    file: tuple[StockLine, ...] | None,
) -> None:
    assert unlike(lines, earlier=earlier, spare=spare) == file
