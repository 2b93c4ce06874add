"""A `Result` as a value: names in lower case, since Prima spells them one way here and another there (observed)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shared.erp.prima.codec.request import MULTI_AVAILABLE, MULTI_NEW_ORDER, ORDER_STATUS, PRODUCT_AVAILABLE
from shared.erp.prima.markup import Element, Unreadable, elements, local, root

STATUS_AT: Mapping[str, Literal["result", "data"]] = {
    MULTI_NEW_ORDER: "data",
    ORDER_STATUS: "result",
    PRODUCT_AVAILABLE: "result",
    MULTI_AVAILABLE: "result",
}
"""Where each request type puts `RequestStatus` (observed; of OrderStatus only from a client's code)."""
_DECLARATION = re.compile(r"\A[\ufeff\s]*<\?xml\b[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Node:
    """An element; all of Prima's data are attributes."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    def get(self, name: str) -> str:
        """The attribute without blanks around it, empty where there is none."""
        return self.attributes.get(name.lower(), "").strip()

    def named(self, name: str) -> tuple[Node, ...]:
        return tuple(one for one in self.children if one.name == name.lower())

    def all(self) -> Iterator[Node]:
        yield self
        for one in self.children:
            yield from one.all()

    @property
    def status(self) -> str:
        """`OK`, `ERROR`, another word, or nothing."""
        return self.get("RequestStatus").upper()


def result_of(text: str, *, request_type: str) -> Node:
    """The `Result` for a request of this type. Raises Unreadable."""
    # The declaration speaks of bytes that were decoded long ago; believing it would spoil every accent.
    result = _node(root(_DECLARATION.sub("", text, count=1).strip("\ufeff \t\r\n").encode("utf-8", "surrogatepass")))
    if result.name != "result":
        raise Unreadable("no Result in the reply")
    if result.get("RequestType").casefold() not in ("", request_type.casefold()):
        raise Unreadable("the reply is another request's")
    return result


def status_of(result: Node, *, request_type: str, ours: Sequence[Node] = ()) -> str:
    """The status where this request type puts it; `ours` are the `Data` that count. Empty where they contradict."""
    told = ours if STATUS_AT[request_type] == "data" else (result,)
    words = {node.status for node in told}
    return words.pop() if len(words) == 1 else ""


def same(one: str, other: str) -> bool:
    """Prima compares without regard to case; nothing equals nothing only by mistake."""
    return one != "" and one.casefold() == other.strip().casefold()


def _node(element: Element) -> Node:
    attributes = {_lowered(name): str(value) for name, value in element.attrib.items()}
    return Node(local(element).lower(), attributes, tuple(_node(one) for one in elements(element)))


def _lowered(name: object) -> str:
    return str(name).rpartition("}")[2].lower()
