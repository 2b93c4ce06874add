"""XML from outside, read without entities, without the network and within limits."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""lxml comes without types."""


class Unreadable(Exception):
    """Not what Prima answers (HTML, half a document, a document type). The text never holds any of it."""


def root(content: bytes) -> Element:
    """The document's outermost element. Raises Unreadable.

    libxml2's own limits stand: 10 million characters in one text, 256 levels.
    """
    if b"<!DOCTYPE" in content:
        # Refused before parsing: in attributes libxml2 replaces entities whatever the parser's options say.
        raise Unreadable("it has a document type")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        found = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("not XML") from None
    if found.getroottree().docinfo.doctype:
        raise Unreadable("it has a document type")
    return found


def local(element: Element) -> str:
    """Its name without the namespace."""
    return str(etree.QName(element).localname)


def child(element: Element, name: str) -> Element | None:
    """The first child of this local name, whatever its namespace and case."""
    return next((one for one in elements(element) if local(one).casefold() == name.casefold()), None)


def elements(element: Element) -> list[Element]:
    """Its children that are elements: an entity that was left alone is none."""
    return [one for one in element if isinstance(one.tag, str)]
