"""Which part carries what: found where it can be, named by the settings where it cannot."""

from __future__ import annotations

import pytest

from shared.erp.prima.endpoint import Names
from shared.erp.prima.parts import Unfit, input_parts, output_part

S = "string"


@pytest.mark.parametrize(
    ("types", "names", "company", "expected"),
    [
        ({"REQ": S}, Names(), False, ("REQ", "")),
        ({"pcCompany": S, "REQ": S}, Names(), True, ("REQ", "pcCompany")),
        ({"REQ": S, "pcCompany": S}, Names(), True, ("REQ", "pcCompany")),
        ({"REQ": S, "COMP": "int"}, Names(), True, ("REQ", "COMP")),
        ({"a": S, "b": S}, Names(company="B"), True, ("a", "b")),
        ({"a": S, "b": S}, Names(request="b"), True, ("b", "a")),
        ({"a": S, "b": S}, Names(request="a", company="b"), True, ("a", "b")),
        ({"REQ": "anyType"}, Names(request="req"), False, ("REQ", "")),
    ],
)
def test_what_goes_in(types: dict[str, str], names: Names, company: bool, expected: tuple[str, str]) -> None:
    assert input_parts(types, names, company=company) == expected


@pytest.mark.parametrize(
    ("types", "names", "company", "says"),
    [
        ({}, Names(), False, "request_part"),
        ({"REQ": "int"}, Names(), False, "request_part"),
        ({"a": S, "b": S}, Names(), False, "request_part"),
        ({"a": S, "b": S}, Names(request="a"), False, "also takes b"),
        ({"a": S, "b": "int"}, Names(), False, "also takes b"),
        ({"a": S, "b": S}, Names(), True, "company_part"),
        ({"REQ": S}, Names(), True, "company_part"),
        ({"companyA": S, "companyB": S}, Names(), True, "company_part"),
        ({"a": S, "company": S, "c": S}, Names(), True, "request_part"),
        ({"REQ": S}, Names(request="other"), False, "request_part"),
        ({"REQ": S}, Names(company="other"), True, "company_part"),
    ],
)
def test_what_cannot_be_told_is_asked_for(types: dict[str, str], names: Names, company: bool, says: str) -> None:
    with pytest.raises(Unfit, match=says):
        input_parts(types, names, company=company)


@pytest.mark.parametrize(
    ("types", "names", "expected"),
    [
        ({"RESP": S}, Names(), "RESP"),
        ({"result": S, "RESP": S}, Names(), "RESP"),
        ({"Result": S, "RESP": S}, Names(), "RESP"),
        ({"result": S}, Names(), "result"),
        ({"result": S, "RESP": S}, Names(response="result"), "result"),
        ({"a": S, "b": S}, Names(response="B"), "b"),
        ({"a": S, "b": "int"}, Names(), "a"),
    ],
)
def test_what_comes_out(types: dict[str, str], names: Names, expected: str) -> None:
    assert output_part(types, names) == expected


@pytest.mark.parametrize(
    ("types", "names"), [({"a": S, "b": S}, Names()), ({}, Names()), ({"a": S}, Names(response="b"))]
)
def test_two_replies_are_no_reply(types: dict[str, str], names: Names) -> None:
    with pytest.raises(Unfit, match="response_part"):
        output_part(types, names)
