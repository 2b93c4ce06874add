"""WSDLs as OpenEdge writes them in its three formats, of our own construction; the names of parts are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

Format = Literal["rpc-literal", "rpc-encoded", "doc-literal"]
FORMATS: Sequence[Format] = ("rpc-literal", "rpc-encoded", "doc-literal")
Parts = tuple[Sequence[str], Sequence[str]]
"""What goes in and what comes out; `name:type` where it is no string."""
OPERATIONS: Mapping[str, Parts] = {
    "wsomhandler": (["pcAsked"], ["pcAnswered"]),
    "comwsomhandler": (["pcCompany", "pcAsked"], ["pcAnswered"]),
}
_SERVICE = (
    '<w:service name="omlinkService"><w:port name="omlinkObj" binding="t:omlinkObj">'
    '<s:address location="http://elsewhere.example.com/wsalive"/></w:port></w:service>'
)


def wsdl(style: Format = "rpc-literal", operations: Mapping[str, Parts] = OPERATIONS, *, action: str = "") -> bytes:
    document = style == "doc-literal"
    # In Doc/Literal the ABL RETURN-VALUE is always there.
    full = {name: (into, ["result", *out] if document else out) for name, (into, out) in operations.items()}
    inside = (
        _schema(full) if document else "",
        "".join(_messages(name, parts, document=document) for name, parts in full.items()),
        f'<w:portType name="omlinkObj">{"".join(map(_operation, full))}</w:portType>',
        _binding(full, style, action),
        _SERVICE,
    )
    return (
        '<w:definitions name="omlink" targetNamespace="urn:omlink" xmlns:t="urn:omlink" '
        'xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'xmlns:x="http://www.w3.org/2001/XMLSchema">{"".join(inside)}</w:definitions>'
    ).encode()


def _schema(operations: Mapping[str, Parts]) -> str:
    elements = "".join(
        _element(name, into) + _element(f"{name}Response", out) for name, (into, out) in operations.items()
    )
    schema = f'<x:schema targetNamespace="urn:omlink" elementFormDefault="qualified">{elements}</x:schema>'
    return f"<w:types>{schema}</w:types>"


def _element(name: str, parts: Sequence[str]) -> str:
    inside = "".join(f'<x:element nillable="true" {_typed(part)}/>' for part in parts)
    return f'<x:element name="{name}"><x:complexType><x:sequence>{inside}</x:sequence></x:complexType></x:element>'


def _messages(name: str, parts: Parts, *, document: bool) -> str:
    return "".join(
        f'<w:message name="m_{element}">{_parts(element, names, document=document)}</w:message>'
        for element, names in zip((name, f"{name}Response"), parts, strict=True)
    )


def _parts(element: str, names: Sequence[str], *, document: bool) -> str:
    if document:
        return f'<w:part name="parameters" element="t:{element}"/>'
    return "".join(f"<w:part {_typed(name)}/>" for name in names)


def _typed(part: str) -> str:
    name, _, kind = part.partition(":")
    return f'name="{name}" type="x:{kind or "string"}"'


def _operation(name: str) -> str:
    inside = f'<w:input message="t:m_{name}"/><w:output message="t:m_{name}Response"/>'
    return f'<w:operation name="{name}">{inside}</w:operation>'


def _binding(operations: Mapping[str, Parts], style: Format, action: str) -> str:
    kind = "document" if style == "doc-literal" else "rpc"
    use = "encoded" if style == "rpc-encoded" else "literal"
    body = f'<s:body use="{use}"' + ("/>" if kind == "document" else ' namespace="urn:omlink"/>')
    bound = "".join(
        f'<w:operation name="{name}"><s:operation soapAction="{action}" style="{kind}"/>'
        f"<w:input>{body}</w:input><w:output>{body}</w:output></w:operation>"
        for name in operations
    )
    head = f'<s:binding style="{kind}" transport="http://schemas.xmlsoap.org/soap/http"/>'
    return f'<w:binding name="omlinkObj" type="t:omlinkObj">{head}{bound}</w:binding>'
