"""What `GET …/wsdl` answers: the list of services, and the WSDL of one in the deployed style.

Documented: the naming of messages, port type and parts, blank soapAction, FaultDetail. Invented: the part names
(settings of the world) and what the list looks like.
"""

from __future__ import annotations

from sandboxes.prima.soap import DETAILS, ENCODING, PLAIN, WITH_COMPANY, XML, XSD, parts_of
from sandboxes.prima.world import World
from sandboxes.wire import Response

_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_OPERATIONS = (PLAIN, WITH_COMPANY)


def listing(world: World, host: str) -> Response:
    url = f"http://{host}{world.path}/wsdl?targetURI={world.target}"
    page = f'<html><head><title>WSDL Listing</title></head><body><a href="{url}">{world.target}</a></body></html>'
    return Response(200, page.encode(), {"content-type": "text/html;charset=UTF-8"})


def document(world: World, host: str) -> Response:
    name = world.target.rpartition(":")[2]
    sections = (_types(world), _messages(world, name), _port_type(world, name), _binding(world, name))
    service = (
        f'<wsdl:service name="{name}Service"><wsdl:port name="{name}Obj" binding="tns:{name}Obj">'
        f'<soap:address location="http://{host}{world.path}"/></wsdl:port></wsdl:service>'
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<wsdl:definitions name="{name}" targetNamespace="{world.target}" '
        f'xmlns:tns="{world.target}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="{_SOAP}" '
        f'xmlns:xsd="{XSD}" xmlns:fault="{DETAILS}">{"".join(sections)}{service}</wsdl:definitions>'
    )
    return Response(200, text.encode(), XML)


def _types(world: World) -> str:
    fault = (
        f'<xsd:schema targetNamespace="{DETAILS}" elementFormDefault="unqualified"><xsd:element name="FaultDetail">'
        f"<xsd:complexType><xsd:sequence>{_string('errorMessage')}{_string('requestID')}</xsd:sequence>"
        "</xsd:complexType></xsd:element></xsd:schema>"
    )
    wrapped = _wrapped(world) if world.style == "doc-literal" else ""
    return f"<wsdl:types>{fault}{wrapped}</wsdl:types>"


def _wrapped(world: World) -> str:
    elements = ""
    for operation in _OPERATIONS:
        elements += _element(operation, parts_of(operation, world))
        elements += _element(f"{operation}Response", ("result", world.response_part))
    return f'<xsd:schema targetNamespace="{world.target}" elementFormDefault="qualified">{elements}</xsd:schema>'


def _element(name: str, parts: tuple[str, ...]) -> str:
    inner = "".join(_string(part) for part in parts)
    return (
        f'<xsd:element name="{name}"><xsd:complexType><xsd:sequence>{inner}</xsd:sequence></xsd:complexType>'
        "</xsd:element>"
    )


def _string(name: str) -> str:
    return f'<xsd:element name="{name}" nillable="true" type="xsd:string"/>'


def _messages(world: World, name: str) -> str:
    fault = '<wsdl:message name="FaultDetailMessage"><wsdl:part name="FaultDetail" element="fault:FaultDetail"/>'
    text = f"{fault}</wsdl:message>"
    for operation in _OPERATIONS:
        text += _message(world, name, operation, parts_of(operation, world))
        text += _message(world, name, f"{operation}Response", (world.response_part,))
    return text


def _message(world: World, name: str, message: str, parts: tuple[str, ...]) -> str:
    if world.style == "doc-literal":
        inner = f'<wsdl:part name="parameters" element="tns:{message}"/>'
    else:
        inner = "".join(f'<wsdl:part name="{part}" type="xsd:string"/>' for part in parts)
    return f'<wsdl:message name="{name}_{message}">{inner}</wsdl:message>'


def _port_type(world: World, name: str) -> str:
    text = ""
    for operation in _OPERATIONS:
        ordered = " ".join((*parts_of(operation, world), world.response_part))
        order = "" if world.style == "doc-literal" else f' parameterOrder="{ordered}"'
        text += (
            f'<wsdl:operation name="{operation}"{order}><wsdl:input message="tns:{name}_{operation}"/>'
            f'<wsdl:output message="tns:{name}_{operation}Response"/>'
            f'<wsdl:fault name="{name}Fault" message="tns:FaultDetailMessage"/></wsdl:operation>'
        )
    return f'<wsdl:portType name="{name}Obj">{text}</wsdl:portType>'


def _binding(world: World, name: str) -> str:
    style = "document" if world.style == "doc-literal" else "rpc"
    operations = "".join(_bound(world, name, operation, style) for operation in _OPERATIONS)
    return (
        f'<wsdl:binding name="{name}Obj" type="tns:{name}Obj"><soap:binding style="{style}" '
        f'transport="http://schemas.xmlsoap.org/soap/http"/>{operations}</wsdl:binding>'
    )


def _bound(world: World, name: str, operation: str, style: str) -> str:
    if world.style == "rpc-encoded":
        use = f'use="encoded" encodingStyle="{ENCODING}" namespace="{world.target}"'
    elif world.style == "rpc-literal":
        use = f'use="literal" namespace="{world.target}"'
    else:
        use = 'use="literal"'
    return (
        f'<wsdl:operation name="{operation}"><soap:operation soapAction="" style="{style}"/>'
        f"<wsdl:input><soap:body {use}/></wsdl:input><wsdl:output><soap:body {use}/></wsdl:output>"
        f'<wsdl:fault name="{name}Fault"><soap:fault name="{name}Fault" use="literal"/></wsdl:fault></wsdl:operation>'
    )
