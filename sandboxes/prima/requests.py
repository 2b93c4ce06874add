"""The inner request, element by element: what it is, what it is about, and inputs that nobody takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from sandboxes.prima.attributes import DATA, PARTS, SKU
from sandboxes.prima.tally import Tally

_TYPE = re.compile(r"""RequestType\s*=\s*["']([^"'<]*)["']""")
_NUMBER = re.compile(r"""\bOrderNumber\s*=\s*["']([^"'<]*)["']""")
ORDER_TYPES = ("MultiNewOrder", "NewOrder")
STOCK_TYPES = ("ProductAvailableToSell", "MultiAvailableToSell")


@dataclass(frozen=True, slots=True)
class Data:
    """One `Data` with its parts, by their element's name."""

    attributes: Mapping[str, str]
    parts: Mapping[str, Sequence[Mapping[str, str]]]

    def text(self, name: str) -> str:
        return self.attributes.get(name, "").strip()

    def header(self, name: str) -> str:
        return next((part.get(name, "").strip() for part in self.parts.get("OrderHeaderData", ())), "")


def request_type(text: str) -> str:
    """As far as it can be told of a text that may be broken."""
    found = _TYPE.search(text)
    return found[1] if found else ""


def order_number(text: str) -> str:
    """The first that is named."""
    found = _NUMBER.search(text)
    return found[1] if found else ""


def data_of(root: ET.Element, kind: str, tally: Tally) -> list[Data]:
    """The `Data` elements, in order. What is unknown in them is counted and does nothing."""
    _count(root, {"RequestType"}, "Request", tally)
    for child in root:
        if child.tag != "Data":
            tally.ignore(f"Request/{child.tag}")
    return [_data(element, kind, tally) for element in root if element.tag == "Data"]


def _data(element: ET.Element, kind: str, tally: Tally) -> Data:
    _count(element, DATA[kind], "Data", tally)
    parts: dict[str, list[Mapping[str, str]]] = {}
    allowed = _parts(kind)
    for child in element:
        if child.tag in allowed:
            _count(child, allowed[child.tag], child.tag, tally)
            parts.setdefault(child.tag, []).append(dict(child.attrib))
        else:
            tally.ignore(f"Data/{child.tag}")
    return Data(dict(element.attrib), parts)


def _parts(kind: str) -> Mapping[str, frozenset[str]]:
    if kind in ORDER_TYPES:
        return PARTS
    return {"sku": SKU} if kind == "MultiAvailableToSell" else {}


def _count(element: ET.Element, known: frozenset[str] | set[str], name: str, tally: Tally) -> None:
    for attribute in sorted(set(element.attrib) - known):
        tally.ignore(f"{name}/@{attribute}")
    if any(text and text.strip() for text in (element.text, *(child.tail for child in element))):
        tally.ignore(f"{name}/text()")
