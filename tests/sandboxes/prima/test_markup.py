"""The strings: what the parser takes, what the code page loses, and how replies are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.prima.markup import DECLARATION, Node, NotWellFormed, document, held, parse
from tests.sandboxes.prima.caller import Caller, data, request

_XML_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]))


@given(_XML_TEXT)
def test_what_is_written_reads_back_without_its_declaration(text: str) -> None:
    written = document(Node("Result", {"A": text}))
    assert parse(written).get("A") == text
    assert written.encode("iso-8859-1").startswith(DECLARATION.encode())


def test_attributes_are_sorted_and_line_feeds_stay() -> None:
    inner = Node("RequestError", {"b": 'x\n"<&', "B": "1", "a": ""})
    assert document(Node("Result", {}, [inner])) == (
        f'{DECLARATION}<Result><RequestError B="1" a="" b="x\n&quot;&lt;&amp;"/></Result>'
    )


@given(_XML_TEXT)
def test_the_code_page_keeps_its_own_and_loses_the_others(text: str) -> None:
    kept = held(text, "iso-8859-1")
    assert [one for one in kept] == [one if ord(one) < 256 else "?" for one in text]  # noqa: C416


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<a>",
        '<a b="x"y"/>',
        "<a b=1/>",
        '<a b="1" b="2"/>',
        "<a>&nbsp;</a>",
        "<a>\x01</a>",
        ' <?xml version="1.0"?><a/>',
        "<a/><a/>",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    ],
)
def test_what_is_not_well_formed_is_refused(text: str) -> None:
    with pytest.raises(NotWellFormed):
        parse(text)


@pytest.mark.parametrize("encoding", ["", ' encoding="ISO-8859-1"', ' encoding="UTF-8"'])
def test_whatever_encoding_the_string_names_it_is_text_already(encoding: str) -> None:
    assert parse(f'<?xml version="1.0"{encoding}?><a b="ü"/>').get("b") == "ü"


def test_a_broken_string_is_answered_with_the_parser_s_error_and_http_200() -> None:
    caller = Caller()
    sent = request("MultiNewOrder", data()).replace("Example", 'the "Example', 1)
    result = caller.result(sent)
    assert (result.get("RequestStatus"), result.get("RequestType"), result.get("Company")) == (
        "ERROR",
        "MultiNewOrder",
        "1",
    )
    assert result.get("Error", "").endswith("SAX-PARSE-NEXT, Unexpected error. (14586)")
    assert [one.tag for one in result] == ["RequestError"]
    assert caller.books()["orders"] == []
    assert caller.books()["refusals"] == {"14586": 1}


def test_raw_letters_outside_the_code_page_are_lost_and_references_are_kept() -> None:
    caller = Caller()
    caller.order(CustomerSurname="Łódź ü", AddrLine1="x")
    assert caller.control("label", number="20100001")["CustomerSurname"] == "?ód? ü"
    assert caller.books()["lost_characters"] == 2

    sent = request("MultiNewOrder", data(OrderNumber="2", CustomerSurname="@")).replace("@", "&#321;&#243;d&#378;")
    caller.result(sent)
    assert caller.control("label", number="2")["CustomerSurname"] == "Łódź"
    assert caller.books()["lost_characters"] == 2
