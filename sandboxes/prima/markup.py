"""The XML inside the string: read as strictly as the server's SAX parser does, written as the server writes it.

Observed: all data are attributes, replies carry an ISO-8859-1 declaration and a line feed, stand on one line, with
their attributes in ASCII order, and line feeds inside an attribute are written as they are.
Inferred: the server holds text in its code page, so that a character outside it is lost (as `?`) unless it was sent as
a numeric character reference, which the parser resolves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
_OWN_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>")


class NotWellFormed(Exception):
    """The parser gave up."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element to be written."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Sequence[Node] = ()


def held(text: str, code_page: str) -> str:
    """Text as the server holds it."""
    return text.encode(code_page, "replace").decode(code_page)


def parse(text: str) -> ET.Element:
    """The string is text already: the encoding that its declaration names says nothing any more.

    Raises NotWellFormed, for a document type declaration too.
    """
    if "<!DOCTYPE" in text:
        raise NotWellFormed
    try:
        return ET.fromstring(_OWN_DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text)  # noqa: S314
    except (ET.ParseError, ValueError) as problem:
        raise NotWellFormed from problem


def document(root: Node) -> str:
    """A whole reply. Characters outside ISO-8859-1 are written as references."""
    text = DECLARATION + _written(root)
    return text.encode("iso-8859-1", "xmlcharrefreplace").decode("iso-8859-1")


def _written(node: Node) -> str:
    attributes = "".join(f' {name}="{_quoted(value)}"' for name, value in sorted(node.attributes.items()))
    inner = "".join(_written(child) for child in node.children)
    return f"<{node.name}{attributes}>{inner}</{node.name}>" if inner else f"<{node.name}{attributes}/>"


def _quoted(value: str) -> str:
    return escape(value, {'"': "&quot;"})
