"""The WSDL in all three formats: what is discovered, what is sent, what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.erp.prima.endpoint import Names
from shared.erp.prima.markup import Unreadable
from shared.erp.prima.parts import Shape, Unfit
from shared.erp.prima.wsdl import Contract, body_of, contract
from tests.erp.prima.envelopes import HTML, enveloped, replied
from tests.erp.prima.web_service import sent_parts
from tests.erp.prima.wsdls import FORMATS, Format, wsdl

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CONTRACTS = {style: contract(wsdl(style), names=Names(), company="") for style in FORMATS}
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r")
)


def of(style: Format, *, company: str = "", names: Names = Names()) -> Contract:  # noqa: B008
    return contract(wsdl(style, action="urn:act"), names=names, company=company)


@pytest.mark.parametrize("style", FORMATS)
def test_the_shape_is_discovered(style: Format) -> None:
    kind, _, use = style.partition("-")
    assert of(style).shape == Shape(
        operation="wsomhandler",
        style="document" if kind == "doc" else "rpc",
        use="encoded" if use == "encoded" else "literal",
        action="urn:act",
        request="pcAsked",
        response="pcAnswered",
    )
    with_company = of(style, company="1").shape
    assert (with_company.operation, with_company.company) == ("comwsomhandler", "pcCompany")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("rpc-literal", {"pcCompany": "1", "pcAsked": "<Q a='b'/>"}),
        ("rpc-encoded", {"pcCompany": "1", "pcAsked": "<Q a='b'/>"}),
        ("doc-literal", {"{urn:omlink}pcCompany": "1", "{urn:omlink}pcAsked": "<Q a='b'/>"}),
    ],
)
def test_the_request_is_wrapped_as_its_format_wants_it(style: Format, expected: dict[str, str]) -> None:
    content = of(style, company="1").envelope("<Q a='b'/>", company="1")
    wrapper = etree.fromstring(content)[0][0]
    assert wrapper.tag == "{urn:omlink}comwsomhandler"
    assert sent_parts(content) == expected
    encoded = style == "rpc-encoded"
    assert [part.get(XSI_TYPE) for part in wrapper] == (["xsd:string"] * 2 if encoded else [None] * 2)
    assert any("encodingStyle" in str(name) for name in wrapper.attrib) == encoded
    if encoded:
        assert wrapper[0].nsmap["xsd"] == "http://www.w3.org/2001/XMLSchema"


def test_a_company_that_is_a_number_is_called_one() -> None:
    operations = {"comwsomhandler": (["piComp:int", "pcAsked"], ["pcAnswered"])}
    found = contract(wsdl("rpc-encoded", operations), names=Names(), company="1")
    wrapper = etree.fromstring(found.envelope("q", company="1"))[0][0]
    assert [part.get(XSI_TYPE) for part in wrapper] == ["xsd:int", "xsd:string"]


@given(text=XML_TEXT, style=st.sampled_from(FORMATS))
def test_any_text_arrives_as_it_is(text: str, style: Format) -> None:
    content = CONTRACTS[style].envelope(text, company="")
    assert list(sent_parts(content).values()) == [text]


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("text", ["<R a='é'/>", '<?xml version="1.0"?>\n<Result/>', "x & <![CDATA[y]]>"])
def test_the_reply_is_read_in_every_format(style: Format, text: str) -> None:
    assert of(style).reply(body_of(replied(text, style))) == text


@pytest.mark.parametrize(
    "content",
    [
        enveloped(""),
        enveloped("<n:wsomhandlerResponse xmlns:n='urn:omlink'/>"),
        replied(""),
        replied("   "),
        replied("text", part="another"),
    ],
)
def test_without_reply_nothing_is_read(content: bytes) -> None:
    with pytest.raises(Unreadable):
        CONTRACTS["rpc-literal"].reply(body_of(content))


@pytest.mark.parametrize(
    "content",
    [b"", HTML, replied("text")[:-30], wsdl(), b"<Envelope/>", b"<a:Envelope xmlns:a='x'><Header/></a:Envelope>"],
)
def test_what_is_no_envelope_has_no_body(content: bytes) -> None:
    with pytest.raises(Unreadable):
        body_of(content)


def test_names_of_the_settings_go_before_what_is_discovered() -> None:
    operations = {"other": (["in1", "in2"], ["out1", "out2"]), "wsomhandler": (["q"], ["a"])}
    names = Names(operation="other", request="in2", company="in1", response="out2")
    shape = contract(wsdl("rpc-literal", operations), names=names, company="1").shape
    assert (shape.operation, shape.request, shape.company, shape.response) == ("other", "in2", "in1", "out2")


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ((["a", "b"], ["c"]), Names()),
        ((["a"], ["b", "c"]), Names()),
        ((["a"], ["b"]), Names(operation="no_such")),
        ((["a"], ["b"]), Names(request="no_such")),
    ],
)
def test_a_service_that_offers_something_else_is_unfit(
    style: Format, parts: tuple[list[str], list[str]], names: Names
) -> None:
    with pytest.raises(Unfit):
        contract(wsdl(style, {"wsomhandler": parts}), names=names, company="")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HTML,
        wsdl()[:-40],
        b"<a/>",
        wsdl().replace(b'message="t:m_wsomhandler"', b'message="t:m_nowhere"'),
        wsdl().replace(b'binding="t:omlinkObj"', b'binding="t:nowhere"'),
        b'<!DOCTYPE d [<!ENTITY e "f">]>' + wsdl(),
        b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://outside.example.com/d.dtd">' + wsdl(),
    ],
)
def test_what_is_no_wsdl_is_refused(content: bytes) -> None:
    with pytest.raises((Unreadable, Unfit)):
        contract(content, names=Names(), company="")


@pytest.mark.parametrize(
    "imported",
    [
        b'<w:import namespace="urn:o" location="%s"/>',
        b'<w:types><x:schema targetNamespace="urn:p"><x:import namespace="urn:o" schemaLocation="%s"/></x:schema></w:types>',
        b'<w:types><x:schema targetNamespace="urn:p"><x:include schemaLocation="%s"/></x:schema></w:types>',
    ],
)
@pytest.mark.parametrize("place", [b"http://outside.example.com/o.xsd", b"file:///etc/hostname", b"o.xsd"])
def test_what_a_wsdl_imports_is_never_fetched(imported: bytes, place: bytes) -> None:
    head, _, rest = wsdl().partition(b"<w:message")
    with pytest.raises((Unfit, Unreadable)):
        contract(head + imported % place + b"<w:message" + rest, names=Names(), company="")
