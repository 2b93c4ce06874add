"""What Prima answered to OrderStatus: the order is known, is unknown, or the answer leaves it open.

No reply of this kind is public; what is read here comes from a client's code. Which words there are, and how an order
that is unknown is answered, each installation has to show.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.erp.prima.codec.prima_errors import PrimaError, errors_of, fingerprint
from shared.erp.prima.codec.request import ORDER_STATUS
from shared.erp.prima.codec.result import Node, result_of, same, status_of


@dataclass(frozen=True, slots=True)
class StatusReply:
    """`known` is None where the answer leaves it open. `word` is Prima's own; empty where none can be told."""

    known: bool | None
    word: str = ""
    errors: tuple[PrimaError, ...] = ()
    company: str = ""


def status_reply(text: str, *, number: str, unknown: str = "") -> StatusReply:
    """The reply about this number. Raises Unreadable.

    `unknown` is the `fingerprint` of the answer about a number that cannot exist: only the same answer says that this
    one is unknown. A broken server says ERROR as well.
    """
    result = result_of(text, request_type=ORDER_STATUS)
    errors = errors_of(result.all())
    status = status_of(result, request_type=ORDER_STATUS)
    known, word = None, ""
    if status == "OK":
        known, word = _told(result, number)
    elif status == "ERROR" and _is_unknown(result, errors, number, unknown):
        known = False
    return StatusReply(known, word, errors, result.get("Company"))


def _told(result: Node, number: str) -> tuple[bool | None, str]:
    """`Data` of another order says nothing; one without a number may be ours, as nothing says that it must have one."""
    every = result.named("Data")
    ours = tuple(data for data in every if same(data.get("OrderNumber"), number))
    words = {word for data in ours or every if (word := data.get("OrderStatus"))}
    word = words.pop() if len(words) == 1 else ""
    if ours:
        return True, word
    nameless = len(every) == 1 and not every[0].get("OrderNumber")
    return (True, word) if nameless and word else (None, "")


def _is_unknown(result: Node, errors: tuple[PrimaError, ...], number: str, unknown: str) -> bool:
    named = {data.get("OrderNumber") for data in result.named("Data")} - {""}
    if not all(same(one, number) for one in named):
        return False
    return unknown != "" and fingerprint(errors, number=number) == unknown
