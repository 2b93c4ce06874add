"""The web service as its WSDL describes it: how a request is wrapped for it, and where the reply lies.

zeep reads the WSDL and builds the messages; it never opens a connection. The reply is read by local names, which holds
in all three of OpenEdge's formats, with and without namespaces.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from lxml import etree

from shared.erp.prima.endpoint import Names
from shared.erp.prima.markup import Element, Unreadable, child, elements, local, root
from shared.erp.prima.parts import WITH_COMPANY, WITHOUT_COMPANY, Shape, Types, Unfit, Use, input_parts, output_part

_XSD = "http://www.w3.org/2001/XMLSchema"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"


@dataclass(frozen=True, slots=True)
class Contract:
    """One operation; `zeep_operation` is zeep's idea of it, `types` are those of its input parts."""

    shape: Shape
    types: Types
    zeep_operation: Any

    def envelope(self, request: str, *, company: str) -> bytes:
        """The SOAP message, in UTF-8, that carries this request."""
        shape = self.shape
        values = {shape.request: request} | ({shape.company: company} if shape.company else {})
        envelope = self.zeep_operation.create(**values).content
        if shape.use == "encoded":
            _say_encoded(envelope, self.types)
        return bytes(etree.tostring(envelope, encoding="UTF-8", xml_declaration=True))

    def reply(self, body: Element) -> str:
        """What the reply's part holds, out of a SOAP body without fault. Raises Unreadable."""
        wrapper = next(iter(elements(body)), None)
        part = None if wrapper is None else child(wrapper, self.shape.response)
        text = "" if part is None else "".join(part.itertext())
        if not text.strip():
            raise Unreadable("no reply in it")
        return text


def contract(content: bytes, *, names: Names, company: str) -> Contract:
    """The operation to call, out of a WSDL. Raises Unreadable where this is no WSDL, Unfit where it offers too little.

    Nothing that the WSDL imports is fetched: OpenEdge's imports nothing.
    """
    document = root(content)
    if local(document) != "definitions":
        raise Unreadable("no WSDL")
    wanted = names.operation or (WITH_COMPANY if company else WITHOUT_COMPANY)
    operation = _operation(content, wanted)
    types = _types(operation.input)
    request, of_company = input_parts(types, names, company=bool(company))
    shape = Shape(
        operation=operation.name,
        style="document" if operation.style == "document" else "rpc",
        use=_use(document, operation.name),
        action=operation.soapaction or "",
        request=request,
        response=output_part(_types(operation.output), names),
        company=of_company,
    )
    return Contract(shape, types, operation)


def body_of(content: bytes) -> Element:
    """The body of a SOAP envelope, of whatever version. Raises Unreadable."""
    envelope = root(content)
    body = child(envelope, "Body") if local(envelope) == "Envelope" else None
    if body is None:
        raise Unreadable("no SOAP envelope")
    return body


class _NoNetwork:
    """Stands where zeep keeps its HTTP client."""

    def load(self, _address: str) -> bytes:
        raise Unfit("the WSDL imports another document: pin one that is complete")


def _operation(content: bytes, name: str) -> Any:
    """zeep's operation of that name, of the first SOAP 1.1 port that has it. Raises Unfit or Unreadable."""
    offered = [one for one in _operations(content) if one.name.casefold() == name.casefold()]
    if not offered:
        raise Unfit(f"the WSDL offers no operation {name}: correct operation or target_uri")
    if offered[0].input is None or offered[0].output is None:
        raise Unfit(f"{name} takes or answers nothing: set another operation")
    return offered[0]


def _operations(content: bytes) -> list[Any]:
    """Of every SOAP 1.1 port. zeep is imported here: it takes a while, and only Prima needs it."""
    import zeep
    from zeep.wsdl.bindings.soap import Soap11Binding

    limits = zeep.Settings(forbid_dtd=True, forbid_entities=True, forbid_external=True, xml_huge_tree=False)
    try:
        with warnings.catch_warnings():
            # zeep warns of what it leaves out; what we need of it is missed below.
            warnings.simplefilter("ignore")
            client = zeep.Client(io.BytesIO(content), transport=_NoNetwork(), settings=limits)
    except zeep.exceptions.ExternalReferenceForbidden:
        raise Unfit("the WSDL imports another document: pin one that is complete") from None
    except (zeep.exceptions.Error, LookupError, TypeError, ValueError, AttributeError):
        # zeep stumbles over half a WSDL in many ways, and its texts quote the document.
        raise Unreadable("no WSDL that zeep can read") from None
    client.set_ns_prefix("xsd", _XSD)
    client.set_ns_prefix("xsi", _XSI)
    ports = (port for service in client.wsdl.services.values() for port in service.ports.values())
    return [one for port in ports if isinstance(port.binding, Soap11Binding) for one in port.binding.all().values()]


def _types(message: Any) -> Types:
    """The local names of the XSD types of a message's parts. Raises Unfit."""
    found = getattr(getattr(message.body, "type", None), "elements", None)
    if found is None:
        raise Unfit("the operation has no parts that can be told apart: set another operation")
    return {name: part.type.qname.localname if part.type.qname is not None else "" for name, part in found}


def _use(document: Element, operation: str) -> Use:
    """zeep forgets it: `use` of the body that goes in, from the binding."""
    bound = [one for one in document.iter("{*}operation") if local(one.getparent()) == "binding"]
    uses = {
        body.get("use", "literal")
        for one in bound
        if one.get("name") == operation
        for body in one.iterfind("{*}input/{*}body")
    }
    return "encoded" if uses == {"encoded"} else "literal"


def _say_encoded(envelope: Element, types: Types) -> None:
    """RPC/Encoded names its encoding, and the type of every part."""
    wrapper = elements(child(envelope, "Body"))[0]
    wrapper.set(f"{{{_SOAP}}}encodingStyle", _ENCODING)
    for part in elements(wrapper):
        part.set(f"{{{_XSI}}}type", f"xsd:{types.get(local(part)) or 'string'}")
