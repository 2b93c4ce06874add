"""SOAP 1.1 as the OpenEdge adapter speaks it: calls read strictly in the deployed style, replies, faults.

Documented: one style per deployment; a blank SOAPAction; parts are named after the parameters; Doc/Literal replies
always have a `result`; a fault's detail is FaultDetail with errorMessage and requestID.
Invented: the texts for calls that do not fit the deployment, and that a missing SOAPAction header is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from sandboxes.prima.markup import NotWellFormed, parse
from sandboxes.prima.world import World
from sandboxes.wire import Request, Response

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
DETAILS = "urn:soap-fault:details"
XSD, XSI = "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2001/XMLSchema-instance"
PLAIN, WITH_COMPANY = "wsomhandler", "comwsomhandler"
XML = {"content-type": "text/xml;charset=UTF-8"}
_CHARSET = re.compile(r'charset="?([A-Za-z0-9._-]+)', re.IGNORECASE)
_DETECTED = "An error was detected while executing the Web Service request. (10893)"


@dataclass(frozen=True, slots=True)
class Call:
    """`company` is None where the operation has none; `request` is the inner string."""

    operation: str
    company: str | None
    request: str


class SoapFault(Exception):
    """`code` is `Client` or `Server`; `text` is FaultDetail's errorMessage."""

    def __init__(self, text: str, code: str = "Client") -> None:
        super().__init__(text)
        self.text = text
        self.code = code


def parts_of(operation: str, world: World) -> tuple[str, ...]:
    """The operation's input parts, in order."""
    return (world.company_part, world.request_part) if operation == WITH_COMPANY else (world.request_part,)


def read(request: Request, world: World) -> Call:
    """Raises SoapFault."""
    if "soapaction" not in request.headers:
        raise SoapFault("The SOAPAction header is missing.")
    named = _operation(_body(request))
    operation = named.tag.removeprefix(f"{{{world.target}}}")
    if operation not in (PLAIN, WITH_COMPANY):
        raise SoapFault(f"The {world.target} service has no operation {_local(named)}.")
    values = _values(named, world)
    missing = [part for part in parts_of(operation, world) if part not in values]
    if missing or len(values) != len(parts_of(operation, world)):
        raise SoapFault(f"The parts of {operation} are {', '.join(parts_of(operation, world))}.")
    company = values[world.company_part] if operation == WITH_COMPANY else None
    return Call(operation, company, values[world.request_part])


def _body(request: Request) -> ET.Element:
    found = _CHARSET.search(request.headers.get("content-type", ""))
    try:
        envelope = parse(request.body.decode(found[1] if found else "utf-8").removeprefix("\ufeff"))
    except (NotWellFormed, UnicodeDecodeError, LookupError):
        raise SoapFault("The SOAP message is not well formed.") from None
    if envelope.tag != f"{{{ENVELOPE}}}Envelope":
        raise SoapFault("The message is no SOAP 1.1 envelope.", "VersionMismatch")
    body = envelope.find(f"{{{ENVELOPE}}}Body")
    if body is None:
        raise SoapFault("The SOAP envelope has no Body.")
    return body


def _operation(body: ET.Element) -> ET.Element:
    if len(body) != 1:
        raise SoapFault("The SOAP Body must hold one element.")
    return body[0]


def _values(operation: ET.Element, world: World) -> Mapping[str, str]:
    """Parts stand in the target namespace in Doc/Literal, and in none in the RPC styles."""
    space = f"{{{world.target}}}" if world.style == "doc-literal" else ""
    values: dict[str, str] = {}
    for part in operation:
        name = part.tag.removeprefix(space)
        if "{" in name or (space and not part.tag.startswith(space)) or len(part) or name in values:
            raise SoapFault(f"{_local(part)} is no part of {_local(operation)} in {world.style}.")
        values[name] = part.text or ""
    return values


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def reply(operation: str, text: str, world: World) -> Response:
    """The inner string in the deployed style."""
    target, part = escape(world.target, {'"': "&quot;"}), world.response_part
    inner, name = escape(text), f"{operation}Response"
    match world.style:
        case "doc-literal":
            body = f'<{name} xmlns="{target}"><result xsi:nil="true"/><{part}>{inner}</{part}></{name}>'
        case "rpc-encoded":
            body = (
                f'<ns1:{name} xmlns:ns1="{target}" SOAP-ENV:encodingStyle="{ENCODING}">'
                f'<{part} xsi:type="xsd:string">{inner}</{part}></ns1:{name}>'
            )
        case _:
            body = f'<ns1:{name} xmlns:ns1="{target}"><{part}>{inner}</{part}></ns1:{name}>'
    return Response(200, _envelope(body), XML)


def fault(text: str, *, code: str = "Server", request_id: str) -> Response:
    body = (
        f"<SOAP-ENV:Fault><faultcode>SOAP-ENV:{code}</faultcode><faultstring>{_DETECTED}</faultstring><detail>"
        f'<ns1:FaultDetail xmlns:ns1="{DETAILS}"><errorMessage>{escape(text)}</errorMessage>'
        f"<requestID>{request_id}</requestID></ns1:FaultDetail></detail></SOAP-ENV:Fault>"
    )
    return Response(500, _envelope(body), XML)


def _envelope(body: str) -> bytes:
    spaces = f'xmlns:SOAP-ENV="{ENVELOPE}" xmlns:xsd="{XSD}" xmlns:xsi="{XSI}"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope {spaces}><SOAP-ENV:Body>{body}'
    return f"{text}</SOAP-ENV:Body></SOAP-ENV:Envelope>".encode()
