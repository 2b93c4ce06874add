"""A result is read whatever its case, with its accents, and only if it is one."""

from __future__ import annotations

import pytest

from shared.erp.prima.codec.result import result_of
from shared.erp.prima.markup import Unreadable


@pytest.mark.parametrize(
    "before",
    ["", "\ufeff", "\n ", '<?xml version="1.0" encoding="ISO-8859-1" ?>\n', "<?xml version='1.0' encoding='UTF-16'?>"],
)
def test_the_declaration_of_decoded_text_is_not_believed(before: str) -> None:
    result = result_of(
        f'{before}<Result RequestType="OrderStatus"><Data A="café Ł"/></Result>', request_type="OrderStatus"
    )
    assert result.named("data")[0].get("a") == "café Ł"


def test_names_have_no_case_and_values_no_blanks_around() -> None:
    result = result_of(
        '<RESULT requesttype="orderstatus" requestSTATUS=" ok "><dATA/></RESULT>', request_type="OrderStatus"
    )
    assert (result.status, len(result.named("Data")), result.get("nothing")) == ("OK", 1, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "OK",
        "<html/>",
        "<html><body>Maintenance</body></html>",
        "<Request RequestType='OrderStatus'/>",
        "<Result RequestType='MultiNewOrder'/>",
        "<Result RequestType='OrderStatus'><Data>",
        "<!DOCTYPE Result [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><Result RequestType='OrderStatus' A='&a;'/>",
        "<Result RequestType='OrderStatus'>&a;</Result>",
        "<Result RequestType='OrderStatus' A='\ud800'/>",
        "<Result RequestType='OrderStatus' A='\x00'/>",
    ],
)
def test_what_is_no_result_of_this_request_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        result_of(text, request_type="OrderStatus")
