"""The WSDL says of the deployment what a client must find out: style, operations, parts, address."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.sandboxes.prima.caller import PATH, Caller, read

WSDL, SOAP, XSD = (
    "{http://schemas.xmlsoap.org/wsdl/}",
    "{http://schemas.xmlsoap.org/wsdl/soap/}",
    "{http://www.w3.org/2001/XMLSchema}",
)


def document(**settings: str) -> ET.Element:
    answer = Caller(settings).get(f"{PATH}/wsdl?targetURI=urn:omlink")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/xml;charset=UTF-8")
    return read(answer.body)


@pytest.mark.parametrize(
    ("style", "bound", "use"),
    [
        ("rpc-literal", "rpc", "literal"),
        ("rpc-encoded", "rpc", "encoded"),
        ("doc-literal", "document", "literal"),
    ],
)
def test_the_binding_tells_the_style(style: str, bound: str, use: str) -> None:
    found = document(style=style)
    assert {one.get("style") for one in found.iter(f"{SOAP}binding")} == {bound}
    assert {one.get("use") for one in found.iter(f"{SOAP}body")} == {use}
    assert {one.get("soapAction") for one in found.iter(f"{SOAP}operation")} == {""}


def test_rpc_messages_have_a_part_per_parameter() -> None:
    found = document(request_part="REQ", company_part="COM", response_part="RESP")
    parts = {one.get("name"): [part.get("name") for part in one] for one in found.iter(f"{WSDL}message")}
    assert parts == {
        "FaultDetailMessage": ["FaultDetail"],
        "omlink_wsomhandler": ["REQ"],
        "omlink_wsomhandlerResponse": ["RESP"],
        "omlink_comwsomhandler": ["COM", "REQ"],
        "omlink_comwsomhandlerResponse": ["RESP"],
    }
    operations = {
        one.get("name"): one.get("parameterOrder")
        for one in found.iter(f"{WSDL}operation")
        if "parameterOrder" in one.attrib
    }
    assert operations == {"wsomhandler": "REQ RESP", "comwsomhandler": "COM REQ RESP"}


def test_document_messages_name_elements_and_answers_have_a_result() -> None:
    found = document(style="doc-literal")
    (schema,) = (one for one in found.iter(f"{XSD}schema") if one.get("targetNamespace") == "urn:omlink")
    elements = {one.get("name"): [part.get("name") for part in one.iter(f"{XSD}element")][1:] for one in schema}
    assert elements == {
        "wsomhandler": ["pcRequest"],
        "wsomhandlerResponse": ["result", "pcResponse"],
        "comwsomhandler": ["pcCompany", "pcRequest"],
        "comwsomhandlerResponse": ["result", "pcResponse"],
    }


def test_the_address_is_where_it_was_asked_for() -> None:
    (address,) = document().iter(f"{SOAP}address")
    assert address.get("location") == f"http://prima.example.com{PATH}"


def test_the_list_names_the_service_and_another_one_is_not_there() -> None:
    caller = Caller()
    assert b"wsdl?targetURI=urn:omlink" in caller.get(f"{PATH}/wsdl").body
    assert caller.get(f"{PATH}/wsdl?targetURI=urn:other").status == 404
    assert caller.books()["calls"] == {"wsdl": 2}
