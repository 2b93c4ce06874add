"""SOAP faults of OpenEdge: what they say, and what follows.

Documented: a fault's detail has `FaultDetail` with `errorMessage` and `requestID`, always. Its namespace differs from
version to version, so it is read by local names. Not documented is that a fault was raised before anything was done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.erp.prima.markup import Element, child, local
from shared.erp.transport import Answer, retry_after
from shared.errors import Unavailable, UnknownOutcome
from shared.model.keys import ERP_SCOPE

SERVICE_UNAVAILABLE = "10921"
KNOWN: Mapping[str, str] = {
    SERVICE_UNAVAILABLE: "the service is unavailable",
    "10893": "an error was detected while the request was processed",
}
_NUMBER = re.compile(r"\((\d{1,6})\)")
_REQUEST_ID = re.compile(r"[0-9A-Za-z:._-]{1,80}")


@dataclass(frozen=True, slots=True)
class Fault:
    """OpenEdge's message numbers, and its id of the request, by which its log is searched.

    The message's words are left behind: they may quote the request.
    """

    numbers: tuple[str, ...] = ()
    request_id: str = ""

    @property
    def text(self) -> str:
        told = [f"{KNOWN.get(number, 'see the log of OpenEdge')} ({number})" for number in self.numbers]
        return ", ".join(["SOAP fault", *told, *([f"request id {self.request_id}"] if self.request_id else [])])


def fault_in(body: Element) -> Fault | None:
    """The fault in a SOAP body, None where there is an answer."""
    fault = child(body, "Fault")
    if fault is None:
        return None
    texts = [_text(fault, "faultstring"), _text(fault, "errorMessage")]
    numbers = dict.fromkeys(number for text in texts for number in _NUMBER.findall(text))
    asked = _text(fault, "requestID").strip()
    return Fault(tuple(numbers), asked if _REQUEST_ID.fullmatch(asked) else "")


def what_follows(fault: Fault, answer: Answer, *, operation: str, write: bool) -> Unavailable | UnknownOutcome:
    """Nothing proves that nothing happened, not even of a service that calls itself unavailable."""
    text, wait = f"{operation}: {fault.text}", retry_after(answer.headers)
    if not write:
        return Unavailable(text, scope=ERP_SCOPE, retry_after=wait)
    down = SERVICE_UNAVAILABLE in fault.numbers
    return UnknownOutcome(text, scope=ERP_SCOPE, retry_after=wait, down=down)


def _text(fault: Element, name: str) -> str:
    found = (one for one in fault.iter() if isinstance(one.tag, str) and local(one).casefold() == name.casefold())
    return "".join("".join(one.itertext()) for one in found)
