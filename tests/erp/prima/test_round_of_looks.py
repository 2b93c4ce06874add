"""Several orders, one call each: what one comes to never hides the others, and none is lost."""

from __future__ import annotations

import pytest

from shared.erp.prima.round_of_looks import look
from shared.erp.prima.shown_order import unclear
from shared.errors import BridgeError, Resting, Throttled, Unauthorized, Unavailable
from shared.model.sales_order import ErpOrder

ORDER = unclear("n")
GOOD, GONE, DOWN = "good", "gone", "down"


async def looks(*answers: str | BridgeError) -> list[str]:
    """The numbers that come back, an `unclear` one in brackets."""

    async def of(number: str) -> ErpOrder | None:
        match answers[int(number)]:
            case "good":
                return _shown(number)
            case "gone":
                return None
            case BridgeError() as problem:
                raise problem
        raise Unavailable("down", scope="erp")

    found = await look([str(one) for one in range(len(answers))], of)
    return [one.number if one.status else f"({one.number})" for one in found]


def _shown(number: str) -> ErpOrder:
    return ErpOrder(number, "", "", "", "Received", False, (), lines_shown=False)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ([], []),
        ([GOOD, GOOD], ["0", "1"]),
        ([GOOD, GONE, GOOD], ["0", "2"]),
        ([GONE, GONE], []),
        ([DOWN, GOOD, GOOD], ["(0)", "1", "2"]),
        ([GOOD, DOWN], ["0", "(1)"]),
        ([GOOD, DOWN, DOWN, GONE, DOWN, DOWN], ["0", "(1)", "(2)", "(4)", "(5)"]),
    ],
)
async def test_what_is_shown(answers: list[str], shown: list[str]) -> None:
    assert await looks(*answers) == shown


@pytest.mark.parametrize("answers", [[DOWN], [DOWN, DOWN], [GOOD, GOOD, DOWN, DOWN, DOWN, GOOD]])
async def test_a_server_that_is_down_is_told_so(answers: list[str]) -> None:
    with pytest.raises(Unavailable):
        await looks(*answers)


@pytest.mark.parametrize("problem", [Resting, Throttled, Unauthorized])
async def test_what_is_no_orders_fault_ends_the_round(problem: type[Unavailable]) -> None:
    with pytest.raises(problem):
        await looks(GOOD, problem("not now", scope="erp"), GOOD)
