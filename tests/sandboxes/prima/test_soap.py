"""The envelope: three styles, parts by name and namespace, faults with their detail, pages of the servlet container."""

from __future__ import annotations

import base64

import pytest

from sandboxes.wire import Request
from tests.sandboxes.prima.caller import PATH, START, Caller, element, envelope, inner, read, request

STYLES = ("rpc-literal", "rpc-encoded", "doc-literal")
ASKED = request("OrderStatus", element("Data", {"OrderNumber": "1"}))
FAULT_DETAIL = "{urn:soap-fault:details}FaultDetail"


def fault(caller: Caller, body: bytes, **headers: str) -> tuple[str, str]:
    """The fault's code and FaultDetail's message."""
    answer = caller.post(body, **headers)
    assert answer.status == 500
    found = read(answer.body)
    (detail,) = found.iter(FAULT_DETAIL)
    assert detail.findtext("requestID")
    return next(found.iter("faultcode")).text or "", detail.findtext("errorMessage") or ""


@pytest.mark.parametrize("style", STYLES)
def test_each_style_takes_its_own_parts_and_answers_in_kind(style: str) -> None:
    caller = Caller({"style": style})
    answer = caller.post(envelope("wsomhandler", {"pcRequest": ASKED}, style=style))
    assert inner(answer).startswith('<?xml version="1.0" encoding="ISO-8859-1" ?>\n<Result ')
    response = read(answer.body)[0][0]
    assert response.tag == "{urn:omlink}wsomhandlerResponse"
    space = "{urn:omlink}" if style == "doc-literal" else ""
    assert [one.tag.removeprefix(space) for one in response] == (
        ["result", "pcResponse"] if style == "doc-literal" else ["pcResponse"]
    )


@pytest.mark.parametrize(("deployed", "sent"), [("rpc-literal", "doc-literal"), ("doc-literal", "rpc-literal")])
def test_another_style_than_the_deployed_one_is_a_fault(deployed: str, sent: str) -> None:
    caller = Caller({"style": deployed})
    code, text = fault(caller, envelope("wsomhandler", {"pcRequest": ASKED}, style=sent))
    assert code == "SOAP-ENV:Client"
    assert "is no part of" in text


@pytest.mark.parametrize(
    "parts",
    [{}, {"REQ": ASKED}, {"pcrequest": ASKED}, {"pcRequest": ASKED, "pcCompany": "1"}],
    ids=["none", "another name", "another case", "one too many"],
)
def test_parts_are_those_that_the_wsdl_names(parts: dict[str, str]) -> None:
    code, text = fault(Caller(), envelope("wsomhandler", parts))
    assert (code, text) == ("SOAP-ENV:Client", "The parts of wsomhandler are pcRequest.")


def test_the_names_of_the_parts_are_a_setting() -> None:
    caller = Caller({"request_part": "REQ"})
    assert caller.post(envelope("wsomhandler", {"REQ": ASKED})).status == 200
    assert fault(caller, envelope("wsomhandler", {"pcRequest": ASKED}))[0] == "SOAP-ENV:Client"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no XML",
        b"<Envelope/>",
        b'<!DOCTYPE a><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>',
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>',
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>',
        b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>',
        "<é/>".encode("latin-1"),
        envelope("another", {"pcRequest": ASKED}),
    ],
)
def test_what_is_no_call_is_a_fault_and_counted(body: bytes) -> None:
    caller = Caller()
    fault(caller, body)
    assert caller.books()["refusals"] == {"SOAP fault": 1}
    assert caller.books()["calls"] == {"unknown": 1}


def test_a_body_in_another_encoding_is_read_as_its_content_type_says() -> None:
    sent = request("OrderStatus", element("Data", {"OrderNumber": "ü"}))
    body = envelope("wsomhandler", {"pcRequest": sent}).decode().encode("latin-1")
    answer = Caller().post(body, content_type="text/xml; charset=iso-8859-1")
    assert "equal to ü" in inner(answer)


def test_a_soap_action_must_be_there_and_may_be_blank() -> None:
    caller = Caller()
    body = envelope("wsomhandler", {"pcRequest": ASKED})
    assert caller.post(body, soapaction="").status == 200
    bare = Request.to("POST", PATH, headers={"content-type": "text/xml"}, body=body)
    assert caller.sandbox.handle(bare, caller.now).status == 500


@pytest.mark.parametrize(
    ("method", "path", "content_type", "status"),
    [
        ("POST", PATH, "application/soap+xml", 415),
        ("POST", PATH, "application/json", 415),
        ("GET", PATH, "text/xml", 405),
        ("POST", "/wsalive/other", "text/xml", 404),
        ("GET", "/", "text/xml", 404),
    ],
)
def test_the_servlet_container_answers_with_pages(method: str, path: str, content_type: str, status: int) -> None:
    headers = {"content-type": content_type, "soapaction": ""}
    answer = Caller().sandbox.handle(Request.to(method, path, headers=headers, body=b"<a/>"), START)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html;charset=utf-8")


def test_credentials_are_asked_for_where_the_container_has_some() -> None:
    caller = Caller({"credentials": "bridge:secret"})
    body = envelope("wsomhandler", {"pcRequest": ASKED})
    wrong, right = (base64.b64encode(one).decode() for one in (b"bridge:other", b"bridge:secret"))
    assert caller.post(body).status == 401
    assert caller.post(body, authorization=f"Basic {wrong}").status == 401
    assert caller.post(body, authorization=f"Basic {right}").status == 200
    assert caller.get(f"{PATH}/wsdl").status == 401
